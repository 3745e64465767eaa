/** Several jobs at once. */
import { expect, test } from 'vitest';
import { openBoard, rowOf, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';

test.runIf(hasBrowser)(
  `a person cancels three jobs at once, sees which, and learns what became of each${browserNeeded}`,
  { timeout: 60_000 },
  async () => {
    const { url, emulator } = await startBoard();
    const { dataExchange, importExport } = await emulator.seed({ dataExchange: 3, importExport: 1 });
    const page = await openBoard(url);
    const chosen = [...dataExchange.slice(0, 2), ...importExport];
    for (const id of chosen) await page.getByRole('checkbox', { name: id }).check();
    await page.getByRole('button', { name: /^Cancel (3|them)/ }).click();
    const dialog = page.getByRole('dialog');
    for (const id of chosen) await dialog.getByText(id).waitFor();
    await emulator.fail('DataExchange.CancelJob', { status: 409, awsCode: 'ConflictException' });
    await dialog.getByRole('button', { name: /^Cancel/ }).click();
    const outcomes = page.getByRole('region', { name: 'What became of the jobs' }).getByRole('listitem');
    await expect.poll(() => outcomes.count()).toBe(3);
    const told = await outcomes.allInnerTexts();
    for (const id of chosen) expect(told.filter((text) => text.includes(id))).toHaveLength(1);
    expect(told.filter((text) => /cancelled\.?$/i.test(text.trim()))).toHaveLength(2);
    const refused = dataExchange.find((id) =>
      told.some((text) => text.includes(id) && !/cancelled\.?$/i.test(text.trim())),
    );
    for (const id of chosen)
      await rowOf(page, id)
        .getByText(id === refused ? 'Waiting' : 'Cancelled')
        .waitFor();
    await rowOf(page, String(dataExchange[2])).getByText('Waiting').waitFor();
  },
);

test.runIf(hasBrowser)(
  `a person who thinks better of it cancels nothing${browserNeeded}`,
  { timeout: 60_000 },
  async () => {
    const { url, emulator } = await startBoard();
    await emulator.seed({ dataExchange: 2, importExport: 1 });
    const page = await openBoard(url);
    await page.getByRole('button', { name: /^Select all 3/ }).click();
    await page.getByRole('button', { name: /^Cancel (3|them)/ }).click();
    await emulator.forgetRequests();
    await page.getByRole('dialog').getByRole('button', { name: /^Keep/ }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(Object.keys(await emulator.requests()).filter((name) => name.includes('Cancel'))).toEqual([]);
  },
);

test.runIf(hasBrowser)(
  `what became of the jobs is in view, however far down the list they were${browserNeeded}`,
  { timeout: 60_000 },
  async () => {
    const { url, emulator } = await startBoard();
    await emulator.seed({ dataExchange: 40, importExport: 2 });
    const page = await openBoard(url, { viewport: { width: 360, height: 740 } });
    const last = page.getByRole('checkbox').last();
    await last.check();
    expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(1_000);
    await page.getByRole('button', { name: /^Cancel it/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Cancel/ })
      .click();
    const outcomes = page.getByRole('region', { name: 'What became of the jobs' });
    await outcomes.getByText('1 cancelled').waitFor();
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeLessThan(200);
  },
);
