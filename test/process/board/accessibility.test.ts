/** The board for everybody: axe on every screen in both themes, the keyboard, and less motion. */
import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { builtBoard, openBoard, rowOf, rows, shownJob, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { oneToken } from '../../support/token-file.ts';
import { dataExchangeForms, manifestForms } from './forms.ts';

const timeout = 120_000;

/** Of `rules`, or of all. It waits until nothing fades any more, as contrast is measured of what is on the screen. */
async function violationsIn(page: Page, rules: readonly string[] = []): Promise<readonly string[]> {
  await page.evaluate('Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})))');
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules.length > 0 && { runOnly: rules }) });
  const found = await page.evaluate(
    `axe.run(document, ${options}).then(({ violations }) => violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => id + ': ' + help + ': ' + html.slice(0, 160))))`,
  );
  return found as readonly string[];
}

/** In both themes, which differ in their colours only. */
async function expectAccessible(page: Page, screen: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  expect(await violationsIn(page), screen).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await violationsIn(page, ['color-contrast', 'link-in-text-block']), `${screen}, dark`).toEqual([]);
}

/** Jobs in every state, as at a first start. */
async function demoBoard(): Promise<string> {
  const { url } = await startGateway({}, { boardFolder: await builtBoard() });
  return new URL('/', url).href;
}

test.runIf(hasBrowser)(
  `axe finds nothing in the list, with filters, a selection, a question and results${browserNeeded}`,
  { timeout },
  async () => {
    const page = await openBoard(await demoBoard());
    await rows(page).first().waitFor();
    await expectAccessible(page, 'list');
    await page
      .getByRole('button', { name: /^Select/ })
      .first()
      .click();
    await expectAccessible(page, 'selection');
    await page
      .getByRole('button', { name: /^Cancel (it|them|\d)/ })
      .first()
      .click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page, 'question');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Cancel/ })
      .click();
    await page.getByRole('region', { name: 'What became of the jobs' }).waitFor();
    await expectAccessible(page, 'results');
    await page.getByRole('search').getByRole('button', { name: 'Timed out' }).click();
    await page.getByRole('button', { name: /Clear/ }).waitFor();
    await expectAccessible(page, 'filtered');
    await page.setViewportSize({ width: 360, height: 740 });
    await expectAccessible(page, 'phone');
  },
);

test.runIf(hasBrowser)(
  `axe finds nothing where a service fails, where there is no job, and where the gateway asks for a token${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const empty = await openBoard(url);
    await empty.getByText(/no jobs yet/i).waitFor();
    await expectAccessible(empty, 'empty');
    await empty.goto(`${url}#/jobs/nonsense`);
    await empty.getByRole('heading', { name: 'No such job' }).waitFor();
    await expectAccessible(empty, 'no such job');
    await emulator.fail('DataExchange.*', { status: 503 }, 1_000);
    const failing = await openBoard(url);
    await failing.getByRole('alert').first().waitFor();
    await expectAccessible(failing, 'failing');
    const guarded = await openBoard((await startBoard((await oneToken()).env)).url, { mayComplain: /status of 401/ });
    await guarded.getByRole('button', { name: 'Sign in' }).waitFor();
    await expectAccessible(guarded, 'sign-in');
    await guarded.getByLabel('Token', { exact: true }).fill('wrong');
    await guarded.getByRole('button', { name: 'Sign in' }).click();
    await guarded.getByRole('alert').waitFor();
    await expectAccessible(guarded, 'wrong token');
  },
);

test.runIf(hasBrowser)(
  `axe finds nothing on the page of a job of each service, waiting and at its end${browserNeeded}`,
  { timeout },
  async () => {
    const url = await demoBoard();
    const page = await openBoard(url);
    for (const word of ['Failed', 'Completed', 'Completed with errors', 'Timed out', 'Cancelled']) {
      await page.goto(url);
      const row = rows(page).filter({ has: page.getByText(word, { exact: true }) });
      await row.first().getByRole('link').first().click();
      await shownJob(page).waitFor();
      await expectAccessible(page, word);
    }
    for (const id of [
      globalId('DataExchangeJob', demo.waitingJobId),
      globalId('ImportExportJob', demo.expectedDeviceJobId),
    ]) {
      await page.goto(`${url}#/jobs/${id}`);
      await shownJob(page).waitFor();
      await expectAccessible(page, id);
    }
  },
);

test.runIf(hasBrowser)(
  `axe finds nothing in any form, empty and with faults${browserNeeded}`,
  { timeout },
  async () => {
    const { url } = await startBoard();
    const page = await openBoard(url, { path: '/new' });
    await page.getByRole('heading', { level: 1, name: 'New job' }).waitFor();
    await expectAccessible(page, 'new');
    for (const { kind } of Object.values({ ...dataExchangeForms, ...manifestForms })) {
      await page.goto(`${url}#/new`);
      await page.getByRole('link', { name: kind, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: kind }).waitFor();
      const closed = page.locator('main details:not([open]) > summary');
      for (let rounds = 0; rounds < 30 && (await closed.count()) > 0; rounds += 1) await closed.first().click();
      await page.getByRole('button', { name: /^Create( and .*)?$/ }).click();
      await page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: /\w/ }).first().waitFor();
      await expectAccessible(page, kind);
    }
  },
);

test.runIf(hasBrowser)(
  `a person without a mouse skips to the content, opens a job, starts it and sees where they are${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
    const page = await openBoard(url);
    await rowOf(page, id).waitFor();
    const focused = () => page.locator(':focus');
    await page.keyboard.press('Tab');
    expect(await focused().innerText()).toBe('To the content');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused().getAttribute('id')).toBe('main');
    const link = rowOf(page, id).getByRole('link').first();
    for (let presses = 0; presses < 60 && !(await isFocused(link)); presses += 1) await page.keyboard.press('Tab');
    expect(await isFocused(link)).toBe(true);
    expect(await outlineOf(page)).not.toMatch(/^none|^0px/);
    await page.keyboard.press('Enter');
    const start = page.getByRole('button', { name: 'Start', exact: true });
    await start.waitFor();
    for (let presses = 0; presses < 60 && !(await isFocused(start)); presses += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await shownJob(page).getByText('In progress').first().waitFor();
  },
);

async function isFocused(locator: Locator): Promise<boolean> {
  return (await locator.and(locator.page().locator(':focus')).count()) > 0;
}

function outlineOf(page: Page): Promise<string> {
  return page.evaluate(
    '(() => { const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement); return outlineStyle === "none" ? boxShadow : outlineWidth; })()',
  );
}

test.runIf(hasBrowser)(
  `a screen reader is told of changes, politely and not of each at once${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const { dataExchange } = await emulator.seed({ dataExchange: 3 });
    const page = await openBoard(url);
    for (const id of dataExchange) await rowOf(page, id).waitFor();
    const region = page.getByRole('log');
    await expect.poll(() => region.getAttribute('aria-live')).toBe('polite');
    for (const id of dataExchange) await emulator.move(id, { state: 'COMPLETED' });
    await expect.poll(() => region.textContent(), { timeout: 15_000 }).toMatch(/Completed/);
    const told = (await region.textContent()) ?? '';
    for (const id of dataExchange) expect(told).toContain(id);
  },
);

test.runIf(hasBrowser)(
  `nothing moves on the page of somebody who wants less motion${browserNeeded}`,
  { timeout },
  async () => {
    const page = await openBoard(await demoBoard(), { reducedMotion: 'reduce' });
    await rows(page).first().waitFor();
    const running = 'document.getAnimations().filter(({ effect }) => effect.getComputedTiming().duration > 1).length';
    expect(await page.evaluate(running)).toBe(0);
  },
);
