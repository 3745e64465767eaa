import { expect, test } from 'vitest';
import { importManifest } from '../../unit/emulator/manifests.ts';
import { startEmulator } from '../support/emulator.ts';
import { type ImportExport, importExport } from '../support/import-export.ts';

/** An emulator with `count` jobs, and their ids, newest first. */
async function startWithJobs(count: number) {
  const emulator = await startEmulator();
  const client = importExport(emulator);
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const job = { JobType: 'Import', Manifest: importManifest, ValidateOnly: false };
    ids.unshift((await client.createJob(job).promise()).JobId);
    await emulator.clock.advance(1000);
  }
  return { client, ids };
}

/** The pages of the list, each read after the last job of the previous one, until one is not truncated. */
async function pagesOf(client: ImportExport, MaxJobs: number): Promise<string[][]> {
  const pages: string[][] = [];
  for (let Marker: string | undefined; ; ) {
    const { Jobs, IsTruncated } = await client.listJobs({ MaxJobs, Marker }).promise();
    pages.push(Jobs.map(({ JobId }) => JobId));
    if (!IsTruncated) return pages;
    Marker = Jobs.at(-1)?.JobId;
  }
}

test.each([0, 1, 2])('a list of %i jobs is an array of that length, newest first', async (count) => {
  const { client, ids } = await startWithJobs(count);
  const { Jobs, IsTruncated } = await client.listJobs().promise();
  expect(Jobs.map(({ JobId }) => JobId)).toEqual(ids);
  expect(IsTruncated).toBe(false);
});

test('the date of an entry is a Date, and its flag a boolean', async () => {
  const { client, ids } = await startWithJobs(1);
  expect((await client.listJobs().promise()).Jobs).toEqual([
    { JobId: ids[0], CreationDate: new Date('2026-01-01T00:00:00Z'), IsCanceled: false, JobType: 'Import' },
  ]);
});

test.each([
  [1, [1, 1, 1, 1, 1, 1, 1]],
  [3, [3, 3, 1]],
  [7, [7]],
  [1000, [7]],
])('pages of %i contain all seven jobs', async (maxJobs, sizes) => {
  const { client, ids } = await startWithJobs(7);
  const pages = await pagesOf(client, maxJobs);
  expect(pages.flat()).toEqual(ids);
  expect(pages.map((page) => page.length)).toEqual(sizes);
});

test('a page after the oldest job is empty and not truncated', async () => {
  const { client, ids } = await startWithJobs(2);
  expect(await client.listJobs({ Marker: ids.at(-1) }).promise()).toMatchObject({ Jobs: [], IsTruncated: false });
});

test('cancelled jobs keep their places', async () => {
  const { client, ids } = await startWithJobs(3);
  await client.cancelJob({ JobId: ids[1] }).promise();
  const { Jobs } = await client.listJobs().promise();
  expect(Jobs.map(({ IsCanceled }) => IsCanceled)).toEqual([false, true, false]);
});
