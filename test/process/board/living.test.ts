/** What a person sees happen on the board without doing anything. */
import { expect, test } from 'vitest';
import { openBoard, rowOf, shownJob, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { globalId } from '../../support/examples.ts';

const timeout = 60_000;

test.runIf(hasBrowser)(
  `two people see the same jobs, new ones and changes, without touching their pages${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const pages = [await openBoard(url), await openBoard(url)];
    for (const page of pages) await page.getByText(/no jobs yet/i).waitFor();
    const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
    for (const page of pages)
      for (const id of [...dataExchange, ...importExport]) await rowOf(page, id).getByText('Waiting').waitFor();
    await emulator.move(String(dataExchange[0]), { state: 'COMPLETED' });
    await emulator.move(String(importExport[0]), { progressCode: 'InProgress', locationCode: 'AtAWS' });
    for (const page of pages) {
      await rowOf(page, String(dataExchange[0])).getByText('Completed').waitFor();
      await rowOf(page, String(importExport[0])).getByText('In progress').waitFor();
      await expect.poll(() => page.getByRole('link', { name: 'New job' }).count()).toBe(1);
    }
  },
);

test.runIf(hasBrowser)(
  `a person opens a job, starts it and follows it to its end${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
    const page = await openBoard(url);
    await rowOf(page, id).getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: 'Export assets to S3' }).waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await shownJob(page).getByText('In progress').first().waitFor();
    await emulator.move(id, { state: 'COMPLETED' });
    await shownJob(page).getByText('Completed').first().waitFor();
    const steps = page.getByRole('region', { name: 'What happened' }).getByRole('listitem');
    await expect.poll(() => steps.count()).toBe(4);
    expect(
      (await steps.allInnerTexts()).map((text) => /Completed|In progress|Waiting|Created/.exec(text)?.[0]),
    ).toEqual(['Completed', 'In progress', 'Waiting', 'Created']);
    await expect.poll(() => page.getByRole('button', { name: /^(Start|Cancel)$/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Repeat' }).waitFor();
  },
);

test.runIf(hasBrowser)(`a disk is followed from the post to its return${browserNeeded}`, { timeout }, async () => {
  const { url, emulator } = await startBoard();
  const [id = ''] = (await emulator.seed({ importExport: 1 })).importExport;
  const page = await openBoard(url, { path: `/jobs/${globalId('ImportExportJob', id)}` });
  const track = page.getByRole('region', { name: 'The disk' });
  const current = track.locator('[aria-current=step]');
  await expect.poll(() => current.innerText()).toMatch(/at AWS|way|label/i);
  const before = await current.innerText();
  await emulator.move(id, { progressCode: 'InProgress', locationCode: 'AtAWS' });
  await expect.poll(() => current.innerText()).not.toBe(before);
  await emulator.move(id, { progressCode: 'Complete', locationCode: 'Returned' });
  await expect.poll(() => current.count()).toBe(0);
  await shownJob(page).getByText('Completed').first().waitFor();
});

test.runIf(hasBrowser)(
  `a service that fails is named, and the jobs of the other are shown${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const { dataExchange, importExport } = await emulator.seed({ dataExchange: 2, importExport: 2 });
    await emulator.fail('ImportExport.*', { status: 503 }, 1_000);
    const page = await openBoard(url);
    for (const id of dataExchange) await rowOf(page, id).waitFor();
    await page
      .getByRole('main')
      .getByText(/Import\/Export .*(fail|not answer|cannot)/i)
      .first()
      .waitFor();
    for (const id of importExport) await expect.poll(() => rowOf(page, id).count()).toBe(0);
    await emulator.heal();
    for (const id of importExport) await rowOf(page, id).waitFor({ timeout: 30_000 });
  },
);
