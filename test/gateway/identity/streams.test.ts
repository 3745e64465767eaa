/** Streams whose caller loses rights or never had them send nothing more, and nothing is polled for them. */
import { expect, test } from 'vitest';
import type { Scope } from '../../../src/identity/caller.ts';
import { globalId } from '../../support/examples.ts';
import { codesOf, everyRight, type GuardedGateway, startGuarded } from '../../support/guarded-gateway.ts';
import { cursorsOf, type LiveResult, stepsOf, until, watchJobs } from '../../support/live.ts';

const reading: readonly Scope[] = ['jobs:read'];

async function waitingJob({ emulator }: GuardedGateway): Promise<{ awsJobId: string; id: string }> {
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [awsJobId = ''] = dataExchange;
  return { awsJobId, id: globalId('DataExchangeJob', awsJobId) };
}

const inFuture = (ms: number): string => new Date(Date.now() + ms).toISOString();

const dataOf = (results: readonly LiveResult[]): LiveResult[] => results.filter(({ data }) => data != null);

test('when a token expires its sockets are closed with 4403, its streams end, and nothing is sent afterwards', async () => {
  const gateway = await startGuarded({ viewer: reading, other: reading });
  const { awsJobId, id } = await waitingJob(gateway);
  await gateway.change('viewer', { expiresAt: inFuture(4_000) });
  const other = await gateway.socketOf('other');
  const socket = await gateway.socketOf('viewer');
  const stream = await gateway.eventsOf('viewer', watchJobs, { ids: [id] });
  for (const each of [socket, other]) each.subscribe('s', watchJobs, { ids: [id] });
  await until(() => socket.resultsOf('s').length === 1 && stream.results().length === 1);
  await until(() => socket.closed !== undefined);
  await stream.ended;
  expect(socket.closed).toEqual({ code: 4403, reason: 'Forbidden' });
  expect(stream.results().slice(1)).toMatchObject([
    { errors: [{ extensions: { code: 'FORBIDDEN', scope: 'jobs:read' } }] },
  ]);
  await gateway.emulator.move(awsJobId, { state: 'IN_PROGRESS' });
  await until(() => other.resultsOf('s').length === 2);
  expect([socket.resultsOf('s').length, dataOf(stream.results()).length]).toEqual([1, 1]);
  expect(await gateway.askAs('viewer', '{ jobs { nodes { id } } }')).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
});

test('within seconds of the removal of a token its sockets and streams end and its requests are refused', async () => {
  const gateway = await startGuarded({ viewer: reading, other: reading });
  const { awsJobId, id } = await waitingJob(gateway);
  const [socket, other] = [await gateway.socketOf('viewer'), await gateway.socketOf('other')];
  const stream = await gateway.eventsOf('viewer', watchJobs, { ids: [id] });
  for (const each of [socket, other]) each.subscribe('s', watchJobs, { ids: [id] });
  await until(() => socket.resultsOf('s').length === 1 && stream.results().length === 1);
  await gateway.remove('viewer');
  await until(() => socket.closed !== undefined);
  await stream.ended;
  expect(socket.closed?.code).toBe(4403);
  await gateway.emulator.move(awsJobId, { state: 'IN_PROGRESS' });
  await until(() => other.resultsOf('s').length === 2);
  expect([socket.resultsOf('s').length, dataOf(stream.results()).length]).toEqual([1, 1]);
  expect(codesOf(await gateway.askAs('viewer', '{ __typename }'))).toEqual(['UNAUTHENTICATED']);
  expect(other.closed).toBeUndefined();
});

test('after rights are reduced the next event is withheld, and the operation ends with FORBIDDEN', async () => {
  const gateway = await startGuarded({ viewer: reading, other: reading });
  const { awsJobId, id } = await waitingJob(gateway);
  const [socket, other] = [await gateway.socketOf('viewer'), await gateway.socketOf('other')];
  const stream = await gateway.eventsOf('viewer', watchJobs, { ids: [id] });
  for (const each of [socket, other]) each.subscribe('s', watchJobs, { ids: [id] });
  await until(() => socket.resultsOf('s').length === 1 && stream.results().length === 1);
  await gateway.change('viewer', { scopes: ['schema:read'] });
  await untilAsync(async () => codesOf(await gateway.askAs('viewer', '{ jobs { nodes { id } } }'))[0] === 'FORBIDDEN');
  await gateway.emulator.move(awsJobId, { state: 'IN_PROGRESS' });
  await until(() => other.resultsOf('s').length === 2 && socket.typesOf('s').length === 2);
  await stream.ended;
  expect(socket.typesOf('s')).toEqual(['next', 'error']);
  expect(JSON.stringify(socket.frames.at(-1))).toContain('FORBIDDEN');
  expect(JSON.stringify(socket.frames.at(-1))).not.toContain('IN_PROGRESS');
  expect(stream.results().slice(1)).toMatchObject([{ errors: [{ extensions: { code: 'FORBIDDEN' } }] }]);
  expect(dataOf(stream.results()).length).toBe(1);
  expect(socket.closed).toBeUndefined();
});

test('after jobs:secrets is removed the stream goes on without secrets', async () => {
  const gateway = await startGuarded({ viewer: ['jobs:read', 'jobs:secrets'] });
  const { importExport } = await gateway.emulator.seed({ importExport: 1 });
  const [awsJobId = ''] = importExport;
  const query = `subscription ($ids: [ID!]!) {
    jobStateChanged(ids: $ids) { ... on JobStateChange { state job { ... on ImportExportJob { manifest } } } }
  }`;
  const socket = await gateway.socketOf('viewer');
  socket.subscribe('s', query, { ids: [globalId('ImportExportJob', awsJobId)] });
  await until(() => socket.resultsOf('s').length === 1);
  await gateway.change('viewer', { scopes: ['jobs:read'] });
  const manifestQuery =
    '{ jobs(filter: { service: IMPORT_EXPORT }, first: 1) { nodes { ... on ImportExportJob { manifest } } } }';
  await untilAsync(async () => codesOf(await gateway.askAs('viewer', manifestQuery))[0] === 'FORBIDDEN');
  await gateway.emulator.move(awsJobId, { progressCode: 'InProgress', locationCode: 'AtAWS' });
  await until(() => socket.resultsOf('s').length === 2);
  const [first, second] = socket.resultsOf('s');
  expect(first).toMatchObject({ data: { jobStateChanged: { job: { manifest: expect.any(String) } } } });
  expect(second).toMatchObject({
    data: { jobStateChanged: { state: 'IN_PROGRESS', job: { manifest: null } } },
    errors: [{ path: ['jobStateChanged', 'job', 'manifest'], extensions: { code: 'FORBIDDEN' } }],
  });
});

test('a client that reconnects with a new token resumes at the cursor, without a gap or a repeat', async () => {
  const gateway = await startGuarded({ viewer: reading, other: reading });
  const { awsJobId, id } = await waitingJob(gateway);
  const [socket, other] = [await gateway.socketOf('viewer'), await gateway.socketOf('other')];
  for (const each of [socket, other]) each.subscribe('s', watchJobs, { ids: [id] });
  await until(() => socket.resultsOf('s').length === 1 && other.resultsOf('s').length === 1);
  const [after = ''] = cursorsOf(socket.resultsOf('s'));
  await gateway.renew('viewer');
  await until(() => socket.closed !== undefined);
  expect(socket.closed?.code).toBe(4403);
  await gateway.emulator.move(awsJobId, { state: 'IN_PROGRESS' });
  await until(() => other.resultsOf('s').length === 2);
  const back = await gateway.socketOf('viewer');
  back.subscribe('s', watchJobs, { ids: [id], after });
  await until(() => back.resultsOf('s').length === 1);
  await gateway.emulator.move(awsJobId, { state: 'COMPLETED' });
  await until(() => back.typesOf('s').at(-1) === 'complete');
  expect(stepsOf([...socket.resultsOf('s'), ...back.resultsOf('s')])).toEqual(stepsOf(other.resultsOf('s')));
});

test('the caller of a socket is the owner of its token, whatever else its messages claim', async () => {
  const gateway = await startGuarded({ viewer: reading, admin: everyRight });
  const { id } = await waitingJob(gateway);
  await gateway.emulator.forgetRequests();
  const admin = `Bearer ${gateway.tokenOf('admin')}`;
  const claims = { user: 'admin', name: 'admin', scopes: everyRight, token: admin, headers: { authorization: admin } };
  const socket = await gateway.socketOf('viewer', { ...claims, caller: { id: 'token:admin', scopes: everyRight } });
  const query = 'mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { id } } }';
  socket.send({
    type: 'subscribe',
    id: 'm',
    payload: { query, variables: { id }, extensions: claims, ...{ caller: claims, authorization: admin } },
  });
  await until(() => socket.typesOf('m').includes('complete'));
  expect(socket.resultsOf('m').map(codesOf)).toEqual([['FORBIDDEN']]);
  expect(await gateway.emulator.requests()).toEqual({});
});

test('a subscription without jobs:read is refused, and nothing is polled', async () => {
  const gateway = await startGuarded({ nobody: ['jobs:write', 'jobs:secrets', 'schema:read'] });
  const { id } = await waitingJob(gateway);
  await gateway.emulator.forgetRequests();
  const socket = await gateway.socketOf('nobody');
  socket.subscribe('a', watchJobs, { ids: [id] });
  socket.subscribe('b', 'subscription { jobActivity { ... on JobStateChange { state } } }');
  await until(() => socket.typesOf('a').length > 0 && socket.typesOf('b').length > 0);
  const stream = await gateway.eventsOf('nobody', watchJobs, { ids: [id] });
  await stream.ended;
  expect(stream.results().map(codesOf)).toEqual([['FORBIDDEN']]);
  for (const each of ['a', 'b'])
    expect(JSON.stringify(socket.frames.filter((frame) => frame.id === each))).toContain('FORBIDDEN');
  expect(gateway.watcher.watchedJobs).toBe(0);
  expect(await gateway.emulator.requests()).toEqual({});
});

async function untilAsync(condition: () => Promise<boolean>): Promise<void> {
  let isMet = false;
  for (let tries = 0; !isMet && tries < 500; tries += 1) {
    isMet = await condition();
    if (!isMet) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(isMet).toBe(true);
}
