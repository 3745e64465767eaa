import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { serveEmulator } from '../../../src/emulator/server.ts';
import { controlRequest, deviceRequest, exchangeRequest, type Harness, replyFrom, startEmulator } from './harness.ts';

const newDataSet = { AssetType: 'S3_SNAPSHOT', Name: 'Made over a socket', Description: 'x'.repeat(1000) };

async function served() {
  const harness: Harness = startEmulator({ origin: () => base });
  const server = await serveEmulator(harness.emulator, 0);
  onTestFinished(() => server.close());
  const base = `http://127.0.0.1:${server.port}`;
  const { now } = harness.clock;
  return {
    ...harness,
    port: server.port,
    overHttp: async (request: Request) => replyFrom(await fetch(request)),
    create: (signal?: AbortSignal) =>
      fetch(exchangeRequest('POST', '/v1/data-sets', now(), newDataSet, base), signal ? { signal } : {}),
    list: () => exchangeRequest('GET', '/v1/jobs?maxResults=1', now(), undefined, base),
    device: () => deviceRequest('ListJobs', now(), {}, base),
    requests: () => controlRequest('GET', 'requests', undefined, base),
    script: (fault: object) => harness.control('POST', 'faults', { operation: '*', fault }),
    hasTakenEffect: async () => {
      const { DataSets } = (await harness.exchange('GET', '/v1/data-sets')).json;
      return DataSets.some(({ Name }) => Name === newDataSet.Name);
    },
  };
}

/** The messages of an error and all its causes, down to the socket's code. */
function causeCode(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return 'code' in error ? error.code : causeCode(error.cause);
}

test('both services and the control API answer over HTTP', async () => {
  const { overHttp, list, device, requests, clock } = await served();
  const exchangeReply = await overHttp(list());
  expect([exchangeReply.status, exchangeReply.json]).toEqual([200, { Jobs: [] }]);
  expect(exchangeReply.headers.get('date')).toBe(new Date(clock.now()).toUTCString());
  expect(exchangeReply.headers.get('content-length')).toBe(String(exchangeReply.text.length));
  expect((await overHttp(device())).status).toBe(200);
  expect((await overHttp(requests())).json).toEqual({ 'DataExchange.ListJobs': 1, 'ImportExport.ListJobs': 1 });
});

test('a request body arrives whole over HTTP', async () => {
  const { create, hasTakenEffect } = await served();
  const { status, json } = await replyFrom(await create());
  expect([status, json]).toEqual([201, expect.objectContaining(newDataSet)]);
  expect(await hasTakenEffect()).toBe(true);
});

test.each([false, true])('a reset resets the connection (afterCommit: %s)', async (afterCommit) => {
  const { create, script, hasTakenEffect } = await served();
  await script({ reset: true, afterCommit });
  const error = await create().catch((reason: unknown) => reason);
  expect(['ECONNRESET', 'UND_ERR_SOCKET']).toContain(causeCode(error));
  expect(await hasTakenEffect()).toBe(afterCommit);
});

test('a reset is a TCP RST, not a FIN', async () => {
  const { port, script } = await served();
  await script({ reset: true });
  const code = await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /v1/jobs HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.on('error', (error) => resolve('code' in error && error.code));
    socket.on('end', () => resolve('end'));
  });
  expect(code).toBe('ECONNRESET');
});

test.each([0, 10])('a truncated response announces its full length and ends after %i bytes', async (truncateAt) => {
  const { port, script } = await served();
  await script({ truncateAt });
  const received = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /v1/jobs HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
  const [head = '', body] = received.split('\r\n\r\n');
  expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBeGreaterThan(10);
  expect(body).toHaveLength(truncateAt);
});

test('without a response the request waits until the client disconnects', async () => {
  const { create, script, hasTakenEffect } = await served();
  await script({ never: true });
  await expect(create(AbortSignal.timeout(200))).rejects.toThrow();
  expect(await hasTakenEffect()).toBe(false);
});

test('a disconnect during a delay cancels the request', async () => {
  const { create, script, clock, hasTakenEffect } = await served();
  await script({ delayMs: 1000 });
  const caller = new AbortController();
  const failure = expect(create(caller.signal)).rejects.toThrow();
  await waitUntil(() => clock.pendingTimers === 1);
  caller.abort();
  await failure;
  await waitUntil(() => clock.pendingTimers === 0);
  expect(await hasTakenEffect()).toBe(false);
});

test('the connection can be used after a fault', async () => {
  const { overHttp, list, script } = await served();
  await script({ status: 503 });
  expect((await overHttp(list())).status).toBe(503);
  expect((await overHttp(list())).status).toBe(200);
});

test('close does not wait for pending requests', async () => {
  const harness = startEmulator();
  const server = await serveEmulator(harness.emulator, 0);
  await harness.control('POST', 'faults', { operation: '*', fault: { never: true } });
  const base = `http://127.0.0.1:${server.port}`;
  const failure = expect(
    fetch(exchangeRequest('GET', '/v1/jobs', harness.clock.now(), undefined, base)),
  ).rejects.toThrow();
  await waitUntil(async () => (await harness.control('GET', 'faults')).text === '[]');
  await server.close();
  await failure;
});

test('serveEmulator rejects if its port is taken', async () => {
  const { port, emulator } = await served();
  await expect(serveEmulator(emulator, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 5000; waited += 5) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('The condition was not met in five seconds.');
}
