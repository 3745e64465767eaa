/** Stored cursors, the fallback, trusted documents, and what developers are told. */
import { createServer } from 'node:http';
import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type CursorStorage, type ResumableOptions, resumable } from 'waybill-client';
import { createEventsClient } from 'waybill-client/sse';
import { WebSocket } from 'ws';
import { collect } from './collected.ts';
import { subscriptions } from './events.ts';
import { RoughProxy } from './rough-proxy.ts';
import { ScriptedGateway } from './scripted-gateway.ts';
import { oneGateway } from './worlds.ts';

const query = 'subscription ($after: String) { jobActivity(after: $after) { __typename cursor } }';
const eventually = (actual: () => unknown) => expect.poll(actual, { timeout: 10_000, interval: 5 });

function connect(url: string, options: ResumableOptions = {}) {
  vi.spyOn(Math, 'random').mockReturnValue(0.01);
  const client = resumable(
    createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      generateID: () => crypto.randomUUID(),
    }),
    options,
  );
  onTestFinished(async () => {
    vi.restoreAllMocks();
    await client.dispose();
  });
  return client;
}

function memoryStorage() {
  const items = new Map<string, string>();
  const storage: CursorStorage = {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
  return { items, storage };
}

test('with storage, a subscription goes on behind the last event of the page before', async () => {
  const gateway = await ScriptedGateway.start();
  const { items, storage } = memoryStorage();
  const page = connect(gateway.url, { storage });
  const read = collect(page, query, { filter: null });
  await eventually(() => gateway.running.size).toBe(1);
  gateway.last.event('one');
  await eventually(() => read.cursors()).toEqual(['one']);
  await page.dispose();
  const next = connect(gateway.url, { storage });
  const again = collect(next, query, { filter: null });
  await eventually(() => gateway.subscribed.length).toBe(2);
  expect(gateway.last.payload.variables).toEqual({ filter: null, after: 'one' });
  collect(next, query, { filter: 'another' });
  await eventually(() => gateway.subscribed.length).toBe(3);
  expect(gateway.last.payload.variables).toEqual({ filter: 'another' });
  gateway.subscribed[1]?.send('complete');
  await eventually(() => again.completions).toBe(1);
  expect([...items.values()]).toEqual([]);
});

test('a storage without room harms nobody', async () => {
  const gateway = await ScriptedGateway.start();
  const full = () => {
    throw new Error('QuotaExceededError');
  };
  const read = collect(connect(gateway.url, { storage: { ...memoryStorage().storage, setItem: full } }), query);
  await eventually(() => gateway.running.size).toBe(1);
  gateway.last.event('one');
  gateway.last.event('two');
  await eventually(() => read.cursors()).toEqual(['one', 'two']);
});

const withDefaults = `subscription ($after: String, $filter: JobFilter = { states: [WAITING] }) {
  news: jobActivity(after: $after, filter: $filter) { __typename cursor }
}`;

test('a stored cursor that the gateway no longer takes is told as JobEventsMissed, and the present follows', async () => {
  const gateway = await ScriptedGateway.start();
  const { items, storage } = memoryStorage();
  storage.setItem(`waybill:${JSON.stringify({ query: withDefaults, variables: {} })}`, 'of another caller');
  const errors = [{ message: 'Unknown cursor.', extensions: { code: 'CURSOR_INVALID' } }];
  gateway.onSubscribe = ({ payload, send }) => {
    if (payload.variables?.['after'] !== undefined) send('error', errors);
    else send('next', { data: { news: { __typename: 'JobStateChange', cursor: 'one' } } });
  };
  const read = collect(connect(gateway.url, { storage }), withDefaults);
  await eventually(() => read.results.length).toBe(2);
  expect(read.results[0]).toMatchObject({ data: { news: { __typename: 'JobEventsMissed' } } });
  expect([gateway.subscribed.length, read.errors, [...items.values()]]).toEqual([2, [], ['one']]);
  const mistaken = collect(connect(gateway.url), withDefaults, { after: 'made up' });
  await eventually(() => mistaken.errors).toEqual([errors]);
});

test('the gateway itself takes no cursor of another field, and the reader gets the present', async () => {
  const { emulator, port } = await oneGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const ids = dataExchange.map((id) => Buffer.from(`DataExchangeJob:${id}`).toString('base64url'));
  const { storage } = memoryStorage();
  const key = `waybill:${JSON.stringify({ query: subscriptions.jobStateChanged, variables: { ids } })}`;
  storage.setItem(key, 'bm90IGEgY3Vyc29y');
  const read = collect(connect(`http://127.0.0.1:${port()}/graphql`, { storage }), subscriptions.jobStateChanged, {
    ids,
  });
  await eventually(() => read.results.length).toBe(2);
  expect(read.results).toMatchObject([
    { data: { jobStateChanged: { __typename: 'JobEventsMissed' } } },
    { data: { jobStateChanged: { __typename: 'JobStateChange', previousState: null, state: 'WAITING' } } },
  ]);
  expect(read.errors).toEqual([]);
});

test('developers are told once of a subscription that cannot resume, unless the page is built for production', async () => {
  const gateway = await ScriptedGateway.start();
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  gateway.onSubscribe = ({ send }) => {
    send('next', { data: { jobActivity: { __typename: 'JobStateChange' } } });
    send('next', { data: { jobActivity: { __typename: 'JobStateChange' } } });
  };
  const client = connect(gateway.url);
  const read = collect(client, 'subscription { jobActivity { __typename } }');
  await eventually(() => read.results.length).toBe(2);
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/without "cursor".*subscription \{ jobActivity/)]]);
  vi.stubEnv('NODE_ENV', 'production');
  onTestFinished(() => void vi.unstubAllEnvs());
  const built = collect(client, 'subscription { jobActivity { __typename } }');
  await eventually(() => built.results.length).toBe(2);
  expect(warn).toHaveBeenCalledTimes(1);
});

test('where no WebSocket opens, Server-Sent Events take over', async () => {
  const { emulator, port } = await oneGateway();
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const ids = dataExchange.map((id) => Buffer.from(`DataExchangeJob:${id}`).toString('base64url'));
  const proxy = await RoughProxy.start(port);
  onTestFinished(() => proxy.close());
  proxy.mode = 'no-websocket';
  const client = connect(proxy.url, { fallback: createEventsClient({ url: proxy.url }) });
  const read = collect(client, subscriptions.jobStateChanged, { ids });
  await eventually(() => read.results.length).toBe(1);
  proxy.cut('rst');
  await emulator.move(dataExchange[0] ?? '', { state: 'COMPLETED' });
  await eventually(() => read.completions).toBe(1);
  expect([read.results.length, read.errors, client.status.getSnapshot()]).toEqual([2, [], 'live']);
});

test('while neither opens, both are tried in turn', async () => {
  const tried: string[] = [];
  const server = createServer((_request, response) => {
    tried.push('events');
    response.writeHead(502).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const gateway = await ScriptedGateway.start();
  // Of a port on which nobody listens, the proxy closes the connection.
  const proxy = await RoughProxy.start(() => {
    tried.push('socket');
    return tried.length > 6 ? Number(new URL(gateway.url).port) : 1;
  });
  onTestFinished(() => proxy.close());
  const { port } = server.address() as { port: number };
  const fallback = createEventsClient({ url: `http://127.0.0.1:${port}/graphql` });
  const read = collect(connect(proxy.url, { fallback }), query);
  await eventually(() => gateway.running.size).toBe(1);
  const twice = (what: string) => [what, what];
  expect(tried.slice(0, 6)).toEqual([...twice('socket'), ...twice('events'), ...twice('socket')]);
  expect(read.errors).toEqual([]);
});

test('of operations without a text, the application says which may be sent again', async () => {
  const gateway = await ScriptedGateway.start();
  const isRepeatable = ({ operationName }: { operationName?: string | null | undefined }) => operationName !== 'Cancel';
  const client = connect(gateway.url, { isRepeatable });
  const errors: unknown[] = [];
  const cursors: unknown[] = [];
  const sink = { error: (error: unknown) => errors.push(error), complete: () => {} };
  const trusted = (operationName: string) => ({ query: '', operationName, extensions: { documentId: operationName } });
  client.subscribe(trusted('Cancel'), { ...sink, next: () => {} });
  client.subscribe<{ jobActivity: { cursor: string } }>(trusted('Activity'), {
    ...sink,
    next: ({ data }) => cursors.push(data?.jobActivity.cursor),
  });
  await eventually(() => gateway.running.size).toBe(2);
  gateway.last.event('one');
  await eventually(() => cursors).toEqual(['one']);
  gateway.closeSockets(1012);
  await eventually(() => gateway.running.size).toBe(1);
  await eventually(() => gateway.subscribed.length).toBe(3);
  expect(errors).toMatchObject([{ code: 1012 }]);
  expect(gateway.last.payload.variables).toEqual({ after: 'one' });
});
