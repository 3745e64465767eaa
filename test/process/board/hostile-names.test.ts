/** Names that somebody else has chosen, to do harm or by accident, on a phone. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { openBoard, rows, shownJob, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { globalId } from '../../support/examples.ts';
import { type Answer, field, type TestGateway } from '../../support/gateway.ts';

const markup = `<img src=x onerror="document.title='harmed'"><script>document.title='harmed'</script>&amp;'"\`\${1}`;
const reversed = '\u202Etxt.elif\u202C \u2067\u05E9\u05DC\u05D5\u05DD\u2069 \u200B\u0301\u0301\u0301';
const endless = `prices/${'x'.repeat(990)}.csv`;

const createDataSet = `mutation ($input: CreateDataSetInput!) {
  createDataSet(input: $input) { dataSet { id awsDataSetId } userErrors { message } }
}`;
const createRevision = `mutation ($input: CreateRevisionInput!) {
  createRevision(input: $input) { revision { awsRevisionId } userErrors { message } }
}`;
const createJob = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id awsJobId } userErrors { message } }
}`;

interface Made {
  readonly id: string;
  readonly awsJobId: string;
  readonly awsDataSetId: string;
  readonly awsRevisionId: string;
}

async function made({ ask }: TestGateway, document: string, input: object): Promise<Made> {
  const { data, errors }: Answer = await ask(document, { input });
  const [payload] = Object.values(data ?? {}) as Record<string, Made | null>[];
  const [result] = Object.values(payload ?? {});
  if (!result) throw new Error(JSON.stringify([errors, payload]));
  return result;
}

async function jobOf(gateway: TestGateway, name: string, key: string): Promise<Made> {
  const { awsDataSetId: dataSetId } = await made(gateway, createDataSet, {
    name,
    description: name,
    assetType: 'S3_SNAPSHOT',
  });
  const { awsRevisionId: revisionId } = await made(gateway, createRevision, { dataSetId, comment: name });
  const sources = [{ bucket: demo.bucket, key }];
  return made(gateway, createJob, { details: { importAssetsFromS3: { dataSetId, revisionId, sources } } });
}

/** Nothing is wider than the screen, and no script of a name has run. */
async function expectHarmless(page: Page): Promise<void> {
  const width = await page.evaluate('document.documentElement.scrollWidth');
  expect(width, page.url()).toBeLessThanOrEqual(360);
  expect(await page.title()).not.toBe('harmed');
  await expect.poll(() => page.locator('img[src=x]').count()).toBe(0);
}

const phone = { viewport: { width: 360, height: 740 } };

test.runIf(hasBrowser)(
  `markup, right-to-left marks and a key of a thousand characters are shown as text, and break nothing on a phone${browserNeeded}`,
  { timeout: 60_000 },
  async () => {
    const { url, gateway } = await startBoard();
    const jobs = [
      [markup, await jobOf(gateway, markup, `${markup}.csv`)],
      [reversed.trim(), await jobOf(gateway, reversed.trim(), `${reversed}.csv`)],
      ['N'.repeat(256), await jobOf(gateway, 'N'.repeat(256), endless)],
    ] as const;
    const page = await openBoard(url, phone);
    for (const [name, { id }] of jobs) {
      const row = rows(page).filter({ has: page.locator(`a[href$="/jobs/${id}"]`) });
      await row.waitFor();
      expect(await row.textContent()).toContain(name);
    }
    await expectHarmless(page);
    for (const [name, { id }] of jobs) {
      await page.goto(`${url}#/jobs/${id}`);
      await shownJob(page).waitFor();
      await expect.poll(() => shownJob(page).textContent()).toContain(name);
      await expectHarmless(page);
    }
    expect(await shownJob(page).textContent()).toContain(endless);
    await page.goto(`${url}#/new/importAssetsFromS3`);
    await page.getByRole('button', { name: /^Create/ }).waitFor();
    await expectHarmless(page);
  },
);

test.runIf(hasBrowser)(
  `what a service says of a job, and a manifest, are shown as text${browserNeeded}`,
  { timeout: 60_000 },
  async () => {
    const { url, gateway, emulator } = await startBoard();
    const text = `manifestVersion: 2.0\ndeviceId: '${markup.replaceAll("'", "''")}'\nbucket: ${demo.bucket}\n`;
    const { dataExchange } = await emulator.seed({ dataExchange: 1 });
    const job = globalId('DataExchangeJob', String(dataExchange[0]));
    const { data } = await gateway.ask(
      `mutation ($input: CreateImportExportJobInput!) {
        createImportExportJob(input: $input) { job { id } userErrors { message } }
      }`,
      { input: { manifest: { text: { direction: 'IMPORT', text } } } },
    );
    const { userErrors } = field<{ userErrors: readonly { message: string }[] }>(data, 'createImportExportJob');
    expect(userErrors.length).toBeGreaterThan(0);
    const page = await openBoard(url, phone);
    await page.goto(`${url}#/new/text`);
    await page.getByRole('textbox').first().fill(text);
    await page.getByRole('button', { name: /^Create/ }).click();
    await page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: /\w/ }).first().waitFor();
    await expectHarmless(page);
    await page.goto(`${url}#/jobs/${encodeURIComponent(markup)}`);
    await page.getByRole('heading', { name: 'No such job' }).waitFor();
    await expectHarmless(page);
    await page.goto(`${url}?states=${encodeURIComponent(markup)}&dataSetId=${encodeURIComponent(markup)}#/jobs/${job}`);
    await shownJob(page).waitFor();
    await expectHarmless(page);
  },
);
