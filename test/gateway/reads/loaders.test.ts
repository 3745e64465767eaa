/** Loaders last as long as their operation: the next one reads again. */
import { expect, test } from 'vitest';
import type { Backends } from '../../../src/backends/backend.ts';
import { demo } from '../../../src/emulator/demo.ts';
import { createLoaders } from '../../../src/reads/loaders.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';

/** Through each loader, and how the job is changed behind the gateway's back between two operations. */
const readings = [
  {
    loader: 'dataExchangeJob',
    type: 'DataExchangeJob',
    query: 'query ($id: ID!) { job(id: $id) { state } }',
    change: { state: 'IN_PROGRESS' },
  },
  {
    loader: 'importExportStatus',
    type: 'ImportExportJob',
    query: 'query ($id: ID!) { job(id: $id) { state } }',
    change: { progressCode: 'InProgress', locationCode: 'AtAWS' },
  },
] as const;

test.each(readings)('Two operations in one process do not share the loader $loader', async (reading) => {
  const { ask, emulator } = await startGateway();
  const seeded = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const [awsJobId = ''] = reading.type === 'DataExchangeJob' ? seeded.dataExchange : seeded.importExport;
  const variables = { id: globalId(reading.type, awsJobId) };
  expect(await ask(reading.query, variables)).toEqual({ data: { job: { state: 'WAITING' } } });
  await emulator.move(awsJobId, reading.change);
  expect(await ask(reading.query, variables)).toEqual({ data: { job: { state: 'IN_PROGRESS' } } });
});

const secrets = [
  {
    loader: 'importExportDocuments',
    operation: 'ImportExport.GetStatus',
    query: 'query ($id: ID!) { job(id: $id) { ... on ImportExportJob { manifest } } }',
    reads: 2,
  },
  {
    loader: 'dataExchangeJobWithUrl',
    operation: 'DataExchange.GetJob',
    query: `query ($id: ID!) { job(id: $id) { ... on DataExchangeJob {
      details { ... on ImportAssetFromSignedUrlDetails { upload { url } } } } } }`,
    reads: 1,
  },
];

test.each(secrets)('The next operation reads again what the loader $loader has read', async (secret) => {
  const { ask, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  const { data } = await ask(`mutation { createDataExchangeJob(input: { details: { importAssetFromSignedUrl: {
    dataSetId: "${demo.dataSetId}", revisionId: "${demo.revisionId}", assetName: "a", md5Hash: "XUFAKrxLKna5cZ2REBfFkg==" } } })
    { job { id } userErrors { message } } }`);
  const created = (data as { createDataExchangeJob: { job: { id: string } | null } }).createDataExchangeJob.job;
  const id =
    secret.loader === 'importExportDocuments' ? globalId('ImportExportJob', importExport[0] ?? '') : created?.id;
  const counts: (number | undefined)[] = [];
  for (let round = 0; round < 2; round += 1) {
    await emulator.forgetRequests();
    await ask(secret.query, { id });
    counts.push((await emulator.requests())[secret.operation]);
  }
  expect(counts[0]).toBeGreaterThanOrEqual(secret.reads);
  expect(counts[1]).toBe(counts[0]);
});

test('A failed key is read again when it is requested again', async () => {
  let reads = 0;
  const { signal } = new AbortController();
  const loaders = createLoaders(
    {} as Backends,
    () => signal,
    async (ids) => {
      reads += 1;
      return new Map(ids.map((id) => [id, reads === 1 ? (new Error('once') as never) : ({ awsJobId: id } as never)]));
    },
  );
  await expect(loaders.dataExchangeJob.load('a')).rejects.toThrow('once');
  expect(await loaders.dataExchangeJob.load('a')).toEqual({ awsJobId: 'a' });
});

test('More jobs than a page holds are read in several batches', async () => {
  const sizes: number[] = [];
  const { signal } = new AbortController();
  const loaders = createLoaders(
    {} as Backends,
    () => signal,
    async (ids) => {
      sizes.push(ids.length);
      return new Map(ids.map((id) => [id, { awsJobId: id } as never]));
    },
  );
  const ids = Array.from({ length: 450 }, (_, index) => `job${index}`);
  const jobs = await loaders.dataExchangeJob.loadMany(ids);
  expect(jobs).toEqual(ids.map((awsJobId) => ({ awsJobId })));
  expect(sizes).toEqual([200, 200, 50]);
});
