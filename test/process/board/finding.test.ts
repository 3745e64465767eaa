/** How a person finds a job: filters, the address, the ids of AWS. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { openBoard, rowOf, rows, shownJob, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { field, type TestGateway } from '../../support/gateway.ts';

const timeout = 60_000;

async function boardWithJobs() {
  const board = await startBoard();
  const { dataExchange, importExport } = await board.emulator.seed({ dataExchange: 3, importExport: 2 });
  await board.emulator.move(String(dataExchange[0]), { state: 'ERROR' });
  const page = await openBoard(board.url);
  await rows(page).first().waitFor();
  // Where there is no room for all of them, most are behind a button.
  const more = page.getByRole('button', { name: /^Filters/ });
  if (await more.isVisible()) await more.click();
  return { ...board, dataExchange, importExport, page };
}

const state = (page: Page, name: string) => page.getByRole('search').getByRole('button', { name, exact: true });

test.runIf(hasBrowser)(
  `a filter is in the address: a reload keeps it, a colleague gets it, and the back button undoes it${browserNeeded}`,
  { timeout },
  async () => {
    const { page, url, importExport, dataExchange } = await boardWithJobs();
    await expect.poll(() => rows(page).count()).toBe(5);
    await page.getByRole('combobox', { name: 'Service' }).selectOption({ label: 'Data Exchange' });
    await expect.poll(() => rows(page).count()).toBe(3);
    await state(page, 'Failed').click();
    await expect.poll(() => rows(page).count()).toBe(1);
    const address = page.url();
    await page.reload();
    await rowOf(page, String(dataExchange[0])).getByText('Failed').waitFor();
    expect([await rows(page).count(), page.url()]).toEqual([1, address]);
    await expect.poll(() => state(page, 'Failed').getAttribute('aria-pressed')).toBe('true');
    const colleague = await openBoard(address);
    await rowOf(colleague, String(dataExchange[0])).waitFor();
    await expect.poll(() => rows(colleague).count()).toBe(1);
    await page.goBack();
    await expect.poll(() => rows(page).count()).toBe(3);
    await page.goBack();
    await rowOf(page, String(importExport[0])).waitFor();
    expect(page.url().startsWith(url)).toBe(true);
    await page.goForward();
    await expect.poll(() => rows(page).count()).toBe(3);
  },
);

test.runIf(hasBrowser)(
  `a filter that no job fits says so, and is cleared with one click${browserNeeded}`,
  { timeout },
  async () => {
    const { page } = await boardWithJobs();
    await state(page, 'Timed out').click();
    await page.getByText(/No job fits/).waitFor();
    await page.getByRole('button', { name: /Clear/ }).first().click();
    await expect.poll(() => rows(page).count()).toBe(5);
  },
);

test.runIf(hasBrowser)(
  `jobs are found by the name of their data set, by type, direction and day${browserNeeded}`,
  { timeout },
  async () => {
    const { page } = await boardWithJobs();
    await expect.poll(() => rows(page).count()).toBe(5);
    const choose = async (label: string, option: string, found: number) => {
      await page.getByRole('combobox', { name: label }).selectOption({ label: option });
      await expect.poll(() => rows(page).count(), { message: option }).toBe(found);
      await page.getByRole('button', { name: /Clear/ }).first().click();
      await expect.poll(() => rows(page).count()).toBe(5);
    };
    await choose('Data set', 'Waybill demo: prices', 3);
    await choose('Data set', 'Waybill demo: weather', 0);
    await choose('Type', 'Export assets to S3', 3);
    await choose('Direction', 'Disk to AWS', 2);
    await page.getByRole('textbox', { name: /from$/i }).fill('2999-01-01');
    await page.getByText(/No job fits/).waitFor();
    await page.getByRole('button', { name: /Clear/ }).first().click();
    await page.getByRole('textbox', { name: /\bto$/i }).fill('2999-01-01');
    await expect.poll(() => rows(page).count()).toBe(5);
  },
);

test.runIf(hasBrowser)(
  `the page of a job leads to all jobs of its data set and of its revision, which the list then names${browserNeeded}`,
  { timeout },
  async () => {
    const { page, url, gateway, dataExchange } = await boardWithJobs();
    const ofRevision = rows(page).filter({ hasText: 'Import from S3' });
    const revisionId = await createImport(gateway, 'Prices of March');
    await ofRevision.getByRole('link', { name: 'Import from S3' }).click();
    await shownJob(page).getByRole('link', { name: 'Waybill demo: prices' }).click();
    const chips = page.getByRole('list', { name: 'Active filters' });
    await chips.getByRole('button', { name: 'Waybill demo: prices' }).waitFor();
    await expect.poll(() => rows(page).count()).toBe(4);
    await ofRevision.getByRole('link', { name: 'Import from S3' }).click();
    await shownJob(page).getByRole('link', { name: 'Prices of March' }).click();
    await chips.getByRole('button', { name: 'Revision Prices of March' }).waitFor();
    await expect.poll(() => rows(page).count()).toBe(1);
    expect(await chips.innerText()).not.toMatch(new RegExp(`${demo.dataSetId}|${revisionId}`));
    const address = page.url();
    const colleague = await openBoard(address);
    await colleague.getByRole('button', { name: 'Revision Prices of March' }).waitFor();
    await expect.poll(() => rows(colleague).count()).toBe(1);
    await chips.getByRole('button', { name: 'Revision Prices of March' }).click();
    await expect.poll(() => rows(page).count()).toBe(4);
    await page.goto(address);
    // A revision is nothing without its data set.
    await chips.getByRole('button', { name: 'Waybill demo: prices' }).click();
    await expect.poll(() => rows(page).count()).toBe(6);
    await expect.poll(() => chips.count()).toBe(0);
    // In another tab the address of the link is all that there is.
    await rowOf(page, String(dataExchange[0])).getByRole('link').click();
    const link = shownJob(page).getByRole('link', { name: 'Waybill demo: prices' });
    const elsewhere = await openBoard(new URL((await link.getAttribute('href')) ?? '', url).href);
    await expect.poll(() => rows(elsewhere).count()).toBe(4);
  },
);

const createRevision = `mutation ($input: CreateRevisionInput!) {
  createRevision(input: $input) { revision { awsRevisionId } }
}`;
const createJob = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id } }
}`;

/** Into a new revision of the demo data set, whose id it gives. */
async function createImport({ ask }: TestGateway, comment: string): Promise<string> {
  const made = await ask(createRevision, { input: { dataSetId: demo.dataSetId, comment } });
  const { revision } = field<{ revision: { awsRevisionId: string } }>(made.data, 'createRevision');
  const { awsRevisionId: revisionId } = revision;
  const importAssetsFromS3 = {
    dataSetId: demo.dataSetId,
    revisionId,
    sources: [{ bucket: demo.bucket, key: 'prices/2024/03.csv' }],
  };
  await ask(createJob, { input: { details: { importAssetsFromS3 } } });
  return revisionId;
}

test.runIf(hasBrowser)(
  `an id of AWS leads to its job, whichever service has it, and an unknown one is said to be unknown${browserNeeded}`,
  { timeout },
  async () => {
    const { page, dataExchange, importExport } = await boardWithJobs();
    const field = page.getByRole('searchbox', { name: /AWS id/ });
    for (const id of [String(dataExchange[1]), String(importExport[1])]) {
      await field.fill(`  ${id} `);
      await field.press('Enter');
      await shownJob(page).getByText(id).first().waitFor();
      await page.goBack();
      await expect.poll(() => rows(page).count()).toBe(5);
    }
    for (const id of ['0'.repeat(32), 'ZZZZZ']) {
      await field.fill(id);
      await field.press('Enter');
      await page.getByRole('alert').filter({ hasText: id }).waitFor();
    }
    await field.fill('x'.repeat(300));
    await field.press('Enter');
    await page.getByRole('alert').first().waitFor();
  },
);

test.runIf(hasBrowser)(
  `on a phone a line shows the beginning of the id, which a touch copies, and nothing sticks out${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
    const page = await openBoard(url, { viewport: { width: 360, height: 740 } });
    for (const id of [...dataExchange, ...importExport]) {
      const shown = rowOf(page, id).getByRole('button', { name: `Copy the id ${id}` });
      await shown.waitFor();
      const box = await shown.boundingBox();
      expect(box?.width).toBeLessThan(100);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  },
);

test.runIf(hasBrowser)(`the address of a job that is none says so${browserNeeded}`, { timeout }, async () => {
  const { url } = await startBoard();
  const page = await openBoard(url, { path: '/jobs/nonsense' });
  await page.getByRole('heading', { name: 'No such job' }).waitFor();
  await page.getByRole('link', { name: 'All jobs' }).click();
  await page.getByText(/no jobs yet/i).waitFor();
});

test.runIf(hasBrowser)(
  `what is older than a day has the day and the time, by the calendar${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    await emulator.seed({ importExport: 1 });
    const page = await openBoard(url, { hasClock: true });
    await rows(page).first().getByText('just now').waitFor();
    // Half an hour into the day after tomorrow: perhaps 25 hours from now, and yet not the next day.
    const later = new Date();
    later.setDate(later.getDate() + 2);
    later.setHours(0, 30, 0, 0);
    await page.clock.setFixedTime(later);
    await page.reload();
    await rows(page)
      .first()
      .getByText(/^2 days ago, \d/)
      .waitFor();
  },
);

test.runIf(hasBrowser)(
  `an id is found as people paste it, and what is none is not repeated at length${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
    const page = await openBoard(url);
    const jump = page.getByRole('searchbox');
    for (const pasted of [`arn:aws:dataexchange:us-east-1:123456789012:jobs/${id}`, ` "${id.toUpperCase()}"\u200b`]) {
      await jump.fill(pasted);
      await jump.press('Enter');
      await shownJob(page).getByText(id).waitFor();
      await page.goBack();
    }
    await jump.fill('x'.repeat(1_000));
    await jump.press('Enter');
    await page
      .getByRole('alert')
      .getByText(`No job has the id ${'x'.repeat(40)}….`)
      .waitFor();
  },
);
