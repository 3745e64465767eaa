/** The documents of `docs/operations`, as a team copies them into its client: each does its task, with the calls it should cost. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, globalId } from '../../support/examples.ts';
import { type Answer, field, startGateway, type TestGateway } from '../../support/gateway.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'operations');

const ran = new Set<string>();

/** Runs the operation `name` of `docs/operations/<file>.graphql`, and returns its one root field. */
async function run<Field>(
  { url }: TestGateway,
  file: string,
  name: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Field> {
  ran.add(file);
  const query = readFileSync(join(folder, `${file}.graphql`), 'utf8');
  const body = JSON.stringify({ query, operationName: name, variables });
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { data, errors } = (await answer.json()) as Answer;
  expect(errors).toBeUndefined();
  const [root] = Object.values(data ?? {});
  return root as Field;
}

/** The data of the first event of a subscription. */
async function firstEvent(
  { client }: TestGateway,
  file: string,
  operationName: string,
  variables: Record<string, unknown>,
): Promise<unknown> {
  ran.add(file);
  const query = readFileSync(join(folder, `${file}.graphql`), 'utf8');
  for await (const { data } of client().iterate({ query, operationName, variables })) return data;
  throw new Error('expected an event, received the end');
}

interface Listed {
  readonly nodes: readonly { readonly id: string; readonly awsJobId: string; readonly state: string }[];
}

const idsOf = ({ nodes }: Listed): readonly string[] => nodes.map(({ awsJobId }) => awsJobId);

async function seeded(counts = { dataExchange: 4, importExport: 4 }) {
  const gateway = await startGateway();
  const jobs = await gateway.emulator.seed(counts);
  await gateway.emulator.forgetRequests();
  return { ...gateway, jobs };
}

/** The seeded jobs among those of the demo. */
const among = (ids: readonly string[], seededIds: readonly string[]) => ids.filter((id) => seededIds.includes(id));

test('Only the running jobs take one request, and a read for each Import/Export job that is not known to be finished', async () => {
  const gateway = await seeded();
  const { dataExchange, importExport } = gateway.jobs;
  for (const id of dataExchange.slice(0, 2)) {
    await gateway.emulator.move(id, { state: 'IN_PROGRESS' });
    await gateway.emulator.move(id, { state: 'COMPLETED' });
  }
  await gateway.emulator.move(importExport[0] ?? '', { progressCode: 'Complete' });
  const page = await run<Listed>(gateway, 'only-running', 'RunningJobs');
  expect(among(idsOf(page), [...dataExchange, ...importExport]).toSorted()).toEqual(
    [...dataExchange.slice(2), ...importExport.slice(1)].toSorted(),
  );
  const { 'DataExchange.ListJobs': lists, 'ImportExport.ListJobs': otherLists } = await gateway.emulator.requests();
  expect([lists, otherLists]).toEqual([1, 1]);
  const cold = (await gateway.emulator.requests())['ImportExport.GetStatus'] ?? 0;
  await gateway.emulator.forgetRequests();
  await run(gateway, 'only-running', 'RunningJobs');
  // The one that has finished, and any of the demo, is known by now.
  expect((await gateway.emulator.requests())['ImportExport.GetStatus'] ?? 0).toBeLessThan(cold);
});

test('What failed last week comes with the reason in the words of the service', async () => {
  const gateway = await seeded();
  const [failed = ''] = gateway.jobs.dataExchange;
  await gateway.emulator.move(failed, { state: 'IN_PROGRESS' });
  await gateway.emulator.move(failed, { state: 'ERROR' });
  const since = new Date(Date.now() - 7 * 86_400_000).toISOString();
  const page = await run<Listed>(gateway, 'failed-last-week', 'FailedJobs', { since });
  expect(page.nodes.find(({ awsJobId }) => awsJobId === failed)).toMatchObject({ state: 'FAILED' });
  expect(among(idsOf(page), gateway.jobs.dataExchange)).toEqual([failed]);
});

test('Jobs of some types take one list of Data Exchange, and no call to Import/Export', async () => {
  const gateway = await seeded();
  const page = await run<Listed>(gateway, 'by-type', 'JobsByType', { types: ['IMPORT_ASSETS_FROM_S3'] });
  for (const node of page.nodes) expect(node).toMatchObject({ type: 'IMPORT_ASSETS_FROM_S3' });
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1 });
});

test('The jobs of one revision take one list', async () => {
  const gateway = await seeded();
  const { dataSetId, revisionId } = demo;
  const page = await run<Listed>(gateway, 'of-one-revision', 'JobsOfRevision', { dataSetId, revisionId });
  expect(page.nodes.length).toBeGreaterThan(0);
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1 });
});

test('A job by its id at AWS takes one read', async () => {
  const gateway = await seeded();
  const [awsJobId = ''] = gateway.jobs.importExport;
  const job = await run<object>(gateway, 'by-aws-id', 'JobByAwsId', { service: 'IMPORT_EXPORT', awsJobId });
  expect(job).toMatchObject({ id: globalId('ImportExportJob', awsJobId), state: 'WAITING' });
  expect(await gateway.emulator.requests()).toEqual({ 'ImportExport.GetStatus': 1 });
});

test('A cancel of 20 jobs has a result for each, in their order', async () => {
  const gateway = await seeded({ dataExchange: 10, importExport: 10 });
  const ids = [
    ...gateway.jobs.dataExchange.map((id) => globalId('DataExchangeJob', id)),
    ...gateway.jobs.importExport.map((id) => globalId('ImportExportJob', id)),
  ];
  const { results } = await run<{ results: readonly object[] }>(gateway, 'cancel-many', 'CancelMany', { ids });
  expect(results).toEqual(
    ids.map((id) => ({ job: { id, state: 'CANCELLED' }, unavailableService: null, userErrors: [] })),
  );
});

test('A repeat of a failed job starts a new one, and answers with the same for the same key', async () => {
  const gateway = await startGateway();
  const create = `mutation ($details: DataExchangeJobDetailsInput!) {
    createDataExchangeJob(input: { details: $details }) { job { id awsJobId } } }`;
  const { data } = await gateway.ask(create, { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 });
  const { job: failed } = field<{ job: { id: string; awsJobId: string } }>(data, 'createDataExchangeJob');
  await gateway.emulator.move(failed.awsJobId, { state: 'IN_PROGRESS' });
  await gateway.emulator.move(failed.awsJobId, { state: 'ERROR' });
  const repeat = () =>
    run<{ job: { id: string } | null }>(gateway, 'repeat-failed', 'RepeatJob', {
      id: failed.id,
      idempotencyKey: 'repeat-4711-first',
    });
  const first = await repeat();
  expect(first).toMatchObject({ job: { type: 'IMPORT_ASSETS_FROM_S3' }, userErrors: [] });
  expect(first.job?.id).not.toBe(failed.id);
  expect((await repeat()).job?.id).toBe(first.job?.id);
});

test('The names of a page of jobs of one data set cost one read beside the list', async () => {
  const gateway = await seeded();
  const page = await run<{ nodes: readonly object[] }>(gateway, 'names', 'JobsWithNames');
  expect(page.nodes).toContainEqual(
    expect.objectContaining({
      details: {
        dataSetId: demo.dataSetId,
        dataSet: { id: expect.any(String), name: 'Waybill demo: prices' },
      },
    }),
  );
  const { 'DataExchange.ListJobs': lists, ...others } = await gateway.emulator.requests();
  expect(lists).toBe(1);
  expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(2);
});

test('An asset that was picked from the data sets is exported, and its bytes are downloaded', async () => {
  const gateway = await startGateway();
  interface PickedDataSet {
    readonly awsDataSetId: string;
    readonly revisions: { readonly nodes: readonly { readonly id: string; readonly awsRevisionId: string }[] };
  }
  const { nodes } = await run<{ nodes: readonly PickedDataSet[] }>(gateway, 'pick-data-set', 'PickDataSet', {
    origin: 'ENTITLED',
  });
  const dataSet = nodes.find(({ awsDataSetId }) => awsDataSetId === demo.entitledDataSetId);
  const [revision] = dataSet?.revisions.nodes ?? [];
  expect(revision?.awsRevisionId).toBe(demo.entitledRevisionId);
  const { assets } = await run<{ assets: { nodes: readonly { awsAssetId: string; name: string }[] } }>(
    gateway,
    'pick-asset',
    'PickAsset',
    { revisionId: revision?.id },
  );
  expect(assets.nodes).toMatchObject([{ awsAssetId: demo.entitledAssetId, name: 'weather/week.csv', sizeBytes: 22 }]);
  const { job } = await run<{ job: { id: string } }>(gateway, 'export-asset', 'ExportAsset', {
    dataSetId: dataSet?.awsDataSetId,
    revisionId: revision?.awsRevisionId,
    assetId: assets.nodes[0]?.awsAssetId,
    idempotencyKey: 'export-4711-first',
  });
  const awsJobId = Buffer.from(job.id, 'base64url').toString().split(':')[1] ?? '';
  await run(gateway, 'download-export', 'DownloadExport', { id: job.id });
  await gateway.emulator.move(awsJobId, { state: 'COMPLETED' });
  expect(await firstEvent(gateway, 'watch-export', 'WatchExport', { id: job.id })).toMatchObject({
    jobStateChanged: { state: 'COMPLETED', job: { id: job.id, isFinished: true } },
  });
  const { details } = await run<{ details: { download: { url: string } } }>(
    gateway,
    'download-export',
    'DownloadExport',
    {
      id: job.id,
    },
  );
  expect(await (await fetch(details.download.url)).text()).toBe('day,degrees\nMonday,21\n');
});

test('A revision is created, imported into, and finalized once the import has completed', async () => {
  const gateway = await startGateway();
  const { dataSetId } = demo;
  const create = () =>
    run<{ revision: { id: string; awsRevisionId: string } }>(gateway, 'new-revision', 'NewRevision', {
      dataSetId,
      comment: 'Prices of 2025',
      idempotencyKey: 'revision-4711-first',
    });
  const { revision } = await create();
  expect((await create()).revision.id).toBe(revision.id);
  const { job } = await run<{ job: { id: string; awsJobId: string } }>(gateway, 'import-files', 'ImportFiles', {
    dataSetId,
    revisionId: revision.awsRevisionId,
    sources: [{ bucket: demo.bucket, key: 'prices/2025/01.csv' }],
    idempotencyKey: 'import-4711-first',
  });
  const publish = () => run<object>(gateway, 'publish-revision', 'PublishRevision', { id: revision.id });
  expect(await publish()).toMatchObject({ revision: null, userErrors: [{ code: 'IMPORT_UNDER_WAY' }] });
  await gateway.emulator.move(job.awsJobId, { state: 'COMPLETED' });
  expect(await firstEvent(gateway, 'watch-import', 'WatchImport', { id: job.id })).toMatchObject({
    jobStateChanged: { state: 'COMPLETED' },
  });
  expect(await publish()).toEqual({ revision: { id: revision.id, isFinalized: true }, userErrors: [] });
});

test('Each document has one operation, as most tools need it, and a comment before it, which some show', () => {
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    expect([file, parse(text).definitions.map(({ kind }) => kind), text.startsWith('# ')]).toEqual([
      file,
      [Kind.OPERATION_DEFINITION],
      true,
    ]);
  }
});

test('Each document is run above', () => {
  expect(readdirSync(folder).toSorted()).toEqual([...ran].map((file) => `${file}.graphql`).toSorted());
});
