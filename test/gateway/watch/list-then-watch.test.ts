/** A list, and then the stream from its `activityCursor`: nothing is lost between the two. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { dataExchangeDetails, globalId } from '../../support/examples.ts';
import { type Answer, field, startGateway, type TestGateway, temporaryFolder } from '../../support/gateway.ts';
import { startGuarded } from '../../support/guarded-gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { type LiveResult, openEvents, openSocket, otherEventsOf, stepsOf, until } from '../../support/live.ts';

const list = `query ($filter: JobFilter) {
  jobs(first: 200, filter: $filter) { activityCursor nodes { id state } }
}`;

const activity = `subscription ($filter: JobFilter, $after: String) {
  jobActivity(filter: $filter, after: $after) {
    __typename cursor
    ... on JobStateChange { previousState state job { id state } }
  }
}`;

const create = `mutation ($details: DataExchangeJobDetailsInput!) {
  createDataExchangeJob(input: { details: $details }) { job { id } }
}`;

interface Page {
  readonly activityCursor: string | null;
  readonly nodes: readonly { readonly id: string; readonly state: string }[];
}

type Asking = Pick<TestGateway, 'ask'>;

async function listed({ ask }: Asking, filter: object = {}): Promise<Page & { readonly cursor: string }> {
  const page = pageIn(await ask(list, { filter }));
  return { ...page, cursor: page.activityCursor ?? '' };
}

const pageIn = ({ data }: Answer) => field<Page>(data, 'jobs');

/** Subscribes over a transport; returns the results so far. */
const transports = {
  WebSocket: async ({ url }: { url: string }, variables: Record<string, unknown>) => {
    const socket = await openSocket(url);
    socket.subscribe('s', activity, variables);
    return () => socket.resultsOf('s');
  },
  'Server-Sent Events': async ({ url }: { url: string }, variables: Record<string, unknown>) => {
    const { results } = await openEvents(url, variables, {}, activity);
    return results;
  },
};

/** A list counts as begun half a second earlier, and Import/Export dates jobs to whole seconds. */
const margin = () => sleep(1_600);

/** Until the stream has looked through the lists, and a little longer. */
const quiet = () => sleep(700);

const exchangeId = (awsJobId = '') => globalId('DataExchangeJob', awsJobId);
const diskId = (awsJobId = '') => globalId('ImportExportJob', awsJobId);

/** Creates jobs of both services as others do, outside the gateway. */
async function strangers({ emulator }: Pick<TestGateway, 'emulator'>, count = 1): Promise<readonly string[]> {
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: count, importExport: count });
  return [...dataExchange.map(exchangeId), ...importExport.map(diskId)];
}

const idsIn = (results: readonly LiveResult[]) =>
  results.flatMap(({ data }) => Object.values(data ?? {}).flatMap(({ job }) => job?.id ?? []));

describe.each(Object.entries(transports))('over %s', (_name, subscribe) => {
  test('jobs that anyone creates between the list and the stream are announced once, though nobody else watches', async () => {
    const gateway = await startGateway();
    await strangers(gateway);
    await margin();
    const { cursor, nodes } = await listed(gateway);
    const own = await gateway.ask(create, { details: dataExchangeDetails.EXPORT_ASSET_TO_SIGNED_URL });
    const mine = field<{ job: { id: string } }>(own.data, 'createDataExchangeJob').job.id;
    const created = [mine, ...(await strangers(gateway, 3))];
    // One of them is known to the log by the list of another reader.
    await gateway.ask('{ jobs(first: 3) { nodes { id } } }');
    const results = await subscribe(gateway, { after: cursor });
    await until(() => created.every((id) => idsIn(results()).includes(id)));
    await quiet();
    expect(idsIn(results()).toSorted()).toEqual(created.toSorted());
    expect(new Set(stepsOf(results()))).toEqual(new Set(['null -> WAITING']));
    expect(nodes.map(({ id }) => id)).not.toContain(mine);
  });

  test('a change between the list and the stream is delivered, observed by another reader or by nobody', async () => {
    const gateway = await startGateway();
    const { dataExchange, importExport } = await gateway.emulator.seed({ dataExchange: 3, importExport: 1 });
    const [seen = '', unseen = '', ended = ''] = dataExchange;
    const [disk = ''] = importExport;
    await margin();
    const { cursor, nodes } = await listed(gateway);
    const shown = new Map(nodes.map(({ id, state }) => [id, state]));
    expect([...dataExchange.map(exchangeId), diskId(disk)].map((id) => shown.get(id))).toEqual(
      Array.from({ length: 4 }, () => 'WAITING'),
    );
    for (const awsJobId of [seen, unseen]) await gateway.emulator.move(awsJobId, { state: 'IN_PROGRESS' });
    await gateway.emulator.move(ended, { state: 'COMPLETED' });
    await gateway.emulator.move(disk, { progressCode: 'InProgress' });
    await gateway.ask('query ($id: ID!) { job(id: $id) { state } }', { id: exchangeId(seen) });
    const results = await subscribe(gateway, { after: cursor });
    await until(() => new Set(idsIn(results())).size === 4);
    await quiet();
    const steps = (id: string) => stepsOf(results(), id);
    expect(steps(exchangeId(seen))).toEqual(['WAITING -> IN_PROGRESS']);
    expect(steps(exchangeId(unseen))).toEqual(['WAITING -> IN_PROGRESS']);
    expect(steps(exchangeId(ended))).toEqual(['WAITING -> COMPLETED']);
    expect(steps(diskId(disk))).toEqual(['WAITING -> IN_PROGRESS']);
  });
});

test('a job that came and ended between the list and the stream is announced in its last state', async () => {
  const gateway = await startGateway();
  const { cursor } = await listed(gateway);
  const { dataExchange, importExport } = await gateway.emulator.seed({ dataExchange: 1, importExport: 1 });
  await gateway.emulator.move(dataExchange[0] ?? '', { state: 'ERROR' });
  await gateway.emulator.move(importExport[0] ?? '', { progressCode: 'Complete' });
  const results = await transports.WebSocket(gateway, { after: cursor });
  const ids = [exchangeId(dataExchange[0]), diskId(importExport[0])];
  await until(() => ids.every((id) => idsIn(results()).includes(id)));
  await quiet();
  expect(ids.map((id) => stepsOf(results(), id))).toEqual([['null -> FAILED'], ['null -> COMPLETED']]);
});

test('jobs are announced that were created before another reader began, who took them for old', async () => {
  const gateway = await startGateway();
  const { cursor } = await listed(gateway);
  const created = await strangers(gateway, 2);
  await margin();
  const others = await transports.WebSocket(gateway, {});
  const lists = async () => Object.values(await gateway.emulator.requests()).length;
  await expect.poll(lists).toBeGreaterThan(2);
  await quiet();
  expect(others()).toEqual([]);
  const results = await transports.WebSocket(gateway, { after: cursor });
  await until(() => created.every((id) => idsIn(results()).includes(id)));
  await quiet();
  expect(idsIn(results()).toSorted()).toEqual(created.toSorted());
});

test('what the list shows is not announced, unless it was created just before', async () => {
  const gateway = await startGateway();
  await strangers(gateway, 5);
  await margin();
  const { cursor, nodes } = await listed(gateway);
  expect(nodes.length).toBeGreaterThanOrEqual(10);
  const results = await transports.WebSocket(gateway, { after: cursor });
  await quiet();
  expect(results()).toEqual([]);
});

test('the cursor costs no call, and the list is read in the same way with it and without', async () => {
  const gateway = await startGateway();
  const callsOf = async (selection: string) => {
    await gateway.emulator.forgetRequests();
    const { errors } = await gateway.ask(`{ jobs(first: 10) { ${selection} nodes { id } } }`);
    expect(errors).toBeUndefined();
    await sleep(200);
    return gateway.emulator.requests();
  };
  const plain = await callsOf('');
  expect(plain).toEqual({ 'DataExchange.ListJobs': 1, 'ImportExport.ListJobs': 1 });
  expect(await callsOf('activityCursor')).toEqual(plain);
});

test('the cursor of a filtered list and that of the list of a data set are places in the stream of all jobs', async () => {
  const gateway = await startGateway();
  const { cursor } = await listed(gateway, { states: ['FAILED'], service: 'DATA_EXCHANGE' });
  const nested = '{ dataSets(first: 1) { nodes { jobs(first: 1) { activityCursor } } } }';
  const { nodes } = field<{ nodes: { jobs: Page }[] }>((await gateway.ask(nested)).data, 'dataSets');
  const created = await strangers(gateway);
  for (const after of [cursor, nodes[0]?.jobs.activityCursor]) {
    const all = await transports.WebSocket(gateway, { after });
    const disks = await transports.WebSocket(gateway, { after, filter: { service: 'IMPORT_EXPORT' } });
    await until(() => idsIn(all()).length === 2 && idsIn(disks()).length === 1);
    await quiet();
    expect(idsIn(all()).toSorted()).toEqual(created.toSorted());
    expect(idsIn(disks())).toEqual(created.slice(1));
  }
});

test('the cursor is its caller’s own, and needs the right to read jobs', async () => {
  const gateway = await startGuarded({ ada: ['jobs:read'], bob: ['jobs:read'], eve: ['catalog:read'] });
  const cursor = pageIn(await gateway.askAs('ada', list)).activityCursor;
  const codeOf = async (name: string) => {
    const socket = await gateway.socketOf(name);
    socket.subscribe('s', activity, { after: cursor });
    await sleep(300);
    return otherEventsOf(socket.resultsOf('s')).concat(socket.typesOf('s').includes('error') ? ['refused'] : []);
  };
  expect(await codeOf('ada')).toEqual([]);
  expect(await codeOf('bob')).toEqual(['CURSOR_INVALID']);
  const refused = await gateway.askAs('eve', '{ dataSets(first: 1) { nodes { jobs { activityCursor } } } }');
  expect(refused.errors?.map(({ extensions }) => extensions?.['code'])).toContain('FORBIDDEN');
});

test('the cursor survives a restart, also for what happens while no gateway runs', async () => {
  const emulator = await startLastingEmulator();
  const env = { ...settingsOver(emulator.url), WAYBILL_DATA_DIR: temporaryFolder() };
  // For the AWS SDK.
  vi.stubEnv('AWS_REGION', 'us-east-1');
  onTestFinished(() => void vi.unstubAllEnvs());
  const awsCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  await margin();
  const first = await startGateway(env, { awsCredentials });
  const { cursor } = await listed(first);
  await first.close();
  const created = await strangers({ emulator });
  await emulator.move(dataExchange[0] ?? '', { state: 'IN_PROGRESS' });
  const second = await startGateway(env, { awsCredentials });
  const results = await transports.WebSocket(second, { after: cursor });
  await until(() => idsIn(results()).length === 3);
  await quiet();
  expect(idsIn(results()).toSorted()).toEqual([...created, exchangeId(dataExchange[0])].toSorted());
  expect(stepsOf(results(), exchangeId(dataExchange[0]))).toEqual(['WAITING -> IN_PROGRESS']);
});

test('within an event, which readers of several callers share, the cursor is null', async () => {
  const gateway = await startGateway();
  const socket = await openSocket(gateway.url);
  const nested = `subscription { jobActivity { cursor ... on JobStateChange { job { ... on DataExchangeJob {
    details { ... on ImportAssetsFromS3Details { dataSet { jobs(first: 1) { activityCursor edges { cursor } } } } }
  } } } } }`;
  socket.subscribe('s', nested);
  await quiet();
  await gateway.ask(create, { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 });
  await until(() => socket.resultsOf('s').length > 0);
  expect(JSON.stringify(socket.resultsOf('s')[0])).toContain('"activityCursor":null,"edges":[{"cursor":"');
});
