/** A gateway whose event loop is late refuses only the operations that it could not answer soon. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Load } from '../../../src/transport/load-gauge.ts';
import { globalId } from '../../support/examples.ts';
import { type Answer, startGateway } from '../../support/gateway.ts';
import { openSocket, until } from '../../support/live.ts';

/** Three samples of this, one a second, are an overload. */
const late: Load = { loopDelayMs: 1_500, utilization: 1, memoryShare: 0 };
const full: Load = { loopDelayMs: 0, utilization: 0, memoryShare: 0.9 };

async function startUnder(load: Load, env = {}) {
  const gateway = await startGateway(env, { gauge: { sample: () => load, stop: () => {} } });
  const { importExport, dataExchange } = await gateway.emulator.seed({ importExport: 1, dataExchange: 40 });
  const readiness = async (): Promise<number> => (await fetch(new URL('/readyz', gateway.url))).status;
  const id = globalId('ImportExportJob', importExport[0] ?? '');
  return { ...gateway, readiness, id, dataExchange };
}

const board = '{ jobs(first: 40) { nodes { id state createdAt } } }';

/** The `Accept` header of urql, for every operation. */
const urqlAccepts =
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed';

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
  const { ask, readiness } = await startUnder(late);
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(board)));
    expect(answers.filter(isRefused)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
  expect(await readiness()).toBe(200);
});

test('a late gateway with more operations under way than end in a second refuses further ones, on each transport', async () => {
  const { ask, emulator, readiness, id, url } = await startUnder(late);
  const socket = await openSocket(url);
  await new Promise((resolve) => setTimeout(resolve, 3_200));
  await emulator.fail('ImportExport.GetStatus', { delayMs: 2_000 }, 1_000);
  const read = () => ask(readJob, { id });
  const first = Array.from({ length: 64 }, read);
  await expect.poll(readiness).toBe(503);
  const further = await Promise.all(Array.from({ length: 20 }, read));
  for (const { errors } of further) expect(errors).toMatchObject([refused]);
  const streamed = await fetch(url, { method: 'POST', headers: { accept: 'text/event-stream' }, body: '{}' });
  expect([streamed.status, streamed.headers.get('retry-after')]).toEqual([503, '5']);
  socket.subscribe('q', readJob, { id });
  await until(() => socket.typesOf('q').includes('error'));
  expect(socket.frames.find((frame) => frame.id === 'q')?.payload).toMatchObject([refused]);
  expect(await refusalOf(url)).toEqual([503, '5']);
  expect((await Promise.all(first)).filter(isRefused)).toEqual([]);
  await emulator.heal();
  expect(await readiness()).toBe(200);
  expect(await read()).toEqual({ data: { job: { state: 'WAITING' } } });
});

test('queries of clients that also accept a stream count until they are answered', async () => {
  const { url, emulator, readiness, id } = await startUnder(late);
  await new Promise((resolve) => setTimeout(resolve, 3_200));
  await emulator.fail('ImportExport.GetStatus', { delayMs: 2_000 }, 1_000);
  const body = JSON.stringify({ query: readJob, variables: { id } });
  const headers = { 'content-type': 'application/json', accept: urqlAccepts };
  const first = Array.from({ length: 64 }, async () => (await fetch(url, { method: 'POST', headers, body })).status);
  await expect.poll(readiness).toBe(503);
  expect(new Set(await Promise.all(first))).toEqual(new Set([200]));
  await emulator.heal();
  // A stream counts only until it begins.
  const document = 'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { cursor } }';
  const subscribe = JSON.stringify({ query: document, variables: { ids: [id] } });
  const streams = [];
  for (let count = 0; count < 70; count += 1)
    streams.push(await fetch(url, { method: 'POST', headers, body: subscribe }));
  expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await readiness()).toBe(200);
  await Promise.all(streams.map((stream) => stream.body?.cancel()));
});

test('a gateway whose memory is full refuses every operation', async () => {
  const origin = 'https://app.example';
  const { ask, readiness, url } = await startUnder(full, { WAYBILL_ALLOWED_ORIGINS: origin });
  await expect.poll(readiness, { timeout: 5_000 }).toBe(503);
  expect(isRefused(await ask(board))).toBe(true);
  // A page of an allowed origin can read why: its preflight is answered.
  const preflight = { origin, 'access-control-request-method': 'POST' };
  expect((await fetch(url, { method: 'OPTIONS', headers: preflight })).status).toBe(204);
  const { headers } = await fetch(url, { method: 'POST', headers: { origin }, body: '{}' });
  expect([headers.get('access-control-allow-origin'), headers.get('access-control-expose-headers')]).toEqual([
    origin,
    'retry-after',
  ]);
});
