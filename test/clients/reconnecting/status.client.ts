/** What a page may say of its connection. */
import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test, vi } from 'vitest';
import { resumable } from 'waybill-client';
import { WebSocket } from 'ws';
import { collect } from './collected.ts';
import { acknowledge, ScriptedGateway } from './scripted-gateway.ts';

const query = 'subscription ($after: String) { jobActivity(after: $after) { __typename cursor } }';
const eventually = (actual: () => unknown) => expect.poll(actual, { timeout: 5_000, interval: 5 });

/** Connects with short times, so that attempts follow at once. */
function connect(url: string, toleranceMs = 30) {
  vi.spyOn(Math, 'random').mockReturnValue(0.01);
  const client = resumable(
    createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      generateID: () => crypto.randomUUID(),
    }),
    { toleranceMs },
  );
  const shown: string[] = [client.status.getSnapshot()];
  client.status.subscribe(() => shown.push(client.status.getSnapshot()));
  onTestFinished(async () => {
    vi.restoreAllMocks();
    await client.dispose();
  });
  return { client, shown };
}

test('a connection is live, lost after the tolerance, and catching up until nothing more arrives', async () => {
  const gateway = await ScriptedGateway.start();
  const { client, shown } = connect(gateway.url);
  collect(client, query);
  await eventually(() => shown).toEqual(['connecting', 'live']);
  await eventually(() => gateway.running.size).toBe(1);
  gateway.onInit = () => {};
  gateway.closeSockets(1012);
  await eventually(() => shown.at(-1)).toBe('reconnecting');
  gateway.onInit = acknowledge;
  gateway.closeSockets(1012);
  await eventually(() => shown.at(-1)).toBe('catching-up');
  gateway.last.event('one');
  await eventually(() => shown).toEqual(['connecting', 'live', 'reconnecting', 'catching-up', 'live']);
});

test('a loss that is over within the tolerance is not shown', async () => {
  const gateway = await ScriptedGateway.start();
  const { client, shown } = connect(gateway.url, 2_000);
  collect(client, query);
  await eventually(() => shown.at(-1)).toBe('live');
  gateway.closeSockets(1012);
  await eventually(() => gateway.subscribed.length).toBe(2);
  await eventually(() => client.status.getSnapshot()).toBe('live');
  expect(shown).toEqual(['connecting', 'live']);
});

test('jobs are stale between a JobsStale and its JobsFresh, each for its own jobs, and fresh in a new stream', async () => {
  const gateway = await ScriptedGateway.start();
  const { client, shown } = connect(gateway.url, 2_000);
  collect(client, query);
  await eventually(() => shown.at(-1)).toBe('live');
  await eventually(() => gateway.running.size).toBe(1);
  const { event } = gateway.last;
  event('1', { __typename: 'JobsStale', service: 'DATA_EXCHANGE', ids: null });
  await eventually(() => shown.at(-1)).toBe('stale');
  event('2', { __typename: 'JobsStale', service: 'IMPORT_EXPORT', ids: ['a', 'b'] });
  event('3', { __typename: 'JobsFresh', service: 'DATA_EXCHANGE', ids: null });
  event('4', { __typename: 'JobStateChange' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(shown.at(-1)).toBe('stale');
  event('5', { __typename: 'JobsFresh', service: 'IMPORT_EXPORT', ids: ['a', 'b'] });
  await eventually(() => shown.at(-1)).toBe('live');
  event('6', { __typename: 'JobsStale', service: 'IMPORT_EXPORT', ids: null });
  await eventually(() => shown.at(-1)).toBe('stale');
  gateway.closeSockets(1012);
  await eventually(() => shown).toEqual(['connecting', 'live', 'stale', 'live', 'stale', 'live']);
});

test('a reader that has left no longer makes the jobs stale', async () => {
  const gateway = await ScriptedGateway.start();
  const { client, shown } = connect(gateway.url, 2_000);
  collect(client, query);
  await eventually(() => gateway.running.size).toBe(1);
  const second = collect(client, query);
  await eventually(() => gateway.running.size).toBe(2);
  gateway.last.event('1', { __typename: 'JobsStale', service: 'DATA_EXCHANGE', ids: null });
  await eventually(() => shown.at(-1)).toBe('stale');
  second.stop();
  expect(shown.at(-1)).toBe('live');
});

/** What a browser would offer, to be dispatched by the test. */
function stubBrowser() {
  const page = new EventTarget();
  const listeners = new EventTarget();
  const navigator = { onLine: true };
  vi.stubGlobal('document', Object.assign(page, { visibilityState: 'visible' }));
  vi.stubGlobal('navigator', navigator);
  vi.stubGlobal('addEventListener', listeners.addEventListener.bind(listeners));
  onTestFinished(() => void vi.unstubAllGlobals());
  return {
    navigator,
    say: (event: 'offline' | 'online' | 'pageshow') => listeners.dispatchEvent(new Event(event)),
    show: () => page.dispatchEvent(new Event('visibilitychange')),
  };
}

test('without a network the status is offline, and with it attempts follow at once', async () => {
  const { navigator, say } = stubBrowser();
  const gateway = await ScriptedGateway.start();
  const { client, shown } = connect(gateway.url);
  collect(client, query);
  await eventually(() => shown.at(-1)).toBe('live');
  vi.spyOn(Math, 'random').mockReturnValue(60);
  navigator.onLine = false;
  gateway.closeSockets(1012);
  await eventually(() => shown.at(-1)).toBe('offline');
  say('offline');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(gateway.inits).toHaveLength(1);
  navigator.onLine = true;
  say('online');
  await eventually(() => gateway.running.size).toBe(1);
  await eventually(() => shown.at(-1)).toBe('catching-up');
});

test('a page that is seen again tries at once, and tests a connection that looks open', async () => {
  const { show } = stubBrowser();
  const gateway = await ScriptedGateway.start();
  let pings = 0;
  gateway.onInit = (socket) => {
    socket.on('message', (data) => {
      if (String(data).includes('"ping"')) pings += 1;
    });
    acknowledge(socket);
  };
  const { client } = connect(gateway.url);
  collect(client, query);
  await eventually(() => gateway.running.size).toBe(1);
  gateway.answersPings = false;
  for (let times = 0; times < 3; times += 1) show();
  await eventually(() => pings).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(pings).toBe(1);
  vi.spyOn(Math, 'random').mockReturnValue(60);
  gateway.closeSockets(1012);
  await eventually(() => gateway.running.size).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  show();
  await eventually(() => gateway.running.size).toBe(1);
});
