/** The shutdown with many operations under way, during the start, and after uncaught errors. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startChildGateway } from '../../support/child-gateway.ts';
import type { EmulatorControl } from '../../support/emulator-control.ts';
import { dataExchangeDetails, globalId } from '../../support/examples.ts';
import { type Answer, ask, temporaryFolder } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { openSocket, watchJobs } from '../../support/live.ts';
import { onSignal, preload } from '../../support/preload.ts';
import { askOver } from '../../support/transports.ts';

const readJob = 'query ($id: ID!) { job(id: $id) { state } }';
const create = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id } userErrors { code } } }`;
const input = { idempotencyKey: 'order-4711-attempt-1', details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 };

async function statusOf(url: string, path: string): Promise<number> {
  const response = await fetch(new URL(path, url));
  await response.text();
  return response.status;
}

/** The log records, except those of operations. */
function recordsIn(stderr: string): Record<string, unknown>[] {
  const records = stderr.split('\n').filter((line) => line !== '');
  return records.map((line) => JSON.parse(line)).filter(({ level }) => level !== 'info');
}

/** Long enough for a busy machine. */
const patience = { timeout: 10_000 };

async function hasReached(emulator: EmulatorControl, operation: string): Promise<void> {
  await expect.poll(async () => (await emulator.requests())[operation] ?? 0, patience).toBeGreaterThan(0);
}

const groupSize = 50;

/** Reports each request on stdout. */
const counting = preload(`import { subscribe } from 'node:diagnostics_channel';
  let requests = 0;
  subscribe('http.server.request.start', () => {
    requests += 1;
    console.log(requests + ' received');
  });`);

test('a thousand requests in flight at SIGTERM are all answered', async () => {
  const emulator = await startLastingEmulator();
  const { url, stop, stdout, stderr } = await startChildGateway(settingsOver(emulator.url), { nodeArgs: counting });
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const id = globalId('DataExchangeJob', dataExchange[0] ?? '');
  await emulator.fail('DataExchange.*', { delayMs: 2_000 }, 10_000);
  const pending: Promise<Answer>[] = [];
  // In groups, as a busy machine would be overloaded by all at once. What is answered after a group has waited behind it.
  for (let group = 0; group < 20; group += 1) {
    pending.push(...Array.from({ length: groupSize }, () => ask(url, readJob, { id })));
    const received = `\n${pending.length + group} received`;
    await expect.poll(stdout, { timeout: 30_000, interval: 5 }).toContain(received);
    await ask(url, '{ __typename }');
  }
  const ended = stop();
  const answers = await Promise.all(pending);
  // On a slow machine the service may time out, which is an answer as well.
  const codes = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => String(extensions?.['code'])));
  expect(codes.filter((code) => !code.startsWith('UPSTREAM_'))).toEqual([]);
  expect(new Set(answers.map(({ data }) => data && Object.keys(data).join()))).toEqual(new Set(['job']));
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(recordsIn(stderr())).toEqual([]);
}, 60_000);

/** Sends itself SIGTERM as soon as its store is open. */
const stoppedEarly = preload(`import fs from 'node:fs';
  const check = setInterval(() => {
    if (!fs.existsSync(process.env.WAYBILL_DATA_DIR + '/store')) return;
    clearInterval(check);
    process.kill(process.pid, 'SIGTERM');
  }, 1);`);

test('a SIGTERM during the start shuts it down in order, and the next start succeeds', async () => {
  const emulator = await startLastingEmulator();
  const env = { ...settingsOver(emulator.url), WAYBILL_DATA_DIR: join(temporaryFolder(), 'data') };
  const first = await startChildGateway(env, { nodeArgs: stoppedEarly }).catch((error: Error) => error);
  if (first instanceof Error) expect(first.message).toMatch(/received exit 0: $/);
  else expect(await first.exit).toEqual({ code: 0, signal: null });
  expect(existsSync(env.WAYBILL_DATA_DIR) && readdirSync(env.WAYBILL_DATA_DIR)).toContain('store');
  const second = await startChildGateway(env);
  expect(await statusOf(second.url, '/readyz')).toBe(200);
});

test('a SIGTERM during the search for the job of a lost create leaves a record that the next start settles', async () => {
  const emulator = await startLastingEmulator();
  const env = { ...settingsOver(emulator.url), WAYBILL_DATA_DIR: temporaryFolder() };
  const first = await startChildGateway(env);
  await emulator.fail('DataExchange.CreateJob', { reset: true, afterCommit: true });
  await emulator.fail('DataExchange.ListJobs', { never: true }, 1_000);
  const pending = ask(first.url, create, { input }).catch(() => undefined);
  await hasReached(emulator, 'DataExchange.ListJobs');
  expect((await first.stop()).signal).toBeNull();
  await pending;
  await emulator.heal();
  const second = await startChildGateway(env);
  const settled = async (): Promise<Answer> => ask(second.url, create, { input });
  await expect.poll(settled, { timeout: 15_000, interval: 250 }).toMatchObject({ extensions: { replayed: true } });
  expect((await emulator.requests())['DataExchange.CreateJob']).toBe(1);
}, 60_000);

/** Extends the timeouts of calls to the services. */
const patient = preload(`const { setTimeout } = globalThis;
  globalThis.setTimeout = (callback, ms, ...rest) => setTimeout(callback, ms === 3_000 || ms === 8_000 ? 60_000 : ms, ...rest);`);

/** A client of graphql-ws on one socket without reconnects; `received` has everything up to the close code. */
function socketClient(url: string) {
  const received: unknown[] = [];
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: false,
    on: { closed: (event) => received.push((event as { readonly code: number }).code) },
    onNonLazyError: () => {},
  });
  onTestFinished(() => void client.dispose());
  const ask = (query: string, variables: Record<string, unknown>): void => {
    client.subscribe(
      { query, variables },
      {
        next: (result) => received.push(result),
        error: (error) => received.push(Array.isArray(error) ? 'errors' : 'lost'),
        complete: () => received.push('complete'),
      },
    );
  };
  return { received, ask };
}

test('operations under way at SIGTERM are answered on each transport, and a socket is closed after its last answer', async () => {
  const emulator = await startLastingEmulator();
  const { url, kill, exit, stderr } = await startChildGateway(settingsOver(emulator.url), { nodeArgs: patient });
  const { importExport, dataExchange } = await emulator.seed({ importExport: 1, dataExchange: 1 });
  const variables = { id: globalId('ImportExportJob', importExport[0] ?? '') };
  const socket = socketClient(url);
  const reader = socketClient(url);
  reader.ask(watchJobs, { ids: [globalId('DataExchangeJob', dataExchange[0] ?? '')] });
  await expect.poll(() => reader.received.length, patience).toBe(1);
  // During the first two seconds the gateway waits for the balancer.
  await emulator.fail('ImportExport.GetStatus', { delayMs: 4_000 }, 10);
  await emulator.fail('DataExchange.CreateJob', { delayMs: 4_000 });
  const pending = (['HTTP', 'SSE'] as const).map((transport) =>
    askOver(transport, { url }, { query: readJob, variables }),
  );
  socket.ask(readJob, variables);
  socket.ask(create, { input });
  await hasReached(emulator, 'ImportExport.GetStatus');
  await hasReached(emulator, 'DataExchange.CreateJob');
  kill('SIGTERM');
  expect(await Promise.all(pending)).toEqual([
    { data: { job: { state: 'WAITING' } } },
    { data: { job: { state: 'WAITING' } } },
  ]);
  expect(await exit).toEqual({ code: 0, signal: null });
  const created = { createDataExchangeJob: { job: { id: expect.any(String) }, userErrors: [] } };
  expect(socket.received).toHaveLength(5);
  expect(socket.received).toEqual(
    expect.arrayContaining([{ data: { job: { state: 'WAITING' } } }, { data: created }, 'complete', 1012]),
  );
  expect(socket.received.at(-1)).toBe(1012);
  expect(reader.received.slice(1)).toEqual([1012, 'lost']);
  expect(recordsIn(stderr())).toEqual([]);
}, 60_000);

test('an unanswered query over a socket does not keep the process running, and is logged at the end', async () => {
  const emulator = await startLastingEmulator();
  const { url, kill, exit, stderr } = await startChildGateway(settingsOver(emulator.url), { nodeArgs: patient });
  const { importExport } = await emulator.seed({ importExport: 1 });
  const socket = socketClient(url);
  await emulator.fail('ImportExport.GetStatus', { never: true }, 10);
  socket.ask(readJob, { id: globalId('ImportExportJob', importExport[0] ?? '') });
  await hasReached(emulator, 'ImportExport.GetStatus');
  kill('SIGTERM');
  expect(await exit).toEqual({ code: 0, signal: null });
  expect(socket.received).toEqual(expect.arrayContaining(['lost', 1012]));
  expect(recordsIn(stderr())).toMatchObject([{ level: 'warn', abandoned: { requests: 0, sockets: 1, creates: 0 } }]);
}, 60_000);

test('what is not closed in time is cut off, and the last line logs only the numbers', async () => {
  const emulator = await startLastingEmulator();
  const { url, exit, kill, stderr } = await startChildGateway(settingsOver(emulator.url), { nodeArgs: patient });
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const id = globalId('DataExchangeJob', dataExchange[0] ?? '');
  const unresponsive = await openSocket(url);
  unresponsive.socket.pause();
  await emulator.fail('DataExchange.*', { never: true }, 1_000);
  const pending = [ask(url, create, { input }), ask(url, readJob, { id })].map((answer) =>
    answer.catch(() => 'cut off'),
  );
  await hasReached(emulator, 'DataExchange.CreateJob');
  kill('SIGTERM');
  expect(await exit).toEqual({ code: 1, signal: null });
  expect(await Promise.all(pending)).toContain('cut off');
  const last = recordsIn(stderr()).at(-1);
  expect(last).toEqual({
    level: 'error',
    time: expect.any(String),
    abandoned: { requests: expect.any(Number), sockets: 1, creates: 1 },
    msg: 'not everything was closed within 10000 ms',
  });
}, 60_000);

test.each([
  ['an uncaught error', `throw new Error('planted')`],
  ['an unhandled rejection', `Promise.reject(new Error('planted'))`],
])('after %s it refuses new operations, finishes those under way, and exits with 1', async (_, code) => {
  const emulator = await startLastingEmulator();
  const nodeArgs = onSignal('SIGWINCH', code);
  const { url, exit, kill, stderr } = await startChildGateway(settingsOver(emulator.url), { nodeArgs });
  const { importExport } = await emulator.seed({ importExport: 1 });
  const id = globalId('ImportExportJob', importExport[0] ?? '');
  await emulator.fail('ImportExport.GetStatus', { delayMs: 2_500 });
  const inFlight = ask(url, readJob, { id });
  await hasReached(emulator, 'ImportExport.GetStatus');
  kill('SIGWINCH');
  await expect.poll(() => statusOf(url, '/readyz')).toBe(503);
  expect(await ask(url, '{ __typename }')).toMatchObject({ errors: [{ extensions: { code: 'SHUTTING_DOWN' } }] });
  expect(await inFlight).toEqual({ data: { job: { state: 'WAITING' } } });
  expect(await exit).toEqual({ code: 1, signal: null });
  expect(recordsIn(stderr())).toEqual([
    { level: 'error', time: expect.any(String), msg: expect.stringMatching(/^unexpected: Error\s/) },
  ]);
});

test('after an uncaught error operations under way have five seconds', async () => {
  const emulator = await startLastingEmulator();
  const nodeArgs = onSignal('SIGWINCH', `throw new Error('planted')`);
  const { url, exit, kill } = await startChildGateway(settingsOver(emulator.url), { nodeArgs });
  await emulator.fail('DataExchange.*', { never: true }, 1_000);
  const inFlight = ask(url, create, { input }).catch(() => 'cut off');
  await hasReached(emulator, 'DataExchange.CreateJob');
  kill('SIGWINCH');
  expect(await exit).toEqual({ code: 1, signal: null });
  expect(await inFlight).toBe('cut off');
});
