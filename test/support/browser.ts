/** A real browser with pages of other sites. Debian's Chromium: `apt-get install --no-install-recommends chromium`. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const executablePath = '/usr/bin/chromium';

/** In CI the tests fail without a browser; elsewhere they are skipped. */
export const hasBrowser = existsSync(executablePath) || process.env['CI'] !== undefined;

/** Appended to the titles of skipped tests. */
export const browserNeeded = hasBrowser ? '' : ' (skipped: apt-get install --no-install-recommends chromium)';

/** Without Chromium's own network requests. Its sandbox needs rights that containers do not have. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How every test launches it. */
export const chromiumOptions = { executablePath, args };

/** An empty page of another origin. */
export async function openPage(): Promise<{ readonly page: Page; readonly origin: string }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>a page</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { page } = await openBrowserPage();
  await page.goto(origin);
  return { page, origin };
}

/** A page that is nowhere yet, and what it logs as a warning or an error, also of what it throws. */
export async function openBrowserPage(): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const browser = await chromium.launch(chromiumOptions);
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
  });
  return { page, complaints };
}
