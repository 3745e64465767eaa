/** Server-Sent Events: how streams are read, and what their ends and refusals lead to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { resumable } from 'waybill-client';
import { createEventsClient, type EventsClientOptions } from 'waybill-client/sse';
import { tokensFor } from '../../support/token-file.ts';
import { collect } from './collected.ts';
import { subscriptions } from './events.ts';
import { hurryTimers } from './hurried-timers.ts';
import { oneGateway } from './worlds.ts';

const query = 'subscription ($after: String) { jobActivity(after: $after) { __typename cursor } }';
const eventually = (actual: () => unknown) => expect.poll(actual, { timeout: 10_000, interval: 5 });

interface Asked {
  readonly body: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Begins the stream, if it has not begun, and sends this text. */
  readonly write: (text: string) => void;
  readonly event: (cursor: string) => void;
  readonly refuse: (status: number, body: unknown, type?: string) => void;
}

async function startServer(onAsked: (asked: Asked, count: number) => void) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const write = (sent: string): void => {
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(sent);
    };
    const one: Asked = {
      body: JSON.parse(text),
      request,
      response,
      write,
      event: (cursor) => write(`event: next\ndata: ${JSON.stringify({ data: { jobActivity: { cursor } } })}\n\n`),
      refuse: (status, body, type = 'application/json') =>
        void response
          .writeHead(status, { 'content-type': type })
          .end(typeof body === 'string' ? body : JSON.stringify(body)),
    };
    asked.push(one);
    onAsked(one, asked.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` };
}

function connect(url: string, options: Partial<EventsClientOptions> = {}) {
  vi.spyOn(Math, 'random').mockReturnValue(0.01);
  const client = resumable(createEventsClient({ url, ...options }));
  onTestFinished(async () => {
    vi.restoreAllMocks();
    await client.dispose();
  });
  return client;
}

test('a stream is read whatever its pieces, comments, line ends and further fields', async () => {
  const { url } = await startServer(async ({ response, write }) => {
    write(':\n\n');
    const text =
      ': hello\n\nevent: next\r\nid: 1\r\ndata: {"data": {"jobActivity":\r\ndata: {"cursor": "ö1"}}}\r\n\r\n' +
      'data:{"data":{"jobActivity":{"cursor":"2"}}}\nevent:next\n\nevent: ping\ndata\n\nevent: complete\ndata:\n\n';
    for (const byte of Buffer.from(text)) {
      response.write(Buffer.of(byte));
      await sleep(0);
    }
  });
  const read = collect(connect(url), query);
  await eventually(() => read.completions).toBe(1);
  expect([read.cursors(), read.errors]).toEqual([['ö1', '2'], []]);
});

test('a stream that breaks off goes on behind its last event', async () => {
  const { asked, url } = await startServer(({ event, response }, count) => {
    event(`${count}`);
    if (count < 3) setTimeout(() => response.destroy(), 20);
  });
  const read = collect(connect(url), query);
  await eventually(() => read.cursors()).toEqual(['1', '2', '3']);
  expect(asked.map(({ body }) => body.variables)).toEqual([{}, { after: '1' }, { after: '2' }]);
  expect(read.errors).toEqual([]);
});

test('the connection is as old as its first stream: that streams begin does not make its end a failed attempt', async () => {
  const { asked, url } = await startServer(({ event }, count) => event(`${count}`));
  const { delays } = hurryTimers();
  const client = resumable(createEventsClient({ url }), { toleranceMs: 60_000 });
  onTestFinished(() => client.dispose());
  const first = collect(client, query);
  await eventually(() => first.cursors().length).toBe(1);
  const later = performance.now() + 60_000;
  const now = vi.spyOn(performance, 'now').mockReturnValue(later);
  const second = collect(client, query);
  await eventually(() => second.cursors().length).toBe(1);
  now.mockReturnValue(later + 100);
  for (const { response } of asked) response.destroy();
  await eventually(() => asked.length).toBe(4);
  expect([delays.includes(1_000), delays.includes(2_000)]).toEqual([true, false]);
});

test('a silent stream counts as lost, and one with comments does not', async () => {
  const { asked, url } = await startServer(({ event, write, response }, count) => {
    event(`${count}`);
    if (count === 1) return;
    const comments = setInterval(() => write(':\n\n'), 50);
    response.on('close', () => clearInterval(comments));
  });
  const read = collect(connect(url, { silenceMs: 200 }), query);
  await eventually(() => read.cursors()).toEqual(['1', '2']);
  await sleep(600);
  expect([asked.length, read.errors]).toEqual([2, []]);
  await eventually(() => asked[0]?.response.destroyed).toBe(true);
});

test('a request without an answer is given up for another', async () => {
  const { asked, url } = await startServer(({ event }, count) => {
    if (count > 1) event('one');
  });
  const read = collect(connect(url, { silenceMs: 200 }), query);
  await eventually(() => read.cursors()).toEqual(['one']);
  expect(asked).toHaveLength(2);
});

test('what the gateway refuses ends its operation only, also if it is the first', async () => {
  const errors = [{ message: 'Unknown field.', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }];
  const { asked, url } = await startServer(({ body, event, refuse }) => {
    if (body.query === query) event('one');
    else refuse(400, { errors });
  });
  const client = connect(url);
  const mistaken = collect(client, 'subscription { mistake }');
  const read = collect(client, query);
  await eventually(() => read.cursors()).toEqual(['one']);
  expect([mistaken.errors, mistaken.completions, asked.length]).toEqual([[errors], 0, 2]);
});

test.each([
  [200, '<html>sign in</html>', 'text/html'],
  [404, '<html>not found</html>', 'text/html'],
  [502, 'Bad Gateway', 'text/plain'],
  [503, { errors: [{ message: 'Busy.', extensions: { code: 'OVERLOADED', retryAfterMs: 1 } }] }, 'application/json'],
  [429, { errors: [{ message: 'Much.', extensions: { code: 'RATE_LIMITED', retryAfterMs: 1 } }] }, 'application/json'],
  [429, 'slow down', 'text/plain'],
])('an answer of %i with %j is asked again', async (status, body, type) => {
  const { asked, url } = await startServer(({ event, refuse }, count) => {
    if (count > 2) event('one');
    else refuse(status, body, type);
  });
  const read = collect(connect(url), query);
  await eventually(() => read.cursors()).toEqual(['one']);
  expect([asked.length, read.errors]).toEqual([3, []]);
});

test('a token that is refused four times is final; a new one is asked for each time', async () => {
  const tokens: unknown[] = [];
  const { url } = await startServer(({ request, refuse }) => {
    tokens.push(request.headers.authorization);
    refuse(401, { errors: [{ message: 'No.', extensions: { code: 'UNAUTHENTICATED' } }] });
  });
  let token = 0;
  const headers = async () => {
    token += 1;
    return { authorization: `Bearer ${token}` };
  };
  const read = collect(connect(url, { headers }), query);
  await eventually(() => read.errors).toMatchObject([{ code: 4403 }]);
  expect(tokens).toEqual(['Bearer 1', 'Bearer 2', 'Bearer 3', 'Bearer 4']);
});

test('who leaves, and to dispose, closes the streams', async () => {
  const { asked, url } = await startServer(({ event }) => event('one'));
  const client = connect(url);
  const [first, second] = [collect(client, query), collect(client, query)];
  await eventually(() => [...first.cursors(), ...second.cursors()]).toEqual(['one', 'one']);
  first.stop();
  await eventually(() => asked.map(({ response }) => response.destroyed)).toEqual([true, false]);
  await client.dispose();
  await eventually(() => asked.map(({ response }) => response.destroyed)).toEqual([true, true]);
  expect([first.completions, second.completions]).toEqual([0, 1]);
});

test('the gateway says something on an idle stream more often than the client waits', async () => {
  const { env, tokenOf } = await tokensFor({ reader: ['jobs:read'] });
  const { port } = await oneGateway(env);
  const url = `http://127.0.0.1:${port()}/graphql`;
  const headers = { authorization: `Bearer ${tokenOf.reader}`, 'content-type': 'application/json' };
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const response = await fetch(url, {
    method: 'POST',
    signal: leaving.signal,
    headers: { ...headers, accept: 'text/event-stream' },
    body: JSON.stringify({ query: subscriptions.jobActivity }),
  });
  const reader = response.body?.getReader();
  let text = '';
  // One begins the stream.
  while (text.split('\n').filter((line) => line === ':').length < 2) {
    const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) throw new Error(`expected a second comment, received the end after ${text}`);
    text += Buffer.from(value ?? []).toString();
  }
}, 45_000);
