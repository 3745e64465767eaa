/** A gateway whose event loop is late refuses only the operations that it could not answer soon. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { globalId } from '../../support/examples.ts';
import { type Answer, startGateway } from '../../support/gateway.ts';
import { openSocket, until } from '../../support/live.ts';

async function startSeeded(env = {}) {
  const memory = { usedShare: 0 };
  const gateway = await startGateway(env, { gauge: { usedShare: () => memory.usedShare, stop: () => {} } });
  const { importExport } = await gateway.emulator.seed({ importExport: 1, dataExchange: 40 });
  const readiness = async (): Promise<number> => (await fetch(new URL('/readyz', gateway.url))).status;
  const fillMemory = async (): Promise<void> => {
    memory.usedShare = 0.9;
    await expect.poll(readiness, { timeout: 5_000 }).toBe(503);
  };
  return { ...gateway, readiness, fillMemory, id: globalId('ImportExportJob', importExport[0] ?? '') };
}

/** Leaves the event loop, of the gateway and of this test, ten milliseconds between blocks of 120. */
function blockTheLoop(): () => void {
  let timer: NodeJS.Timeout;
  const block = (): void => {
    const endsAt = performance.now() + 120;
    while (performance.now() < endsAt);
    timer = setTimeout(block, 10);
  };
  block();
  const free = (): void => clearTimeout(timer);
  onTestFinished(free);
  return free;
}

const board = '{ jobs(first: 40) { nodes { id state createdAt } } }';

const readJob = 'query ($id: ID!) { job(id: $id) { state } }';

const refused = { extensions: { code: 'OVERLOADED', retryable: true, retryAfterMs: 5_000 } };

/** The response to a refused handshake. */
async function refusalOf(url: string): Promise<unknown[]> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  const [, { statusCode, headers }] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return [statusCode, headers['retry-after']];
}

const isRefused = ({ errors }: Answer): boolean => errors?.[0]?.extensions?.code === 'OVERLOADED';

test('sixty simultaneous reads of the board are answered, however late the event loop is', async () => {
  const { ask, readiness } = await startSeeded();
  const askAll = () => Promise.all(Array.from({ length: 60 }, () => ask(board)));
  // Opens the connections, of which a late loop takes one at a time.
  await askAll();
  const free = blockTheLoop();
  for (let round = 0; round < 3; round += 1) expect((await askAll()).filter(isRefused)).toEqual([]);
  expect(await readiness()).toBe(200);
  free();
});

test('a gateway whose memory is full refuses every operation, on each transport', async () => {
  const origin = 'https://app.example';
  const { ask, fillMemory, id, url } = await startSeeded({ WAYBILL_ALLOWED_ORIGINS: origin });
  const socket = await openSocket(url);
  await fillMemory();
  expect(await ask(board)).toMatchObject({ errors: [refused] });
  const streamed = await fetch(url, { method: 'POST', headers: { accept: 'text/event-stream' }, body: '{}' });
  expect([streamed.status, streamed.headers.get('retry-after')]).toEqual([503, '5']);
  socket.subscribe('q', readJob, { id });
  await until(() => socket.typesOf('q').includes('error'));
  expect(socket.frames.find((frame) => frame.id === 'q')?.payload).toMatchObject([refused]);
  expect(await refusalOf(url)).toEqual([503, '5']);
  // A page of an allowed origin can read why: its preflight is answered.
  const preflight = { origin, 'access-control-request-method': 'POST' };
  expect((await fetch(url, { method: 'OPTIONS', headers: preflight })).status).toBe(204);
  const { headers } = await fetch(url, { method: 'POST', headers: { origin }, body: '{}' });
  expect([headers.get('access-control-allow-origin'), headers.get('access-control-expose-headers')]).toEqual([
    origin,
    'retry-after',
  ]);
});

test('a refusal keeps the connection, unless a long body would have to be read', async () => {
  const { fillMemory, url } = await startSeeded();
  await fillMemory();
  const connectionOf = async (body: string) => (await fetch(url, { method: 'POST', body })).headers.get('connection');
  expect(await connectionOf('{}')).toBe('keep-alive');
  expect(await connectionOf(' '.repeat(20_000))).toBe('close');
});
