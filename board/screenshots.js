/**
 * Takes pictures of the board over the emulator's demo jobs, each screen at three widths and in both themes, and prints how much
 * each differs from the one that was there: `npm run screenshots`, or `npm run screenshots -- <folder>` for another than
 * docs/board. It needs Debian's Chromium, as the tests do.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, execPath, stdout } from 'node:process';
import { chromium } from 'playwright-core';

const widths = [360, 800, 1_400];
const themes = /** @type {const} */ (['light', 'dark']);
const [, , folder = join(import.meta.dirname, '..', 'docs', 'board')] = argv;

/** Each goes to its screen, beginning with the list. */
const screens = {
  list: async (page) => page.getByRole('row').nth(1).waitFor(),
  'job-of-data-exchange': (page) => openJob(page, 'Failed', 'Import from S3'),
  'job-of-import-export': (page) => openJob(page, 'Completed with errors', 'Disk to AWS'),
  'new-job': (page, url) => page.goto(`${url}#/new`),
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

/** The share of the pixels that differ. Ids and times do in every run: some percent of a list. */
async function differenceBetween(page, before, after) {
  return page.evaluate(
    async (pictures) => {
      const [left, right] = await Promise.all(
        pictures.map(async (base64) => {
          const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
          const { width, height } = await createImageBitmap(blob);
          const canvas = new OffscreenCanvas(width, height).getContext('2d');
          canvas.drawImage(await createImageBitmap(blob), 0, 0);
          return { width, height, pixels: new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer) };
        }),
      );
      if (left.width !== right.width || left.height !== right.height) return 1;
      return left.pixels.filter((pixel, index) => pixel !== right.pixels[index]).length / left.pixels.length;
    },
    [before, after].map((picture) => picture.toString('base64')),
  );
}

async function keep(name, picture, blank) {
  const file = join(folder, `${name}.png`);
  const difference = existsSync(file) ? await differenceBetween(blank, readFileSync(file), picture) : undefined;
  const words = difference === undefined ? 'is new' : `differs in ${(100 * difference).toFixed(1)} % of its pixels`;
  stdout.write(`${name} ${words}\n`);
  writeFileSync(file, picture);
}

const dataDir = mkdtempSync(join(tmpdir(), 'waybill-screenshots-'));
const { child, address } = startProgram(dataDir);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const url = await address;
  const blank = await browser.newPage();
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
        await keep(`${name}-${width}-${colorScheme}`, await page.screenshot(), blank);
        await context.close();
      }
} finally {
  await browser.close();
  child.kill();
  rmSync(dataDir, { recursive: true, force: true });
}
