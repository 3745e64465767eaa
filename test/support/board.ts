/** The board in a real browser, as a person meets it. */
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, expect, onTestFinished, vi } from 'vitest';
import { chromiumOptions } from './browser.ts';
import { builtProgramWithBoard } from './built-program.ts';
import type { EmulatorControl } from './emulator-control.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { settingsOver, startLastingEmulator } from './lasting-emulator.ts';

/** The folder of the built board. */
export async function builtBoard(): Promise<string> {
  return join(await builtProgramWithBoard(), 'board');
}

/** A gateway in the test's process that serves the board over an emulator without jobs, which move only if a test moves them. */
export async function startBoard(
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly gateway: TestGateway; readonly emulator: EmulatorControl; readonly url: string }> {
  const [emulator, boardFolder] = [await startLastingEmulator(), await builtBoard()];
  const settings = settingsOver(emulator.url);
  const { AWS_REGION, AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = settings;
  vi.stubEnv('AWS_REGION', AWS_REGION);
  onTestFinished(() => void vi.unstubAllEnvs());
  const gateway = await startGateway(
    { ...settings, ...env },
    { boardFolder, awsCredentials: { accessKeyId, secretAccessKey } },
  );
  return { gateway, emulator, url: new URL('/', gateway.url).href };
}

/** One for all tests of a file: a start takes a second. */
let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** What the pages of a test have logged or thrown. Each test expects nothing, or nothing but what its page `mayComplain` of. */
let complaints: string[] = [];
afterEach(() => {
  const heard = complaints;
  complaints = [];
  expect(heard).toEqual([]);
});

export interface BoardPageOptions extends BrowserContextOptions {
  /** Behind the `#`, such as `/new`. */
  readonly path?: string;
  readonly mayComplain?: RegExp;
  /** Whether the test moves the time of the page. */
  readonly hasClock?: boolean;
}

/** A page of its own person: it shares nothing with the others. It is closed with the test. */
export async function openBoard(
  url: string,
  { path = '', mayComplain, hasClock = false, ...options }: BoardPageOptions = {},
): Promise<Page> {
  browser ??= chromium.launch(chromiumOptions);
  const context = await (await browser).newContext({ viewport: { width: 1_400, height: 900 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complain = (text: string): void => {
    if (!mayComplain?.test(text)) complaints.push(text);
  };
  page.on('pageerror', (error) => complain(String(error)));
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complain(message.text());
  });
  if (hasClock) await page.clock.install();
  await page.goto(`${url}${path && `#${path}`}`);
  return page;
}

/** The jobs of the list. The header of the table is none. */
export function rows(page: Page): Locator {
  return page
    .getByRole('region', { name: 'Jobs' })
    .getByRole('row')
    .filter({ hasNot: page.getByRole('columnheader') });
}

export function rowOf(page: Page, awsJobId: string): Locator {
  return rows(page).filter({ has: page.getByTitle(awsJobId) });
}

/** The page of one job. */
export function shownJob(page: Page): Locator {
  return page.getByRole('article');
}
