/** The history of jobs without watchers, over whole operations. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, globalId } from '../../support/examples.ts';
import { type Answer, ask, field, startGateway, type TestGateway, temporaryFolder } from '../../support/gateway.ts';
import { GatewayCluster } from '../../support/gateway-cluster.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { hasRedis } from '../../support/redis.ts';

const historyOf = '{ history { nodes { previousState state } } }';
const historyQuery = `query ($id: ID!) { job(id: $id) ${historyOf} }`;

interface Step {
  readonly previousState: string | null;
  readonly state: string;
}

const stepsIn = (job: { history: { nodes: readonly Step[] } } | null | undefined): readonly string[] =>
  (job?.history.nodes ?? []).map(({ previousState, state }) => `${previousState} -> ${state}`);

/** Reads the history without a read of the job's state. */
async function history(url: string, id: string): Promise<readonly string[]> {
  const { data } = await ask(url, historyQuery, { id });
  return stepsIn(field(data, 'job'));
}

async function created(ask: TestGateway['ask']): Promise<{ readonly id: string }> {
  const create = `mutation ($details: DataExchangeJobDetailsInput!) {
    createDataExchangeJob(input: { details: $details }) { job { id } userErrors { message } } }`;
  const { data } = await ask(create, { details: dataExchangeDetails.EXPORT_REVISIONS_TO_S3 });
  const { job, userErrors } = field<{ job: { id: string } | null; userErrors: unknown }>(data, 'createDataExchangeJob');
  if (job === null) throw new Error(`expected a job, received ${JSON.stringify(userErrors)}`);
  return job;
}

const dataExchangeId = (awsJobId = ''): string => globalId('DataExchangeJob', awsJobId);
const importExportId = (awsJobId = ''): string => globalId('ImportExportJob', awsJobId);

test('a state that a read shows is in the history that the same answer returns', async () => {
  const { ask, emulator } = await startGateway();
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const ids = [dataExchangeId(dataExchange[0]), importExportId(importExport[0])];
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { state ${historyOf.slice(1, -1)} } } }`;
  const read = async () =>
    field<Parameters<typeof stepsIn>[0][]>((await ask(query, { ids })).data, 'nodes').map(stepsIn);

  expect(await read()).toEqual([['null -> WAITING'], ['null -> WAITING']]);
  await emulator.move(dataExchange[0] ?? '', { state: 'IN_PROGRESS' });
  await emulator.move(importExport[0] ?? '', { progressCode: 'InProgress' });
  const both = ['WAITING -> IN_PROGRESS', 'null -> WAITING'];
  expect(await read()).toEqual([both, both]);
  expect(await read()).toEqual([both, both]);
});

test('a list records the states that it shows, and makes no call for it', async () => {
  const { ask, url, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 201, importExport: 3 });
  const list = '{ jobs(first: 100, filter: { service: DATA_EXCHANGE }) { nodes { awsJobId state } } }';
  await emulator.forgetRequests();
  const listed = field<{ nodes: { awsJobId: string }[] }>((await ask(list)).data, 'jobs').nodes;
  expect(await emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1 });
  const newest = listed[0]?.awsJobId ?? '';
  expect(dataExchange).toContain(newest);
  await emulator.move(newest, { state: 'COMPLETED' });
  await ask(list);
  expect(await emulator.requests()).toEqual({ 'DataExchange.ListJobs': 2 });
  expect(await history(url, dataExchangeId(newest))).toEqual(['WAITING -> COMPLETED', 'null -> WAITING']);
});

test('the states that mutations return are in the history', async () => {
  const { ask, url } = await startGateway();
  const { id } = await created(ask);
  await ask(`mutation { cancelJob(id: "${id}") { job { state } } }`);
  expect(await history(url, id)).toEqual(['WAITING -> CANCELLED', 'null -> WAITING']);
});

test('a cancelled Import/Export job is recorded as cancelled although the service answers no state', async () => {
  const { ask, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  const id = importExportId(importExport[0]);
  await ask(`{ job(id: "${id}") { state } }`);
  await emulator.forgetRequests();
  const query = `mutation { cancelJob(id: "${id}") { job { id ${historyOf.slice(1, -1)} } } }`;
  const { job } = field<{ job: Parameters<typeof stepsIn>[0] }>((await ask(query)).data, 'cancelJob');
  expect(stepsIn(job)).toEqual(['WAITING -> CANCELLED', 'null -> WAITING']);
  expect(await emulator.requests()).toEqual({ 'ImportExport.CancelJob': 1 });
});

test('a change that a read shows is emitted once to watchers, long before the next poll', async () => {
  const { ask, client, emulator } = await startGateway({ WAYBILL_POLL_MIN_MS: '60000', WAYBILL_POLL_MAX_MS: '60000' });
  const { dataExchange } = await emulator.seed({ dataExchange: 2 });
  const [observed = '', marker = ''] = dataExchange;
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await emulator.forgetRequests();
  const events: unknown[] = [];
  const stream = client().iterate<{ jobActivity: Step & { job: { awsJobId: string } } }>({
    query: `subscription { jobActivity(filter: { service: DATA_EXCHANGE }) { ... on JobStateChange { previousState state job { awsJobId } } } }`,
  });
  const reading = (async () => {
    for await (const { data } of stream) {
      events.push(data?.jobActivity);
      if (data?.jobActivity.job.awsJobId === marker) return;
    }
  })();
  await expect.poll(async () => (await emulator.requests())['DataExchange.ListJobs'] ?? 0).toBeGreaterThan(0);
  await ask(
    `{ a: job(id: "${dataExchangeId(observed)}") { state } b: job(id: "${dataExchangeId(marker)}") { state } }`,
  );
  await emulator.move(observed, { state: 'IN_PROGRESS' });
  await Promise.all([1, 2, 3].map(() => ask(`{ job(id: "${dataExchangeId(observed)}") { state } }`)));
  await emulator.move(marker, { state: 'COMPLETED' });
  await ask(`{ job(id: "${dataExchangeId(marker)}") { state } }`);
  await reading;
  expect(events).toEqual([
    { previousState: 'WAITING', state: 'IN_PROGRESS', job: { awsJobId: observed } },
    { previousState: 'WAITING', state: 'COMPLETED', job: { awsJobId: marker } },
  ]);
});

test('a job created through the gateway while activity is watched is announced once, and once in its history', async () => {
  const { ask, url, client, emulator } = await startGateway();
  const stream = client().iterate<{ jobActivity: Step & { job: { id: string } } }>({
    query:
      'subscription { jobActivity(filter: { service: DATA_EXCHANGE }) { ... on JobStateChange { previousState state job { id } } } }',
  });
  const first = stream.next();
  await expect.poll(async () => (await emulator.requests())['DataExchange.ListJobs'] ?? 0).toBeGreaterThan(0);
  const job = await created(ask);
  expect((await first).value?.data?.jobActivity).toEqual({ previousState: null, state: 'WAITING', job });
  const next = stream.next();
  await ask(`{ job(id: "${job.id}") { state } }`);
  await ask(`mutation { cancelJob(id: "${job.id}") { job { state } } }`);
  expect((await next).value?.data?.jobActivity).toEqual({ previousState: 'WAITING', state: 'CANCELLED', job });
  expect(await history(url, job.id)).toEqual(['WAITING -> CANCELLED', 'null -> WAITING']);
});

test('a job that a read has shown before the sweep is still announced, and its history does not repeat the state', async () => {
  const { ask, url, client, emulator } = await startGateway({
    WAYBILL_POLL_MIN_MS: '1000',
    WAYBILL_POLL_MAX_MS: '1000',
  });
  const stream = client().iterate<{ jobActivity: Step & { job: { awsJobId: string } } }>({
    query:
      'subscription { jobActivity(filter: { service: DATA_EXCHANGE }) { ... on JobStateChange { previousState state job { awsJobId } } } }',
  });
  const first = stream.next();
  await expect.poll(async () => (await emulator.requests())['DataExchange.ListJobs'] ?? 0).toBeGreaterThan(0);
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const id = dataExchangeId(dataExchange[0]);
  expect(await history(url, id)).toEqual(['null -> WAITING']);
  await ask(`{ job(id: "${id}") { state } }`);
  expect((await first).value?.data?.jobActivity).toMatchObject({ previousState: null, state: 'WAITING' });
  expect(await history(url, id)).toEqual(['null -> WAITING']);
});

test('a late answer takes no state back', async () => {
  const { ask, url, emulator } = await startGateway();
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const [awsJobId = ''] = importExport;
  const id = importExportId(awsJobId);
  await ask(`{ job(id: "${id}") { state } }`);
  await emulator.fail('ImportExport.GetStatus', { delayMs: 400 });
  const late = ask(`{ job(id: "${id}") { state } }`);
  await new Promise((resolve) => setTimeout(resolve, 150));
  await emulator.move(awsJobId, { progressCode: 'Complete' });
  await ask(`{ job(id: "${id}") { state } }`);
  await late;
  expect(await history(url, id)).toEqual(['WAITING -> COMPLETED', 'null -> WAITING']);
  expect(dataExchange).toHaveLength(1);
});

test('the history of jobs without watchers survives a restart of the gateway', async () => {
  const emulator = await startLastingEmulator();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const id = dataExchangeId(dataExchange[0]);
  // For the AWS SDK.
  vi.stubEnv('AWS_REGION', 'us-east-1');
  onTestFinished(() => void vi.unstubAllEnvs());
  const settings = { ...settingsOver(emulator.url), WAYBILL_DATA_DIR: temporaryFolder() };
  const awsCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const first = await startGateway(settings, { awsCredentials });
  expect(await history(first.url, id)).toEqual(['null -> WAITING']);
  await first.close();

  await emulator.move(dataExchange[0] ?? '', { state: 'COMPLETED' });
  const second = await startGateway(settings, { awsCredentials });
  expect(await history(second.url, id)).toEqual(['WAITING -> COMPLETED', 'null -> WAITING']);
});

test('a reader that resumes receives the whole job of a change that happened without watchers', async () => {
  const { ask, client } = await startGateway();
  const { id } = await created(ask);
  const query = `subscription ($after: String) { jobStateChanged(ids: ["${id}"], after: $after) {
    cursor ... on JobStateChange { previousState state job { ... on DataExchangeJob { details { dataSetId } } } } } }`;
  const first = client();
  const { value } = await first.iterate<{ jobStateChanged: { cursor: string } }>({ query }).next();
  await first.dispose();
  await ask(`mutation { cancelJob(id: "${id}") { job { state } } }`);
  const after = value?.data?.jobStateChanged.cursor;
  const resumed = await client().iterate({ query, variables: { after } }).next();
  expect(resumed.value?.data?.jobStateChanged).toMatchObject({
    previousState: 'WAITING',
    state: 'CANCELLED',
    job: { details: { dataSetId: demo.dataSetId } },
  });
});

test('the request of a job without watchers is never stored, however the job changes', async () => {
  const store = new MemoryStore();
  const { ask } = await startGateway({}, { store });
  const { id } = await created(ask);
  await ask(`mutation { cancelJob(id: "${id}") { job { state } } }`);
  await expect.poll(() => store.count('transitions')).toBe(2);
  const written = JSON.stringify(await store.list('transitions', {}));
  expect(written).toContain('CANCELLED');
  expect(written).not.toContain(demo.exportBucket);
});

test('a failing store neither slows nor fails a read, and the state is written once the store is back', async () => {
  const store = new MemoryStore();
  const { ask, emulator } = await startGateway({}, { store });
  await emulator.seed({ dataExchange: 200 });
  store.isDown = true;
  const answer: Answer = await ask('{ jobs(first: 200) { nodes { state } } }');
  expect(answer.errors).toBeUndefined();
  expect(field<{ nodes: unknown[] }>(answer.data, 'jobs').nodes).toHaveLength(200);
  store.isDown = false;
  await expect.poll(() => store.count('transitions'), { timeout: 5_000 }).toBeGreaterThanOrEqual(200);
});

test('a page of jobs takes at most two writes, and none if nothing has changed', async () => {
  const store = new MemoryStore();
  const { ask, emulator } = await startGateway({}, { store });
  await emulator.seed({ dataExchange: 120 });
  const writes: number[] = [];
  const write = store.write.bind(store);
  store.write = (changes, durability) => {
    if (changes.some(({ collection }) => collection === 'transitions')) writes.push(changes.length);
    return write(changes, durability);
  };
  const list = '{ jobs(first: 100, filter: { service: DATA_EXCHANGE }) { nodes { state } } }';
  await ask(list);
  await expect.poll(() => store.count('transitions')).toBe(101);
  expect(writes.length).toBeLessThanOrEqual(2);
  const before = writes.length;
  await ask(list);
  await ask(list);
  expect(writes.length).toBe(before);
});

// Skipped without Debian's redis-server: apt-get install redis-server, then npx vitest run test/process/watch.
describe.skipIf(!hasRedis)('gateways that share a Redis', () => {
  test('record what either of them reads in one history, each state once', async () => {
    const cluster = await GatewayCluster.start();
    const { dataExchange } = await cluster.emulator.seed({ dataExchange: 1 });
    const id = dataExchangeId(dataExchange[0]);
    const [one, two] = [await cluster.startServer(), await cluster.startServer()];
    const read = `{ job(id: "${id}") { state } }`;
    await Promise.all([ask(one.url, read), ask(two.url, read)]);
    await expect.poll(() => cluster.entries()).toBe(1);
    await cluster.emulator.move(dataExchange[0] ?? '', { state: 'IN_PROGRESS' });
    await Promise.all([ask(one.url, read), ask(two.url, read)]);
    await cluster.emulator.move(dataExchange[0] ?? '', { state: 'COMPLETED' });
    await ask(two.url, read);
    const whole = ['IN_PROGRESS -> COMPLETED', 'WAITING -> IN_PROGRESS', 'null -> WAITING'];
    await expect.poll(() => history(one.url, id)).toEqual(whole);
    expect(await history(two.url, id)).toEqual(whole);
  });
});

describe('finishedAt', () => {
  const query = `query ($id: ID!) { job(id: $id) { state finishedAt ... on DataExchangeJob { updatedAt }
    history(first: 1) { nodes { observedAt } } } }`;
  interface Ended {
    readonly finishedAt: string | null;
    readonly updatedAt?: string;
    readonly history: { readonly nodes: readonly { readonly observedAt: string }[] };
  }

  test('is when Data Exchange last changed a finished job, and null before', async () => {
    const { ask, emulator } = await startGateway();
    const { dataExchange } = await emulator.seed({ dataExchange: 1 });
    const id = dataExchangeId(dataExchange[0]);
    expect(field<Ended>((await ask(query, { id })).data, 'job').finishedAt).toBeNull();
    await emulator.move(dataExchange[0] ?? '', { state: 'COMPLETED' });
    const job = field<Ended>((await ask(query, { id })).data, 'job');
    expect(job.finishedAt).toBe(job.updatedAt);
  });

  test('is when the gateway first observed an Import/Export job as finished, and null before', async () => {
    const { ask, emulator } = await startGateway();
    const { importExport } = await emulator.seed({ importExport: 1 });
    const id = importExportId(importExport[0]);
    expect(field<Ended>((await ask(query, { id })).data, 'job').finishedAt).toBeNull();
    await emulator.move(importExport[0] ?? '', { progressCode: 'Complete' });
    const first = field<Ended>((await ask(query, { id })).data, 'job');
    expect(first.finishedAt).toBe(first.history.nodes[0]?.observedAt);
    const again = field<Ended>((await ask(query, { id })).data, 'job');
    expect(again.finishedAt).toBe(first.finishedAt);
  });

  test('of listed jobs is the end as a read of each shows it, and null where a job is not finished', async () => {
    const { ask, emulator } = await startGateway();
    const { dataExchange, importExport } = await emulator.seed({ dataExchange: 2, importExport: 3 });
    await emulator.move(dataExchange[0] ?? '', { state: 'ERROR' });
    await emulator.move(importExport[0] ?? '', { progressCode: 'Complete' });
    await emulator.move(importExport[1] ?? '', { progressCode: 'Canceled' });
    const list =
      '{ jobs(first: 200) { nodes { awsJobId isFinished finishedAt ... on DataExchangeJob { updatedAt } } } }';
    interface Listed {
      readonly awsJobId: string;
      readonly isFinished: boolean;
      readonly finishedAt: string | null;
      readonly updatedAt?: string;
    }
    const read = async () => field<{ nodes: readonly Listed[] }>((await ask(list)).data, 'jobs').nodes;
    const first = await read();
    for (const { isFinished, finishedAt, updatedAt } of first) {
      if (!isFinished) expect(finishedAt).toBeNull();
      else expect(finishedAt).toEqual(updatedAt ?? expect.any(String));
    }
    const ended = first.filter(({ isFinished }) => isFinished).map(({ awsJobId }) => awsJobId);
    expect(ended).toEqual(expect.arrayContaining([dataExchange[0], importExport[0], importExport[1]]));
    expect((await read()).map(({ finishedAt }) => finishedAt)).toEqual(first.map(({ finishedAt }) => finishedAt));
  });

  test('of a job that was just cancelled is in the answer to the cancel', async () => {
    const { ask, emulator } = await startGateway();
    const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
    const ids = [dataExchangeId(dataExchange[0]), importExportId(importExport[0])];
    const cancel = 'mutation ($ids: [ID!]!) { cancelJobs(ids: $ids) { results { job { state finishedAt } } } }';
    const { data } = await ask(cancel, { ids });
    const ended = { job: { state: 'CANCELLED', finishedAt: expect.any(String) } };
    expect(data).toEqual({ cancelJobs: { results: [ended, ended] } });
  });
});
