/** What concurrent callers share and do not share. The cursors and keys of one caller do not work for another. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { dataExchangeDetails, globalId, manifests } from '../../support/examples.ts';
import { field, temporaryFolder } from '../../support/gateway.ts';
import { codesOf, everyRight, type GuardedGateway, startGuarded } from '../../support/guarded-gateway.ts';
import { startLastingEmulator } from '../../support/lasting-emulator.ts';
import { cursorsOf, type LiveResult, until, watchJobs } from '../../support/live.ts';
import { RecordingStore } from '../../support/memory-store.ts';
import { knownKey } from '../../unit/backends/calls/world.ts';

const manifestOf = 'query ($id: ID!) { job(id: $id) { id ... on ImportExportJob { progress { code } manifest } } }';

async function oneImportExportJob(gateway: { emulator: Awaited<ReturnType<typeof startGuarded>>['emulator'] }) {
  const { importExport } = await gateway.emulator.seed({ importExport: 1 });
  await gateway.emulator.forgetRequests();
  const [awsJobId = ''] = importExport;
  return { awsJobId, id: globalId('ImportExportJob', awsJobId) };
}

test('Callers who request one job at the same moment each get an answer by their own rights', async () => {
  const gateway = await startGuarded({ all: everyRight, reader: ['jobs:read'], nobody: ['jobs:write'] });
  const { id } = await oneImportExportJob(gateway);
  const [all, reader, nobody] = await Promise.all(
    ['all', 'reader', 'nobody'].map((name) => gateway.askAs(name, manifestOf, { id })),
  );
  expect(all).toEqual({ data: { job: { id, progress: { code: 'Pending' }, manifest: expect.any(String) } } });
  expect(reader?.data).toEqual({ job: { id, progress: { code: 'Pending' }, manifest: null } });
  expect(codesOf(reader ?? {})).toEqual(['FORBIDDEN']);
  expect(nobody).toMatchObject({ data: { job: null }, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
});

test('A read that failed for one caller is made again for the next', async () => {
  const gateway = await startGuarded({ a: everyRight, b: everyRight });
  const { id } = await oneImportExportJob(gateway);
  await gateway.emulator.fail('ImportExport.GetStatus', { status: 400, body: '<Error/>' });
  const ask = (name: string) => gateway.askAs(name, manifestOf, { id });
  expect(codesOf(await ask('a'))).not.toEqual([]);
  expect(codesOf(await ask('b'))).toEqual([]);
  expect(codesOf(await ask('a'))).toEqual([]);
});

test('Each event has its own reads', async () => {
  const gateway = await startGuarded({ all: everyRight });
  const { awsJobId, id } = await oneImportExportJob(gateway);
  const query = `subscription ($ids: [ID!]!) {
    jobStateChanged(ids: $ids) { ... on JobStateChange { state job { ... on ImportExportJob { a: artifacts { url } b: manifest } } } }
  }`;
  const socket = await gateway.socketOf('all');
  socket.subscribe('s', query, { ids: [id] });
  await until(() => socket.resultsOf('s').length === 1);
  const text = (result: LiveResult | undefined): string =>
    field<{ job: { b: string } }>(result?.data as never, 'jobStateChanged').job.b;
  expect(text(socket.resultsOf('s')[0])).not.toContain('OTHER-DISK');
  const update = `mutation ($id: ID!, $input: UpdateImportExportJobInput!) {
    updateImportExportJob(id: $id, input: $input) { userErrors { message } }
  }`;
  const changed = { importToS3: { ...manifests.importToS3.importToS3, deviceId: 'OTHER-DISK' } };
  expect(await gateway.askAs('all', update, { id, input: { manifest: changed } })).toEqual({
    data: { updateImportExportJob: { userErrors: [] } },
  });
  await gateway.emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
  await until(() => socket.resultsOf('s').length === 2);
  expect(text(socket.resultsOf('s')[1])).toContain('OTHER-DISK');
});

test('Subscribers to one job share only its polling, and a refused subscriber adds no poll', async () => {
  const gateway = await startGuarded({ all: everyRight, reader: ['jobs:read'], nobody: ['jobs:secrets'] });
  const { awsJobId, id } = await oneImportExportJob(gateway);
  const query = `subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { state job { ... on ImportExportJob { manifest } } } } }`;
  const [all, reader, nobody] = await Promise.all(['all', 'reader', 'nobody'].map((name) => gateway.socketOf(name)));
  for (const socket of [all, reader, nobody]) socket?.subscribe('s', query, { ids: [id] });
  await until(() => all?.resultsOf('s').length === 1 && reader?.resultsOf('s').length === 1);
  await until(() => nobody?.typesOf('s').includes('complete') === true);
  expect(gateway.watcher.watchedJobs).toBe(1);
  expect(all?.resultsOf('s')).toMatchObject([{ data: { jobStateChanged: { job: { manifest: expect.any(String) } } } }]);
  expect(reader?.resultsOf('s')).toMatchObject([
    { data: { jobStateChanged: { job: { manifest: null } } }, errors: [{ extensions: { code: 'FORBIDDEN' } }] },
  ]);
  expect(nobody?.resultsOf('s').map(codesOf)).toEqual([['FORBIDDEN']]);
  all?.send({ type: 'complete', id: 's' });
  await gateway.emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
  await until(() => reader?.resultsOf('s').length === 2);
  expect([all?.resultsOf('s').length, nobody?.resultsOf('s').length]).toEqual([1, 1]);
  expect(gateway.watcher.watchedJobs).toBe(1);
});

test('A state is read once for all callers, a signed URL and a secret once for each', async () => {
  const gateway = await startGuarded({ a: everyRight, b: everyRight, reader: ['jobs:read'] });
  const create = `mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id } } }`;
  const input = { details: dataExchangeDetails.IMPORT_ASSET_FROM_SIGNED_URL };
  const { data } = await gateway.askAs('a', create, { input });
  const { id } = field<{ job: { id: string } }>(data, 'createDataExchangeJob').job;
  await gateway.emulator.forgetRequests();
  const query = `query ($id: ID!) { job(id: $id) { state ... on DataExchangeJob {
    details { ... on ImportAssetFromSignedUrlDetails { upload { url } } } } } }`;
  const [a, b, reader] = await Promise.all(['a', 'b', 'reader'].map((name) => gateway.askAs(name, query, { id })));
  expect([a, b].map((each) => codesOf(each ?? {}))).toEqual([[], []]);
  expect(reader).toMatchObject({ data: { job: { details: { upload: null } } } });
  expect(codesOf(reader ?? {})).toEqual(['FORBIDDEN']);
  const { 'DataExchange.GetJob': reads } = await gateway.emulator.requests();
  // One read of the state, which all three share, at most one more if one came too late, and one for each of the two
  // URLs.
  expect(reads).toBeGreaterThanOrEqual(2);
  expect(JSON.stringify(a)).not.toBe(JSON.stringify(reader));
});

test('The result of an event for one caller is not sent to another, even with equal rights', async () => {
  const gateway = await startGuarded({ a: everyRight, b: everyRight });
  const { id } = await oneImportExportJob(gateway);
  const [a, b] = [await gateway.socketOf('a'), await gateway.socketOf('b')];
  for (const socket of [a, b]) socket.subscribe('s', watchJobs, { ids: [id] });
  await until(() => a.resultsOf('s').length === 1 && b.resultsOf('s').length === 1);
  const [mine = ''] = cursorsOf(a.resultsOf('s'));
  const [yours = ''] = cursorsOf(b.resultsOf('s'));
  expect(mine).not.toBe(yours);
  b.subscribe('theirs', watchJobs, { ids: [id], after: mine });
  b.subscribe('own', watchJobs, { ids: [id], after: yours });
  await until(() => b.typesOf('theirs').includes('complete'));
  expect(b.resultsOf('theirs').map(codesOf)).toEqual([['CURSOR_INVALID']]);
  expect(b.resultsOf('own')).toEqual([]);
  const stream = await gateway.eventsOf('b', watchJobs, { ids: [id] }, { 'last-event-id': mine });
  await stream.ended;
  expect(stream.results().map(codesOf)).toEqual([['CURSOR_INVALID']]);
});

test('A slow reader finds only its own events in its queue', async () => {
  const gateway = await startGuarded({ alice: everyRight, bob: everyRight });
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 2 });
  const ids = dataExchange.map((id) => globalId('DataExchangeJob', id));
  const sockets = [await gateway.socketOf('alice'), await gateway.socketOf('bob')];
  for (const [index, socket] of sockets.entries()) socket.subscribe('s', watchJobs, { ids: [ids[index]] });
  await until(() => sockets.every((socket) => socket.resultsOf('s').length === 1));
  for (const socket of sockets) socket.socket.pause();
  for (const state of ['IN_PROGRESS', 'COMPLETED'])
    for (const id of dataExchange) await gateway.emulator.move(id, { state });
  await until(() => gateway.watcher.watchedJobs === 0);
  for (const socket of sockets) socket.socket.resume();
  await until(() => sockets.every((socket) => socket.typesOf('s').at(-1) === 'complete'));
  for (const [index, socket] of sockets.entries()) {
    const changes = socket.resultsOf('s').map(({ data }) => data?.['jobStateChanged']);
    expect(new Set(changes.map((change) => change?.job.id))).toEqual(new Set([ids[index]]));
    expect(changes.at(-1)?.state).toBe('COMPLETED');
  }
});

test('One idempotency key of two callers makes two jobs, and each repeat returns the caller’s own', async () => {
  const gateway = await startGuarded({ a: everyRight, b: everyRight });
  const query =
    'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id } } }';
  const input = { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3, idempotencyKey: 'order-4711-attempt-1' };
  await gateway.emulator.forgetRequests();
  const create = async (name: string) => {
    const { data } = await gateway.askAs(name, query, { input });
    return field<{ job: { id: string } }>(data, 'createDataExchangeJob').job.id;
  };
  const [a, b] = await Promise.all([create('a'), create('b')]);
  expect(a).not.toBe(b);
  expect([await create('a'), await create('b')]).toEqual([a, b]);
  expect(await gateway.emulator.requests()).toMatchObject({ 'DataExchange.CreateJob': 2 });
  const other = { details: dataExchangeDetails.EXPORT_ASSETS_TO_S3, idempotencyKey: input.idempotencyKey };
  const mismatch =
    'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { userErrors { code } } }';
  expect((await gateway.askAs('b', mismatch, { input: other })).data).toEqual({
    createDataExchangeJob: { userErrors: [{ code: 'IDEMPOTENCY_MISMATCH' }] },
  });
});

test('One key of two callers means two jobs after a restart too', async () => {
  vi.stubEnv('AWS_REGION', 'us-east-1');
  onTestFinished(() => void vi.unstubAllEnvs());
  const emulator = await startLastingEmulator();
  const env = { WAYBILL_BACKEND: 'aws', AWS_ENDPOINT_URL: emulator.url, WAYBILL_DATA_DIR: temporaryFolder() };
  const start = () => startGuarded({ a: everyRight, b: everyRight }, env, undefined, { awsCredentials: knownKey });
  const create = async (gateway: GuardedGateway, name: string) => {
    const query =
      'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id } } }';
    const input = { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3, idempotencyKey: 'order-4711-attempt-1' };
    const { data } = await gateway.askAs(name, query, { input });
    return field<{ job: { id: string } }>(data, 'createDataExchangeJob').job.id;
  };
  const first = await start();
  const [a, b] = [await create(first, 'a'), await create(first, 'b')];
  expect(a).not.toBe(b);
  await first.close();
  const second = await start();
  expect([await create(second, 'a'), await create(second, 'b')]).toEqual([a, b]);
  expect(await emulator.requests()).toMatchObject({ 'DataExchange.CreateJob': 2 });
});

test('The cursor of a list is valid only for the caller who received it', async () => {
  const gateway = await startGuarded({ a: everyRight, b: everyRight });
  const page = 'query ($after: String) { jobs(first: 2, after: $after) { edges { cursor } pageInfo { endCursor } } }';
  const { data } = await gateway.askAs('a', page);
  const after = field<{ pageInfo: { endCursor: string } }>(data, 'jobs').pageInfo.endCursor;
  await gateway.emulator.forgetRequests();
  expect(codesOf(await gateway.askAs('b', page, { after }))).toEqual(['INVALID_INPUT']);
  const [payload = '', signature = ''] = after.split('.');
  for (const forged of [
    payload,
    `${payload}.`,
    `${payload}.${signature}A`,
    `${payload}=.${signature}`,
    `${after}.${signature}`,
  ])
    expect(codesOf(await gateway.askAs('a', page, { after: forged }))).toEqual(['INVALID_INPUT']);
  expect(await gateway.emulator.requests()).toEqual({});
  expect(codesOf(await gateway.askAs('a', page, { after }))).toEqual([]);
});

test('A change of one reply does not change another', async () => {
  const gateway = await startGuarded({ a: everyRight, b: everyRight });
  const { id } = await oneImportExportJob(gateway);
  const [a, b] = [await gateway.socketOf('a'), await gateway.socketOf('b')];
  await gateway.emulator.fail('ImportExport.GetStatus', { status: 503 }, 20);
  const query = 'query ($id: ID!) { x: job(id: $id) { state } y: job(id: $id) { state } }';
  a.subscribe('q', query, { id });
  b.subscribe('q', query, { id });
  await until(() => [a, b].every((socket) => socket.typesOf('q').includes('complete')));
  const [mine, yours] = [a, b].map((socket) => socket.resultsOf('q')[0]);
  expect(mine).toEqual(yours);
  expect(mine?.errors).toMatchObject([
    { path: ['x'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    { path: ['y'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
  ]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('A key that another caller has used is treated like an unused one, and costs the same work', async () => {
  const store = new RecordingStore();
  const gateway = await startGuarded({ a: everyRight, b: everyRight, c: everyRight }, {}, undefined, { store });
  const query =
    'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id } } }';
  const create = async (name: string, idempotencyKey: string) => {
    await gateway.emulator.forgetRequests();
    const begun = store.steps.length;
    const details = dataExchangeDetails.IMPORT_ASSETS_FROM_S3;
    const answer = await gateway.askAs(name, query, { input: { details, idempotencyKey } });
    // The gateway waits only for the store and the services: these are their steps, in order.
    const work = { steps: store.steps.slice(begun), calls: await gateway.emulator.requests() };
    return { size: JSON.stringify(answer).length, members: Object.keys(answer), ...work };
  };
  await create('a', 'order-4711-attempt-1');
  const used = await create('b', 'order-4711-attempt-1');
  expect(used.steps).toContainEqual(expect.stringMatching(/^write creates\b.* durable$/));
  expect(used).toEqual(await create('c', 'order-4711-attempt-2'));
  // A key that the caller has used itself does look different, or the comparison would prove nothing.
  expect(await create('b', 'order-4711-attempt-1')).not.toEqual(used);
});
