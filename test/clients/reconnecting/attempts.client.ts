/** What is sent, how often, and when nothing is left. */
import { type ClientOptions, createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import { resumable } from 'waybill-client';
import { WebSocket } from 'ws';
import { freePort } from '../../support/free-port.ts';
import { type Collected, collect } from './collected.ts';
import { hurryTimers } from './hurried-timers.ts';
import { RoughProxy } from './rough-proxy.ts';
import { ScriptedGateway } from './scripted-gateway.ts';
import { portOf } from './worlds.ts';

const query = 'subscription ($after: String) { jobActivity(after: $after) { __typename cursor } }';
const mutation = 'mutation { cancelJob(id: "a") { job { id } } }';

function bare(url: string, options: Partial<ClientOptions> = {}) {
  return createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    generateID,
    ...options,
  });
}

function connect(url: string) {
  const client = resumable(bare(url));
  onTestFinished(() => client.dispose());
  return client;
}

/** By itself graphql-ws makes ids of `Math.random`. */
const generateID = () => crypto.randomUUID();

const eventually = (actual: () => unknown) => expect.poll(actual, { timeout: 5_000, interval: 5 });

test('graphql-ws in Node gives up where nobody listens yet; this one comes back', async () => {
  hurryTimers();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/graphql`;
  const control = collect(bare(url, { retryAttempts: 1_000 }), query);
  const read = collect(connect(url), query);
  await eventually(() => control.errors.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const gateway = await ScriptedGateway.start(port);
  await eventually(() => gateway.running.size).toBe(1);
  expect(read.errors).toEqual([]);
});

test.each(['bad-gateway', 'refuse'] as const)('a proxy with the mode %s is asked again', async (mode) => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const proxy = await RoughProxy.start(() => portOf(gateway));
  onTestFinished(() => proxy.close());
  proxy.mode = mode;
  const read = collect(connect(proxy.url), query);
  await eventually(() => proxy.connections).toBeGreaterThan(3);
  proxy.mode = 'pass';
  await eventually(() => gateway.running.size).toBe(1);
  expect(read.errors).toEqual([]);
});

test('a mutation that was sent is not sent again, and its caller learns that the connection was lost', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const client = connect(gateway.url);
  const read = collect(client, query);
  const sent = collect(client, mutation);
  await eventually(() => gateway.running.size).toBe(2);
  gateway.closeSockets(1012);
  await eventually(() => sent.errors).toMatchObject([{ code: 1012 }]);
  await eventually(() => gateway.running.size).toBe(1);
  const mutations = gateway.subscribed.filter(({ payload }) => payload.query === mutation);
  expect([mutations.length, read.errors]).toEqual([1, []]);
});

test('a mutation that the gateway has no room for is the business of its caller', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const errors = [{ message: 'Busy.', extensions: { code: 'OVERLOADED', retryable: true, retryAfterMs: 100 } }];
  gateway.onSubscribe = ({ send }) => send('error', errors);
  const sent = collect(connect(gateway.url), mutation);
  await eventually(() => sent.errors).toEqual([errors]);
  expect(gateway.subscribed).toHaveLength(1);
});

test.each(['refuse', 'bad-gateway'] as const)(
  'a mutation waits for the connection while a proxy has the mode %s, and is then sent once',
  async (mode) => {
    hurryTimers();
    const gateway = await ScriptedGateway.start();
    gateway.onSubscribe = ({ send }) => {
      send('next', { data: { cancelJob: { job: null } } });
      send('complete');
    };
    const proxy = await RoughProxy.start(() => portOf(gateway));
    onTestFinished(() => proxy.close());
    proxy.mode = mode;
    const sent = collect(connect(proxy.url), mutation);
    await eventually(() => proxy.connections).toBeGreaterThan(2);
    proxy.mode = 'pass';
    await eventually(() => sent.completions).toBe(1);
    expect([gateway.subscribed.length, sent.results.length, sent.errors]).toEqual([1, 1, []]);
  },
);

test('a query whose connection is lost is answered over the next', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const asked = collect(connect(gateway.url), '{ jobs { nodes { id } } }');
  await eventually(() => gateway.running.size).toBe(1);
  gateway.onSubscribe = ({ send }) => {
    send('next', { data: { jobs: { nodes: [] } } });
    send('complete');
  };
  gateway.last.socket.terminate();
  await eventually(() => asked.completions).toBe(1);
  expect([asked.results.length, asked.errors, gateway.subscribed.length]).toEqual([1, [], 2]);
});

test('fifty operations begin at once, and two a second beyond', async () => {
  const gateway = await ScriptedGateway.start();
  const client = connect(gateway.url);
  const begunAt: number[] = [];
  gateway.onSubscribe = () => begunAt.push(performance.now());
  for (let count = 0; count < 52; count += 1) collect(client, query);
  await eventually(() => gateway.running.size).toBe(52);
  const [first = 0, ...others] = begunAt;
  expect((others[49] ?? 0) - first).toBeGreaterThan(400);
  expect((others[50] ?? 0) - first).toBeGreaterThan(900);
});

test('what the client itself closes is no failure: who comes while it closes need not wait', async () => {
  const { delays } = hurryTimers();
  const gateway = await ScriptedGateway.start();
  gateway.onSubscribe = ({ send, payload }) => {
    if (payload.query === query) return;
    send('next', { data: { a: 1 } });
    send('complete');
  };
  const client = connect(gateway.url);
  for (let round = 0; round < 2; round += 1) {
    const asked = collect(client, '{ a }');
    await eventually(() => asked.completions).toBe(1);
    await eventually(() => gateway.sockets).toBe(0);
  }
  const read: Collected[] = [];
  const complete = () => void read.push(collect(client, query));
  client.subscribe({ query: '{ a }' }, { next: () => {}, error: () => {}, complete });
  await eventually(() => gateway.running.size).toBe(1);
  expect([read[0]?.errors, delays.filter((delay) => ![1_000, 3_000, 15_000, 30_000].includes(delay))]).toEqual([
    [],
    [],
  ]);
});

test('a quick unsubscription and subscription leaves the new one only', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const client = connect(gateway.url);
  for (let round = 0; round < 5; round += 1) {
    const read = collect(client, query);
    if (round % 2 === 0) await eventually(() => gateway.running.size).toBe(1);
    read.stop();
  }
  const read = collect(client, query);
  gateway.onSubscribe = ({ event }) => event('one');
  for (const { event } of gateway.subscribed) event('one');
  await eventually(() => read.cursors()).toEqual(['one']);
  await eventually(() => [gateway.running.size, gateway.sockets]).toEqual([1, 1]);
});

const phases = [
  'before anything',
  'while connecting',
  'before the acknowledgement',
  'while open',
  'while waiting',
] as const;

async function inPhase(phase: (typeof phases)[number]) {
  const gateway = await ScriptedGateway.start();
  const proxy = await RoughProxy.start(() => portOf(gateway));
  onTestFinished(() => proxy.close());
  const client = connect(proxy.url);
  if (phase === 'while connecting') proxy.mode = 'stall';
  if (phase === 'while waiting') proxy.mode = 'refuse';
  if (phase === 'before the acknowledgement') gateway.onInit = () => {};
  const readers = [collect(client, query), collect(client, query)];
  if (phase === 'while open') await eventually(() => gateway.running.size).toBe(2);
  else if (phase === 'before the acknowledgement') await eventually(() => gateway.inits.length).toBe(1);
  else if (phase !== 'before anything') await eventually(() => proxy.connections).toBeGreaterThan(0);
  return { gateway, proxy, client, readers };
}

test.each(phases)('who leaves %s leaves nothing behind', async (phase) => {
  const { gateway, proxy, client, readers } = await inPhase(phase);
  for (const { stop } of readers) stop();
  proxy.mode = 'pass';
  if (phase === 'before the acknowledgement') gateway.closeSockets(1001);
  if (phase === 'while connecting') proxy.cut('rst');
  await eventually(() => [gateway.running.size, proxy.open]).toEqual([0, 0]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([gateway.running.size, proxy.open]).toEqual([0, 0]);
  expect(readers.map(({ errors, completions }) => [errors, completions])).toEqual([
    [[], 0],
    [[], 0],
  ]);
  gateway.onInit = (socket) => socket.send('{"type":"connection_ack"}');
  collect(client, query);
  await eventually(() => gateway.running.size).toBe(1);
});

test.each(phases)('to dispose %s completes every operation, and resolves', async (phase) => {
  const { gateway, proxy, client, readers } = await inPhase(phase);
  await client.dispose();
  expect(readers.map(({ errors, completions }) => [errors, completions])).toEqual([
    [[], 1],
    [[], 1],
  ]);
  proxy.mode = 'pass';
  if (phase === 'while connecting') proxy.cut('rst');
  await eventually(() => [gateway.running.size, proxy.open]).toEqual([0, 0]);
  const later = collect(client, query);
  await eventually(() => later.completions).toBe(1);
});

test('of a document with several operations, the one that is named decides what may be sent again', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const client = connect(gateway.url);
  const document = `${mutation.replace('mutation', 'mutation Cancel')} subscription Watch { jobActivity { cursor } }`;
  const errors: unknown[] = [];
  const sink = { next: () => {}, error: (error: unknown) => errors.push(error), complete: () => {} };
  client.subscribe({ query: document, operationName: 'Watch' }, sink);
  client.subscribe({ query: document, operationName: 'Cancel' }, sink);
  await eventually(() => gateway.running.size).toBe(2);
  gateway.closeSockets(1012);
  await eventually(() => gateway.subscribed.length).toBe(3);
  await eventually(() => errors).toMatchObject([{ code: 1012 }]);
  expect(gateway.last.payload).toMatchObject({ operationName: 'Watch' });
});
