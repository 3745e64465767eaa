import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../../src/app/server.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { configFrom } from '../../../src/config/config.ts';
import { ampleMemory } from '../../support/ample-memory.ts';
import { EmulatorControl } from '../../support/emulator-control.ts';
import { dataExchangeDetails, globalId } from '../../support/examples.ts';
import { ask, field, startGateway, temporaryFolder } from '../../support/gateway.ts';

/** A clock that stands still, with longer batch windows: a slow machine must not split one moment into two. */
const startedAt = systemClock.now();
const longMoment: Clock = {
  ...systemClock,
  now: () => startedAt,
  monotonicMs: () => 0,
  schedule: (callback, delayMs) => systemClock.schedule(callback, delayMs <= 10 ? 200 : delayMs),
};

/** A gateway for which all requests of a test arrive at one moment, until the services answer. */
async function startGatewayInOneMoment() {
  const config = configFrom({ PORT: '0', WAYBILL_DATA_DIR: temporaryFolder(), WAYBILL_EMULATOR_STEP_MS: '3600000' });
  const complaints: string[] = [];
  const server = await startServer({
    config,
    clock: longMoment,
    log: (line) => complaints.push(line),
    gauge: ampleMemory,
  });
  onTestFinished(server.close);
  const emulator = new EmulatorControl(server.emulatorUrl ?? '');
  return { url: server.url, emulator, complaints, ask: (query: string, id?: string) => ask(server.url, query, { id }) };
}

const jobById = 'query ($id: ID!) { job(id: $id) { id state } }';

/** Waits until the service has received a call of `operation`. */
async function arrived(emulator: EmulatorControl, operation: string): Promise<void> {
  await expect.poll(() => emulator.requests(), { timeout: 10_000, interval: 10 }).toHaveProperty([operation]);
}

async function newJob(emulator: EmulatorControl, service: 'dataExchange' | 'importExport'): Promise<string> {
  const [awsJobId = ''] = (await emulator.seed({ [service]: 1 }))[service];
  await emulator.forgetRequests();
  return globalId(service === 'dataExchange' ? 'DataExchangeJob' : 'ImportExportJob', awsJobId);
}

test.each([
  ['dataExchange', 'DataExchange.GetJob'],
  ['importExport', 'ImportExport.GetStatus'],
] as const)('Fifty requests for one job of %s at the same moment cost one call', async (service, operation) => {
  const gateway = await startGatewayInOneMoment();
  const id = await newJob(gateway.emulator, service);
  const answers = await Promise.all(Array.from({ length: 50 }, () => gateway.ask(jobById, id)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ data: { job: { id, state: 'WAITING' } } })]),
  );
  expect(await gateway.emulator.requests()).toEqual({ [operation]: 1 });
});

test('Fifty callers who list the same page at once cost one call of each service', async () => {
  const gateway = await startGatewayInOneMoment();
  await gateway.emulator.seed({ dataExchange: 20, importExport: 20 });
  await gateway.emulator.forgetRequests();
  const page = '{ jobs(first: 20) { nodes { id createdAt } pageInfo { endCursor } } }';
  const answers = await Promise.all(Array.from({ length: 50 }, () => gateway.ask(page)));
  expect(answers.filter(({ errors }) => errors !== undefined)).toEqual([]);
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveLength(1);
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1, 'ImportExport.ListJobs': 1 });
});

test('Two hundred callers who request one job each at once cost one page', async () => {
  const gateway = await startGatewayInOneMoment();
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 200 });
  await gateway.emulator.forgetRequests();
  const ids = dataExchange.map((id) => globalId('DataExchangeJob', id));
  const answers = await Promise.all(ids.map((id) => gateway.ask(jobById, id)));
  expect(answers).toEqual(ids.map((id) => ({ data: { job: { id, state: 'WAITING' } } })));
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1 });
});

test('A burst in real time costs a fraction of its requests', async () => {
  const { ask: askGateway, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 200 });
  await emulator.forgetRequests();
  const ids = dataExchange.map((id) => globalId('DataExchangeJob', id));
  const answers = await Promise.all(ids.map((id) => askGateway(jobById, { id })));
  expect(answers).toEqual(ids.map((id) => ({ data: { job: { id, state: 'WAITING' } } })));
  const calls = Object.values(await emulator.requests()).reduce((sum, count) => sum + count, 0);
  expect(calls).toBeLessThan(100);
});

test('A caller who starts a job gets it started, even while an older read is in flight', async () => {
  const gateway = await startGatewayInOneMoment();
  const id = await newJob(gateway.emulator, 'dataExchange');
  await gateway.emulator.fail('DataExchange.GetJob', { afterCommit: true, delayMs: 2_500 });
  const older = gateway.ask(jobById, id);
  await arrived(gateway.emulator, 'DataExchange.GetJob');
  const start = 'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { state } userErrors { code } } }';
  expect(await gateway.ask(start, id)).toEqual({
    data: { startDataExchangeJob: { job: { state: 'IN_PROGRESS' }, userErrors: [] } },
  });
  expect(await gateway.ask(jobById, id)).toEqual({ data: { job: { id, state: 'IN_PROGRESS' } } });
  expect(await older).toEqual({ data: { job: { id, state: 'WAITING' } } });
});

test('A caller who cancels an Import/Export job gets it cancelled, even while an older read is in flight', async () => {
  const gateway = await startGatewayInOneMoment();
  const id = await newJob(gateway.emulator, 'importExport');
  await gateway.emulator.fail('ImportExport.GetStatus', { afterCommit: true, delayMs: 2_500 });
  const older = gateway.ask(jobById, id);
  await arrived(gateway.emulator, 'ImportExport.GetStatus');
  await gateway.ask('mutation ($id: ID!) { cancelJob(id: $id) { userErrors { code } } }', id);
  expect(await gateway.ask('query ($id: ID!) { job(id: $id) { state } }', id)).toEqual({
    data: { job: { state: 'CANCELLED' } },
  });
  expect(await older).toMatchObject({ data: { job: { state: 'WAITING' } } });
});

test('A failure reaches all callers of the same moment, and no later one', async () => {
  const gateway = await startGatewayInOneMoment();
  const id = await newJob(gateway.emulator, 'dataExchange');
  await gateway.emulator.fail('DataExchange.GetJob', { status: 403 });
  const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.ask(jobById, id)));
  for (const answer of answers) {
    expect(answer).toMatchObject({
      data: { job: null },
      errors: [{ path: ['job'], extensions: { code: 'ACCESS_DENIED' } }],
    });
  }
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.GetJob': 1 });
  expect(await gateway.ask(jobById, id)).toEqual({ data: { job: { id, state: 'WAITING' } } });
});

test('A caller who leaves does not end the read of the others', async () => {
  const gateway = await startGatewayInOneMoment();
  const id = await newJob(gateway.emulator, 'dataExchange');
  await gateway.emulator.fail('DataExchange.GetJob', { delayMs: 1_500 });
  const leaving = new AbortController();
  const left = fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: jobById, variables: { id } }),
    signal: leaving.signal,
  }).catch((error: Error) => error.name);
  const staying = Array.from({ length: 5 }, () => gateway.ask(jobById, id));
  await arrived(gateway.emulator, 'DataExchange.GetJob');
  leaving.abort();
  expect(await left).toBe('AbortError');
  expect(await Promise.all(staying)).toEqual(staying.map(() => ({ data: { job: { id, state: 'WAITING' } } })));
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.GetJob': 1 });
  expect(gateway.complaints).toEqual([]);
});

test('A signed URL and a manifest are read for each caller', async () => {
  const gateway = await startGatewayInOneMoment();
  const { data } = await ask(
    gateway.url,
    'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id awsJobId } } }',
    { input: { start: true, details: dataExchangeDetails.EXPORT_ASSET_TO_SIGNED_URL } },
  );
  const { job } = field<{ job: { id: string; awsJobId: string } }>(data, 'createDataExchangeJob');
  await gateway.emulator.move(job.awsJobId, { state: 'COMPLETED' });
  const withManifest = await newJob(gateway.emulator, 'importExport');

  const signedUrl =
    '{ job(id: $id) { ... on DataExchangeJob { details { ... on ExportAssetToSignedUrlDetails { download { url } } } } } }';
  const urls = await Promise.all(Array.from({ length: 5 }, () => gateway.ask(`query ($id: ID!) ${signedUrl}`, job.id)));
  expect(urls.filter((answer) => /http:[^"]+/.test(JSON.stringify(answer)))).toHaveLength(5);
  const manifest = 'query ($id: ID!) { job(id: $id) { ... on ImportExportJob { manifest } } }';
  const manifests = await Promise.all(Array.from({ length: 5 }, () => gateway.ask(manifest, withManifest)));
  expect(manifests.filter(({ errors }) => errors === undefined)).toHaveLength(5);
  // The shared read of the job brings one its URL; a job's status is shared, its documents are not.
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.GetJob': 5, 'ImportExport.GetStatus': 6 });
});
