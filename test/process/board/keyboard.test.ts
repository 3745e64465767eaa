/** Where the focus is after each action of somebody who has only a keyboard. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBoard, rowOf, rows, shownJob, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { globalId } from '../../support/examples.ts';
import { fieldAt } from './forms.ts';

const timeout = 60_000;

async function pressOn(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().focus();
  await page.keyboard.press('Enter');
}

/** The text of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.locator(':focus').innerText();
}

test.runIf(hasBrowser)(
  `the focus goes to what became of an action whose button is gone${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const { dataExchange } = await emulator.seed({ dataExchange: 2 });
    const [started, cancelled] = dataExchange.map((id) => globalId('DataExchangeJob', id));
    const page = await openBoard(url, { path: `/jobs/${started}` });
    await shownJob(page).waitFor();
    await pressOn(page, /^Start$/);
    await expect.poll(() => focused(page)).toBe('The job is started.');
    await page.goto(`${url}#/jobs/${cancelled}`);
    await pressOn(page, /^Cancel/);
    await expect.poll(() => focused(page)).toBe('Cancel it');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('The job is cancelled.');
  },
);

test.runIf(hasBrowser)(
  `the focus goes to an entry that is added to a list, and to the list once it is removed${browserNeeded}`,
  { timeout },
  async () => {
    const { url } = await startBoard();
    const page = await openBoard(url, { path: '/new/importAssetsFromS3' });
    await fieldAt(page, /^Bucket/).waitFor();
    await pressOn(page, /^Add another$/);
    await page.locator('input:focus').waitFor();
    await page.keyboard.type('second-bucket');
    expect(
      await page
        .getByLabel(/^Bucket/)
        .nth(1)
        .inputValue(),
    ).toBe('second-bucket');
    await pressOn(page, /^Remove number 2$/);
    await expect.poll(() => focused(page)).toBe('Add another');
  },
);

test.runIf(hasBrowser)(
  `the focus stays in the list when the line that has it leaves, and at the selection while it changes${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [first = '', second = ''] = (await emulator.seed({ dataExchange: 3 })).dataExchange.toReversed();
    const page = await openBoard(`${url}?states=WAITING`);
    await rowOf(page, first).getByRole('link').focus();
    await emulator.move(first, { state: 'COMPLETED' });
    await expect.poll(() => rowOf(page, first).count()).toBe(0);
    await expect.poll(() => rowOf(page, second).getByRole('link').and(page.locator(':focus')).count()).toBe(1);
    await pressOn(page, /^Select all 2/);
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('Cancel them …');
    await pressOn(page, /^Select none$/);
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toMatch(/^Select all 2/);
  },
);

test.runIf(hasBrowser)(
  `the focus stays at the button for older jobs while they come${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    await emulator.seed({ dataExchange: 110 });
    const page = await openBoard(url);
    await pressOn(page, /^Older jobs$/);
    await expect.poll(() => rows(page).count()).toBe(100);
    await expect.poll(() => focused(page)).toBe('Older jobs');
  },
);
