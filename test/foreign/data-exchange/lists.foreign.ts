import { type DataExchange, type ListJobsCommandInput, paginateListJobs } from '@aws-sdk/client-dataexchange';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { createdId, startSession } from '../support/data-exchange.ts';
import { importFrom, jobRequest } from '../support/job-requests.ts';

/** A session with `count` jobs, and their ids, newest first. */
async function startWithJobs(count: number) {
  const session = await startSession();
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.unshift(await createdId(session.client, importFrom(demo.bucket, `${index}.csv`)));
    await session.clock.advance(index % 2);
  }
  return { ...session, ids };
}

async function pagesOf(client: DataExchange, pageSize: number, filter: ListJobsCommandInput = {}) {
  const pages: (string | undefined)[][] = [];
  for await (const { Jobs = [] } of paginateListJobs({ client, pageSize }, filter)) {
    pages.push(Jobs.map(({ Id }) => Id));
  }
  return pages;
}

test.each([
  [1, Array.from({ length: 28 }, () => 1)],
  [7, [7, 7, 7, 7]],
  [200, [28]],
])('a paginator with pages of %i reads every job once, newest first', async (pageSize, sizes) => {
  const { client, ids, requests } = await startWithJobs(28);
  const pages = await pagesOf(client, pageSize);
  expect(pages.flat()).toEqual(ids);
  expect(pages.map((page) => page.length)).toEqual(sizes);
  expect(await requests()).toMatchObject({ 'DataExchange.ListJobs': sizes.length });
});

test('a list without jobs is empty', async () => {
  const { client } = await startSession();
  const { $metadata, ...page } = await client.listJobs();
  expect(page).toEqual({ Jobs: [] });
});

test('without a page size a page has 25 jobs', async () => {
  const { client } = await startWithJobs(28);
  const { Jobs, NextToken } = await client.listJobs();
  expect(Jobs).toHaveLength(25);
  expect(NextToken).toEqual(expect.any(String));
});

test('an entry equals the response of GetJob', async () => {
  const { client, ids } = await startWithJobs(1);
  const { $metadata, ...job } = await client.getJob({ JobId: ids[0] });
  expect((await client.listJobs()).Jobs).toEqual([job]);
});

test('jobs created while the list is read cause neither repeats nor gaps', async () => {
  const { client, clock, ids } = await startWithJobs(4);
  const first = await client.listJobs({ MaxResults: 2 });
  await clock.advance(1000);
  await createdId(client, importFrom(demo.bucket));
  const { NextToken } = first;
  const second = await client.listJobs({ MaxResults: 2, NextToken });
  expect([first, second].flatMap(({ Jobs = [] }) => Jobs.map(({ Id }) => Id))).toEqual(ids);
});

test('a list can be filtered by data set and revision', async () => {
  const { client, ids } = await startWithJobs(3);
  const exported = await createdId(client, jobRequest('EXPORT_REVISIONS_TO_S3'));
  const RevisionId = demo.revisionId;
  expect((await pagesOf(client, 2, { DataSetId: demo.dataSetId, RevisionId })).flat()).toEqual([exported, ...ids]);
  expect(await pagesOf(client, 2, { DataSetId: demo.entitledDataSetId })).toEqual([[]]);
  expect(await pagesOf(client, 2, { RevisionId: demo.finalizedRevisionId })).toEqual([[]]);
});

test.each([0, 201, 1.5])('a page of %d is refused', async (MaxResults) => {
  const { client } = await startSession();
  await expect(client.listJobs({ MaxResults })).rejects.toMatchObject({ name: 'ValidationException' });
});

test('a token of another list is refused', async () => {
  const { client } = await startWithJobs(2);
  const { NextToken } = await client.listJobs({ MaxResults: 1 });
  const call = client.listJobs({ MaxResults: 1, NextToken, DataSetId: demo.dataSetId });
  await expect(call).rejects.toMatchObject({ name: 'ValidationException' });
});
