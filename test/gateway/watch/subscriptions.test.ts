import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'graphql-ws';
import { expect, test } from 'vitest';
import { dataExchangeDetails, globalId } from '../../support/examples.ts';
import { ask, field, startGateway } from '../../support/gateway.ts';

const watch = `subscription ($ids: [ID!]!, $after: String) {
  jobStateChanged(ids: $ids, after: $after) {
    __typename
    cursor
    ... on JobStateChange { previousState state job { id state isFinished } }
    ... on JobGone { id }
  }
}`;

interface Change {
  readonly __typename: string;
  readonly previousState: string | null;
  readonly state: string;
  readonly cursor: string;
  readonly job: { id: string; state: string; isFinished: boolean };
}

/** Follows a subscription in the background. */
function follow(client: Client, query: string, variables: Record<string, unknown>) {
  const events: Change[] = [];
  const errors: unknown[] = [];
  const iterator = client.iterate<Record<string, Change>>({ query, variables });
  const ended = (async () => {
    for await (const { data, errors: faults } of iterator) {
      if (faults !== undefined) errors.push(...faults);
      if (data) events.push(...Object.values(data));
    }
    return 'completed';
  })().catch((error: unknown) => error);
  return { events, errors, ended, stop: () => iterator.return?.() };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 10_000; waited += 10) await sleep(10);
  expect(condition()).toBe(true);
}

test('a job of each service is followed to its end over one socket', async () => {
  const { client, emulator } = await startGateway();
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const [awsDataExchange = ''] = dataExchange;
  const [awsImportExport = ''] = importExport;
  const ids = [globalId('DataExchangeJob', awsDataExchange), globalId('ImportExportJob', awsImportExport)];
  const watched = follow(client(), watch, { ids });
  await until(() => watched.events.length === 2);
  await emulator.move(awsDataExchange, { state: 'IN_PROGRESS' });
  await until(() => watched.events.length === 3);
  await emulator.move(awsImportExport, { progressCode: 'InProgress', locationCode: 'AtAWS' });
  await until(() => watched.events.length === 4);
  await emulator.move(awsDataExchange, { state: 'COMPLETED' });
  await emulator.move(awsImportExport, { progressCode: 'Complete' });
  expect(await watched.ended).toBe('completed');
  const steps = (id: string | undefined) =>
    watched.events.filter((event) => event.job.id === id).map((event) => [event.previousState, event.state]);
  for (const id of ids) {
    expect(steps(id)).toEqual([
      [null, 'WAITING'],
      ['WAITING', 'IN_PROGRESS'],
      ['IN_PROGRESS', 'COMPLETED'],
    ]);
  }
  expect(watched.events.every((event) => event.job.state === event.state)).toBe(true);
});

test('a reader of a job receives at once what mutations change', async () => {
  const { ask, client, emulator } = await startGateway({
    WAYBILL_POLL_MIN_MS: '3600000',
    WAYBILL_POLL_MAX_MS: '3600000',
  });
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const dataExchangeId = globalId('DataExchangeJob', dataExchange[0] ?? '');
  const importExportId = globalId('ImportExportJob', importExport[0] ?? '');
  const watched = follow(client(), watch, { ids: [dataExchangeId, importExportId] });
  await until(() => watched.events.length === 2);
  await ask('mutation ($id: ID!) { startDataExchangeJob(id: $id) { job { id } } }', { id: dataExchangeId });
  await ask('mutation ($id: ID!) { cancelJob(id: $id) { job { id } } }', { id: importExportId });
  await until(() => watched.events.length === 4);
  expect(watched.events.slice(2).map((event) => event.state)).toEqual(['IN_PROGRESS', 'CANCELLED']);
});

test('one poll serves fifty readers', async () => {
  const { client, emulator } = await startGateway({ WAYBILL_POLL_MIN_MS: '300', WAYBILL_POLL_MAX_MS: '300' });
  const { importExport } = await emulator.seed({ importExport: 1 });
  const ids = [globalId('ImportExportJob', importExport[0] ?? '')];
  const watching = Array.from({ length: 50 }, () => follow(client(), watch, { ids }));
  await until(() => watching.every((each) => each.events.length === 1));
  await emulator.forgetRequests();
  await sleep(1_500);
  const { 'ImportExport.GetStatus': polls = 0 } = await emulator.requests();
  expect(polls).toBeGreaterThanOrEqual(2);
  expect(polls).toBeLessThanOrEqual(7);
});

test('a reader that leaves ends the polling at once, and so does a socket that is terminated', async () => {
  const { client, emulator, watcher } = await startGateway({
    WAYBILL_POLL_MIN_MS: '3600000',
    WAYBILL_POLL_MAX_MS: '3600000',
  });
  const { dataExchange } = await emulator.seed({ dataExchange: 2 });
  const [first = '', second = ''] = dataExchange.map((id) => globalId('DataExchangeJob', id));
  const leaving = follow(client(), watch, { ids: [first] });
  const dying = client();
  const died = follow(dying, watch, { ids: [second] });
  await until(() => leaving.events.length === 1 && died.events.length === 1);
  expect(watcher.watchedJobs).toBe(2);
  await leaving.stop();
  await until(() => watcher.watchedJobs === 1);
  dying.terminate();
  await until(() => watcher.watchedJobs === 0);
});

test('a reader that resumes with its cursor misses nothing', async () => {
  const { client, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [awsJobId = ''] = dataExchange;
  const ids = [globalId('DataExchangeJob', awsJobId)];
  const leaving = follow(client(), watch, { ids });
  const staying = follow(client(), watch, { ids });
  await until(() => leaving.events.length === 1 && staying.events.length === 1);
  await leaving.stop();
  await emulator.move(awsJobId, { state: 'IN_PROGRESS' });
  await until(() => staying.events.length === 2);
  await emulator.move(awsJobId, { state: 'COMPLETED' });
  await staying.ended;
  const back = follow(client(), watch, { ids, after: leaving.events[0]?.cursor });
  expect(await back.ended).toBe('completed');
  expect(back.events.map((event) => [event.previousState, event.state])).toEqual([
    ['WAITING', 'IN_PROGRESS'],
    ['IN_PROGRESS', 'COMPLETED'],
  ]);
});

test('activity brings a new job and its changes', async () => {
  const { client, emulator, url } = await startGateway();
  const query =
    'subscription { jobActivity { cursor ... on JobStateChange { previousState state job { id state isFinished } } } }';
  const activity = follow(client(), query, {});
  await sleep(200);
  const { data } = await ask(
    url,
    'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { id awsJobId } } }',
    { input: { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 } },
  );
  const { job } = field<{ job: { id: string; awsJobId: string } }>(data, 'createDataExchangeJob');
  const own = () =>
    activity.events.filter((event) => event.job.id === job.id).map((event) => [event.previousState, event.state]);
  await until(() => own().length === 1);
  await emulator.move(job.awsJobId, { state: 'CANCELLED' });
  await until(() => own().length === 2);
  expect(own()).toEqual([
    [null, 'WAITING'],
    ['WAITING', 'CANCELLED'],
  ]);
});

test('a job that the service no longer has brings JobGone, and the other jobs continue', async () => {
  const { client, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [awsJobId = ''] = dataExchange;
  const missing = globalId('DataExchangeJob', 'f'.repeat(32));
  const watched = follow(client(), watch, { ids: [globalId('DataExchangeJob', awsJobId), missing] });
  await until(() => watched.events.length === 2);
  const events = watched.events.toSorted((a, b) => a.__typename.localeCompare(b.__typename));
  expect(events).toMatchObject([
    { __typename: 'JobGone', id: missing },
    { __typename: 'JobStateChange', state: 'WAITING' },
  ]);
  await emulator.move(awsJobId, { state: 'COMPLETED' });
  expect(await watched.ended).toBe('completed');
});

test.each([
  [{ ids: ['x'] }, 'INVALID_INPUT'],
  [{ ids: [] }, 'INVALID_INPUT'],
  [{ ids: [globalId('ImportExportJob', 'ABCDE')], after: 'x' }, 'CURSOR_INVALID'],
])('a refused subscription says why: %j', async (variables, code) => {
  const { client, emulator } = await startGateway();
  await emulator.forgetRequests();
  const watched = follow(client(), watch, variables);
  await watched.ended;
  expect(watched.errors).toMatchObject([{ extensions: { code } }]);
  expect(await emulator.requests()).toEqual({});
});

test('a broken document is the error of its own operation, not of the socket', async () => {
  const { client, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [awsJobId = ''] = dataExchange;
  const socket = client();
  const healthy = follow(socket, watch, { ids: [globalId('DataExchangeJob', awsJobId)] });
  await until(() => healthy.events.length === 1);
  expect(await follow(socket, '{', {}).ended).toMatchObject([{ message: expect.stringContaining('Syntax Error') }]);
  expect(await follow(socket, '{ nothing }', {}).ended).toMatchObject([
    { message: expect.stringContaining('nothing') },
  ]);
  await emulator.move(awsJobId, { state: 'COMPLETED' });
  expect(await healthy.ended).toBe('completed');
});

test('queries and mutations work over the socket too', async () => {
  const { client } = await startGateway();
  const results = client().iterate<{ jobs: { nodes: unknown[] } }>({ query: '{ jobs(first: 1) { nodes { id } } }' });
  const { value } = await results.next();
  expect(value?.data?.jobs.nodes).toHaveLength(1);
});

test('the same events come over Server-Sent Events', async () => {
  const { url, emulator, watcher } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [awsJobId = ''] = dataExchange;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: watch, variables: { ids: [globalId('DataExchangeJob', awsJobId)] } }),
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const decoder = new TextDecoder();
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })();
  await until(() => text.includes('"WAITING"'));
  await emulator.move(awsJobId, { state: 'COMPLETED' });
  await reading;
  expect(text).toContain('"COMPLETED"');
  expect(text).toMatch(/event: complete/);
  expect(watcher.watchedJobs).toBe(0);
});

test('a reader of Server-Sent Events that disconnects ends the polling', async () => {
  const { url, emulator, watcher } = await startGateway({
    WAYBILL_POLL_MIN_MS: '3600000',
    WAYBILL_POLL_MAX_MS: '3600000',
  });
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const leaving = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    signal: leaving.signal,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: watch, variables: { ids: [globalId('DataExchangeJob', dataExchange[0] ?? '')] } }),
  });
  await response.body?.getReader().read();
  await until(() => watcher.watchedJobs === 1);
  leaving.abort();
  await until(() => watcher.watchedJobs === 0);
});

test('a service that is down for a while only delays events', async () => {
  const { client, emulator } = await startGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [awsJobId = ''] = dataExchange;
  const watched = follow(client(), watch, { ids: [globalId('DataExchangeJob', awsJobId)] });
  await until(() => watched.events.length === 1);
  await emulator.fail('DataExchange.*', { status: 503 }, 5);
  await emulator.move(awsJobId, { state: 'COMPLETED' });
  expect(await watched.ended).toBe('completed');
  expect(watched.errors).toEqual([]);
});
