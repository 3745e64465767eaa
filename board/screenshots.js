/**
 * Takes pictures of the board over the emulator's demo jobs: `npm run screenshots -- <folder>`. Each screen at three widths and in
 * both themes. It needs Debian's Chromium, as the tests do.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, execPath } from 'node:process';
import { chromium } from 'playwright-core';

const widths = [360, 800, 1_400];
const themes = /** @type {const} */ (['light', 'dark']);
const [, , folder] = argv;
if (folder === undefined) throw new Error('expected a folder: npm run screenshots -- <folder>');

/** Each goes to its screen, beginning with the list. */
const screens = {
  list: async (page) => page.getByRole('row').nth(1).waitFor(),
  'job-of-data-exchange': (page) => openJob(page, 'Failed', 'Import from S3'),
  'job-of-import-export': (page) => openJob(page, 'Completed with errors', 'Disk to AWS'),
  form: async (page, url) => {
    await page.goto(`${url}#/new/importAssetsFromS3`);
    await page.getByRole('combobox', { name: 'Data set' }).fill('prices');
    await page.getByRole('option', { name: /prices/ }).click();
    await page.getByRole('textbox', { name: 'Bucket' }).fill('waybill-demo-source');
  },
};

async function openJob(page, state, what) {
  const row = page.getByRole('row').filter({ has: page.getByText(state, { exact: true }) });
  await row.getByRole('link', { name: what }).first().click();
  await page.getByRole('region', { name: 'What happened' }).waitFor();
}

/** Resolves to its address. */
function startProgram(dataDir) {
  const program = join(import.meta.dirname, '..', 'dist', 'main.js');
  const env = { ...process.env, PORT: '0', WAYBILL_BOARD: 'on', WAYBILL_DATA_DIR: dataDir };
  const child = spawn(execPath, [program], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const address = new Promise((resolve, reject) => {
    let output = '';
    child.once('exit', (code) => reject(new Error(`expected a gateway, received exit ${code}: ${output}`)));
    child.stdout.on('data', (piece) => {
      output += piece;
      const url = /^ {2}board +(http\S+)/m.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  return { child, address };
}

const dataDir = mkdtempSync(join(tmpdir(), 'waybill-screenshots-'));
const { child, address } = startProgram(dataDir);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const url = await address;
  for (const width of widths)
    for (const colorScheme of themes)
      for (const [name, open] of Object.entries(screens)) {
        const context = await browser.newContext({ viewport: { width, height: 860 }, colorScheme });
        const page = await context.newPage();
        await page.goto(url);
        await screens.list(page);
        await open(page, url);
        // Names of data sets and the first changes arrive a moment later.
        await page.waitForTimeout(1_000);
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: width === 360 });
        await context.close();
      }
} finally {
  await browser.close();
  child.kill();
  rmSync(dataDir, { recursive: true, force: true });
}
