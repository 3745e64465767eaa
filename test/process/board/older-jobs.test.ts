/** Lists that are longer than what the page reads at once. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBoard, rowOf, rows, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';

const timeout = 120_000;

/** Its name is another while it reads. */
const olderJobs = (page: Page) => page.getByRole('button', { name: /^(Reading older|Older) jobs$/ });

test.runIf(hasBrowser)(
  `a person reads on to the oldest of five hundred jobs, each of which is there once and live${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const { dataExchange, importExport } = await emulator.seed({ dataExchange: 480, importExport: 20 });
    const page = await openBoard(url);
    await expect.poll(() => rows(page).count()).toBe(50);
    for (let shown = 50; (await olderJobs(page).count()) > 0; shown = await rows(page).count()) {
      await olderJobs(page).click();
      await expect
        .poll(async () => (await rows(page).count()) > shown || (await olderJobs(page).count()) === 0)
        .toBe(true);
    }
    await expect.poll(() => rows(page).count()).toBe(500);
    const names = await rows(page)
      .getByRole('button', { name: /^Copy the id/ })
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')));
    const ids = names.map((name) => name?.replace('Copy the id ', ''));
    expect(ids.toSorted()).toEqual([...dataExchange, ...importExport].toSorted());
    const oldest = String(dataExchange[0]);
    await emulator.move(oldest, { state: 'COMPLETED' });
    await rowOf(page, oldest).getByText('Completed').waitFor();
  },
);

test.runIf(hasBrowser)(
  `a person selects all that match, older ones too, and cancels them with one question${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator, gateway } = await startBoard();
    const { dataExchange } = await emulator.seed({ dataExchange: 70 });
    const [finished = '', running = ''] = dataExchange;
    await emulator.move(finished, { state: 'COMPLETED' });
    const page = await openBoard(url);
    await expect.poll(() => rows(page).count()).toBe(50);
    await page.getByRole('button', { name: 'Select the 50 shown' }).waitFor();
    await page.getByRole('button', { name: /^Select all that match/ }).click();
    await page.getByText('69 selected').waitFor();
    await emulator.move(running, { state: 'COMPLETED' });
    await page.getByText('68 selected').waitFor();
    await page.getByRole('button', { name: /^Cancel them/ }).click();
    const question = page.getByRole('dialog');
    await expect.poll(() => question.getByRole('listitem').count()).toBe(68);
    await question.getByRole('button', { name: 'Cancel 68 jobs' }).click();
    const outcomes = page.getByRole('region', { name: 'What became of the jobs' });
    await outcomes.getByText(/^68 cancelled\.$/).waitFor({ timeout: 30_000 });
    await expect.poll(() => outcomes.getByRole('listitem').count()).toBe(68);
    const { data } = await gateway.ask('{ jobs(first: 100, filter: { states: [CANCELLED] }) { nodes { awsJobId } } }');
    expect(JSON.stringify(data)).not.toMatch(new RegExp(`${finished}|${running}`));
    await expect.poll(() => rows(page).filter({ hasText: 'Cancelled' }).count()).toBe(68);
  },
);

test.runIf(hasBrowser)(
  `a person who stops the reading of older jobs has selected nothing${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    await emulator.seed({ dataExchange: 300 });
    const page = await openBoard(url);
    await expect.poll(() => rows(page).count()).toBe(50);
    // So that there is time to stop.
    await emulator.fail('DataExchange.ListJobs', { delayMs: 1_000 }, 1_000);
    await page.getByRole('button', { name: /^Select all that match/ }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: /^Select all that match/ }).waitFor({ timeout: 20_000 });
    await expect.poll(() => page.getByText(/\d+ selected/).count()).toBe(0);
    await expect.poll(() => rows(page).count()).toBeLessThan(300);
  },
);
