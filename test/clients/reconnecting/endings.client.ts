/** What each end of a connection, or of an operation, leads to. */
import { type ClientOptions, createClient } from 'graphql-ws';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type ResumableOptions, resumable } from 'waybill-client';
import { WebSocket } from 'ws';
import { collect } from './collected.ts';
import { hurryTimers } from './hurried-timers.ts';
import { acknowledge, ScriptedGateway } from './scripted-gateway.ts';

const query = 'subscription ($after: String) { jobActivity(after: $after) { __typename cursor } }';

interface Options extends ResumableOptions {
  readonly client?: Partial<ClientOptions>;
}

function connect(url: string, { client, ...options }: Options = {}) {
  const connected = resumable(
    createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0, generateID, ...client }),
    options,
  );
  onTestFinished(() => connected.dispose());
  return connected;
}

/** By itself graphql-ws makes ids of `Math.random`. */
const generateID = () => crypto.randomUUID();

const eventually = (actual: () => unknown) => expect.poll(actual, { timeout: 5_000, interval: 5 });

test.each([1000, 1001, 1011, 1012, 1013, 3000, 4403, 4408, 4500, 'reset'] as const)(
  'after %s a subscription goes on behind its last event',
  async (ending) => {
    hurryTimers();
    const gateway = await ScriptedGateway.start();
    const read = collect(connect(gateway.url), query);
    await eventually(() => gateway.running.size).toBe(1);
    gateway.last.event('one');
    gateway.last.event('two');
    await eventually(() => read.cursors()).toEqual(['one', 'two']);
    if (ending === 'reset') gateway.last.socket.terminate();
    else gateway.closeSockets(ending);
    await eventually(() => gateway.subscribed.length).toBe(2);
    expect(gateway.last.payload.variables).toEqual({ after: 'two' });
    gateway.last.event('three');
    gateway.last.send('complete');
    await eventually(() => read.completions).toBe(1);
    expect([read.cursors(), read.errors]).toEqual([['one', 'two', 'three'], []]);
  },
);

test.each([1002, 1003, 1009, 4400, 4406, 4409, 4429])(
  '%s is final: every reader gets it once, nothing is tried again, and who comes later gets a new connection',
  async (code) => {
    hurryTimers();
    const gateway = await ScriptedGateway.start();
    const client = connect(gateway.url);
    const readers = [collect(client, query), collect(client, query)];
    await eventually(() => gateway.running.size).toBe(2);
    gateway.closeSockets(code);
    for (const { errors } of readers) await eventually(() => errors).toMatchObject([{ code }]);
    expect(gateway.inits).toHaveLength(1);
    const later = collect(client, query);
    await eventually(() => gateway.running.size).toBe(1);
    gateway.last.event('one');
    await eventually(() => later.cursors()).toEqual(['one']);
  },
);

test('each connection asks for the parameters of its moment, and 4403 for ever is final after four', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  gateway.onInit = (socket) => socket.close(4403);
  let token = 0;
  const connectionParams = () => {
    token += 1;
    return { token };
  };
  const client = connect(gateway.url, { client: { connectionParams } });
  const read = collect(client, query);
  await eventually(() => read.errors).toMatchObject([{ code: 4403 }]);
  expect(gateway.inits).toEqual([{ token: 1 }, { token: 2 }, { token: 3 }, { token: 4 }]);
  gateway.onInit = acknowledge;
  const later = collect(client, query);
  await eventually(() => gateway.running.size).toBe(1);
  expect([later.errors, token]).toEqual([[], 5]);
});

test('refusals before a connection do not count after it', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  gateway.onInit = (socket) => {
    if (gateway.inits.length % 3 === 0) acknowledge(socket);
    else socket.close(4403);
  };
  const read = collect(connect(gateway.url), query);
  for (const inits of [3, 6, 9]) {
    await eventually(() => [gateway.inits.length, gateway.running.size]).toEqual([inits, 1]);
    gateway.last.socket.terminate();
  }
  await eventually(() => gateway.inits.length).toBe(12);
  expect(read.errors).toEqual([]);
});

test('parameters that cannot be had at the moment are asked for again', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  let calls = 0;
  const connectionParams = () => {
    calls += 1;
    if (calls < 3) throw new Error('no network');
    return { token: 'a' };
  };
  const client = connect(gateway.url, { client: { connectionParams } });
  const readers = [collect(client, query), collect(client, 'mutation { a }')];
  await eventually(() => gateway.running.size).toBe(2);
  expect([readers.map(({ errors }) => errors), calls]).toEqual([[[], []], 3]);
});

test('a socket that opens and dies at once is opened again ever later', async () => {
  const { delays } = hurryTimers();
  const gateway = await ScriptedGateway.start();
  gateway.onInit = (socket) => {
    acknowledge(socket);
    if (gateway.inits.length < 9) setImmediate(() => socket.terminate());
  };
  collect(connect(gateway.url), query);
  await eventually(() => gateway.inits.length).toBe(9);
  const waits = [2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000];
  expect(delays.filter((delay) => waits.includes(delay))).toEqual(waits);
});

test('a connection that has lasted is replaced sooner than one that has not', async () => {
  const { delays } = hurryTimers();
  const gateway = await ScriptedGateway.start();
  collect(connect(gateway.url, { toleranceMs: 77 }), query);
  const later = (ms: number) => vi.spyOn(performance, 'now').mockReturnValue(performance.now() + ms);
  for (const [connections, ms] of [
    [1, 100],
    [2, 60_000],
  ] as const) {
    await eventually(() => [gateway.inits.length, gateway.running.size]).toEqual([connections, 1]);
    later(ms);
    gateway.last.socket.terminate();
  }
  await eventually(() => gateway.inits.length).toBe(3);
  expect(delays.filter((delay) => [2_000, 4_000].includes(delay))).toEqual([2_000]);
});

test('1013 is followed by a longer wait than other ends', async () => {
  const { delays } = hurryTimers();
  const gateway = await ScriptedGateway.start();
  collect(connect(gateway.url), query);
  await eventually(() => gateway.running.size).toBe(1);
  gateway.closeSockets(1013);
  await eventually(() => gateway.subscribed.length).toBe(2);
  expect(delays).toContain(8_000);
});

test('a gateway that never acknowledges is given up for another attempt', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.01);
  onTestFinished(() => void vi.restoreAllMocks());
  const gateway = await ScriptedGateway.start();
  gateway.onInit = (socket) => {
    if (gateway.inits.length > 2) acknowledge(socket);
  };
  const read = collect(connect(gateway.url, { pingAfterMs: 100 }), query);
  await eventually(() => gateway.running.size).toBe(1);
  expect(gateway.inits.length).toBeGreaterThan(2);
  expect(read.errors).toEqual([]);
});

test('a connection that answers no ping is replaced', async () => {
  const gateway = await ScriptedGateway.start();
  const read = collect(connect(gateway.url, { pingAfterMs: 100 }), query);
  await eventually(() => gateway.running.size).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(gateway.subscribed).toHaveLength(1);
  gateway.answersPings = false;
  await eventually(() => gateway.subscribed.length).toBeGreaterThan(1);
  expect(read.errors).toEqual([]);
});

test('an operation that the gateway cannot run is over', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const errors = [{ message: 'Unknown field.', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }];
  gateway.onSubscribe = ({ send }) => send('error', errors);
  const read = collect(connect(gateway.url), query);
  await eventually(() => read.errors).toEqual([errors]);
  expect(gateway.subscribed).toHaveLength(1);
});

test.each(['OVERLOADED', 'RATE_LIMITED', 'TOO_MANY_OPERATIONS', 'SHUTTING_DOWN'])(
  'after %s the operation is sent again after the time that the gateway asks for',
  async (code) => {
    const { delays } = hurryTimers();
    const gateway = await ScriptedGateway.start();
    gateway.onSubscribe = ({ send, event }) => {
      if (gateway.subscribed.length > 1) event('one');
      else send('error', [{ message: 'Not now.', extensions: { code, retryAfterMs: 12_345 } }]);
    };
    const read = collect(connect(gateway.url), query);
    await eventually(() => read.cursors()).toEqual(['one']);
    expect([read.errors, delays.includes(12_345)]).toEqual([[], true]);
  },
);

test('the waits of an operation grow while it is refused, and begin anew once it has run', async () => {
  const { delays } = hurryTimers();
  const gateway = await ScriptedGateway.start();
  const slow = { data: null, errors: [{ message: 'slow', extensions: { code: 'SLOW_CONSUMER' } }] };
  gateway.onSubscribe = ({ send, event }) => {
    if (gateway.subscribed.length === 4) event('one');
    send('next', slow);
  };
  collect(connect(gateway.url, { toleranceMs: 77 }), query);
  await eventually(() => gateway.subscribed.length).toBe(6);
  const waits = delays.filter((delay) => [2_000, 4_000, 8_000, 16_000].includes(delay));
  expect(waits.slice(0, 3)).toEqual([2_000, 4_000, 2_000]);
});

test('a reader who was too slow goes on behind their last event, and learns nothing of it', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const read = collect(connect(gateway.url), query);
  await eventually(() => gateway.running.size).toBe(1);
  gateway.last.event('one');
  gateway.last.send('next', { data: null, errors: [{ message: 'slow', extensions: { code: 'SLOW_CONSUMER' } }] });
  gateway.last.send('complete');
  await eventually(() => gateway.subscribed.length).toBe(2);
  expect(gateway.last.payload.variables).toEqual({ after: 'one' });
  expect([read.results.length, read.errors, read.completions]).toEqual([1, [], 0]);
});

test('while a service of AWS fails, a query is answered so, and a subscription tries again', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const errors = [{ message: 'AWS fails.', extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }];
  gateway.onSubscribe = ({ send, event }) => {
    if (gateway.subscribed.length > 2) return event('one');
    send('next', { data: null, errors });
    send('complete');
  };
  const client = connect(gateway.url);
  const asked = collect(client, '{ jobs { nodes { id } } }');
  const read = collect(client, query);
  await eventually(() => read.cursors()).toEqual(['one']);
  expect([asked.results, asked.completions]).toEqual([[{ data: null, errors }], 1]);
  expect(read.results).toHaveLength(1);
});

test('the token of a stream that has run may have expired; one that is refused at once has not the right', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const errors = [{ message: 'No.', extensions: { code: 'FORBIDDEN' } }];
  gateway.onSubscribe = ({ send }) => send('error', errors);
  const read = collect(connect(gateway.url), query);
  await eventually(() => read.errors).toEqual([errors]);
  expect(gateway.subscribed).toHaveLength(1);
  gateway.onSubscribe = () => {};
  const now = vi.spyOn(performance, 'now');
  const running = collect(connect(gateway.url), query);
  await eventually(() => gateway.running.size).toBe(1);
  now.mockReturnValue(performance.now() + 60_000);
  gateway.onSubscribe = ({ send }) => send('error', errors);
  gateway.last.send('next', { data: null, errors });
  gateway.last.send('complete');
  await eventually(() => running.errors).toEqual([errors]);
  expect([running.results.length, gateway.subscribed.length]).toEqual([0, 5]);
});

test('a reader that throws harms nobody else, and its error is not lost', async () => {
  const { thrown } = hurryTimers();
  const gateway = await ScriptedGateway.start();
  const client = connect(gateway.url);
  client.subscribe(
    { query },
    {
      next: () => {
        throw new Error('of the reader');
      },
      error: () => {},
      complete: () => {},
    },
  );
  const read = collect(client, query);
  await eventually(() => gateway.running.size).toBe(2);
  for (const { event } of gateway.subscribed) event('one');
  await eventually(() => read.cursors()).toEqual(['one']);
  await eventually(() => thrown).toEqual([new Error('of the reader')]);
  expect([gateway.inits.length, gateway.running.size]).toEqual([1, 2]);
});

test('without retryAttempts: 0 it comes back as well, also if whoever opened the connection has left', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  const client = connect(gateway.url, { client: { retryAttempts: 5 } });
  const read = collect(client, query);
  for (const cursor of ['one', 'two', 'three']) {
    await eventually(() => gateway.running.size).toBe(1);
    gateway.last.event(cursor);
    await eventually(() => read.cursors().at(-1)).toBe(cursor);
    gateway.last.socket.terminate();
    await eventually(() => gateway.running.size).toBe(0);
  }
  await eventually(() => gateway.running.size).toBe(1);
  gateway.last.socket.terminate();
  await eventually(() => gateway.running.size).toBe(0);
  const second = collect(client, query);
  read.stop();
  await eventually(() => gateway.running.size).toBe(1);
  gateway.last.event('four');
  await eventually(() => second.cursors()).toEqual(['four']);
  expect(read.cursors()).toEqual(['one', 'two', 'three']);
});

test('whoever waits for a connection gets it, though whoever began it leaves while graphql-ws itself waits', async () => {
  hurryTimers();
  const gateway = await ScriptedGateway.start();
  let goOn = (): void => {};
  const retryWait = () =>
    new Promise<void>((resolve) => {
      goOn = resolve;
    });
  const client = connect(gateway.url, { client: { retryAttempts: 5, retryWait } });
  const first = collect(client, query);
  await eventually(() => gateway.running.size).toBe(1);
  gateway.last.socket.terminate();
  const isWaiting = goOn;
  await eventually(() => goOn !== isWaiting).toBe(true);
  // Both are behind the same attempt by now.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const second = collect(client, query);
  first.stop();
  goOn();
  await eventually(() => gateway.running.size).toBe(1);
  gateway.last.event('one');
  await eventually(() => second.cursors()).toEqual(['one']);
});
