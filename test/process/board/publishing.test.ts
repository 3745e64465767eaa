/** What a person publishes from the page of a job. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { openBoard, shownJob, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { globalId } from '../../support/examples.ts';
import { field, type TestGateway } from '../../support/gateway.ts';

const timeout = 60_000;

const createJob = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id awsJobId } userErrors { message } }
}`;

interface Created {
  readonly id: string;
  readonly awsJobId: string;
}

/** An import into the draft of the demo data set. It waits. */
async function createImport({ ask }: TestGateway): Promise<Created> {
  const sources = [{ bucket: demo.bucket, key: 'prices/2024/03.csv' }];
  const importAssetsFromS3 = { dataSetId: demo.dataSetId, revisionId: demo.revisionId, sources };
  const { data } = await ask(createJob, { input: { details: { importAssetsFromS3 }, start: true } });
  return field<{ job: Created }>(data, 'createDataExchangeJob').job;
}

async function isPublished({ ask }: TestGateway): Promise<boolean> {
  const id = globalId('Revision', demo.dataSetId, demo.revisionId);
  const { data } = await ask('query ($id: ID!) { node(id: $id) { ... on Revision { isFinalized } } }', { id });
  return field<{ isFinalized: boolean }>(data, 'node').isFinalized;
}

const draft = (page: Page) => page.getByRole('region', { name: /still a draft/ });

test.runIf(hasBrowser)(
  `a person publishes the revision once its import has completed, and not before they have said so twice${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway, emulator } = await startBoard();
    const { id, awsJobId } = await createImport(gateway);
    const page = await openBoard(url, { path: `/jobs/${id}` });
    await shownJob(page).getByText('In progress').first().waitFor();
    await expect.poll(() => draft(page).count()).toBe(0);
    await emulator.move(awsJobId, { state: 'COMPLETED' });
    await draft(page)
      .getByRole('button', { name: /^Publish/ })
      .click();
    const { y = 0, height = 0 } = (await page.getByRole('dialog').boundingBox()) ?? {};
    expect(Math.abs(y + height / 2 - 450), 'in the middle of the 900 pixels').toBeLessThan(30);
    await page.getByRole('dialog').getByRole('button', { name: 'Keep the draft' }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(await isPublished(gateway)).toBe(false);
    await draft(page)
      .getByRole('button', { name: /^Publish/ })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'is published' }).waitFor();
    expect(await isPublished(gateway)).toBe(true);
    await expect.poll(() => draft(page).count()).toBe(0);
    await page.reload();
    await shownJob(page).waitFor();
    await expect.poll(() => draft(page).count()).toBe(0);
  },
);

test.runIf(hasBrowser)(
  `a person is told that another import into the revision is under way, and may publish all the same${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway, emulator } = await startBoard();
    const first = await createImport(gateway);
    await createImport(gateway);
    await emulator.move(first.awsJobId, { state: 'COMPLETED' });
    const page = await openBoard(url, { path: `/jobs/${first.id}` });
    await draft(page)
      .getByRole('button', { name: /^Publish/ })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click();
    const refusal = draft(page).getByRole('alert');
    await refusal.waitFor();
    // What a script would set is no advice for a person.
    expect(await refusal.innerText()).not.toContain('force');
    expect(await isPublished(gateway)).toBe(false);
    await draft(page)
      .getByRole('button', { name: /^Publish all the same/ })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'is published' }).waitFor();
    expect(await isPublished(gateway)).toBe(true);
  },
);
