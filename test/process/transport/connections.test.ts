/** Connections that are slow, numerous, or reset in the middle, with the gateway as a process. */

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { globalId } from '../../support/examples.ts';
import { ask } from '../../support/gateway.ts';
import { until } from '../../support/live.ts';
import { complaintsIn } from '../../support/log-lines.ts';
import { drip, exchange, openConnection, requestBytes } from '../../support/raw-http.ts';

const healthy = { data: { __typename: 'Query' } };

/** The number of open file descriptors of the process (Linux only). */
function descriptorsOf({ pid }: ChildGateway): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

test('connections that send headers or bodies too slowly are cut off, and others are answered meanwhile', {
  timeout: 60_000,
}, async () => {
  const gateway = await startChildGateway();
  const { url } = gateway;
  await ask(url, '{ __typename }');
  const base = descriptorsOf(gateway);
  const connections = await Promise.all(Array.from({ length: 300 }, () => openConnection(url)));
  const headers = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ${'x'.repeat(60)}`;
  const body = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n`;
  for (const [index, connection] of connections.entries()) {
    if (index % 3 > 0) void drip(connection, headers, 1_000);
    else {
      connection.socket.write(body);
      void drip(connection, ' '.repeat(300), 100);
    }
  }
  const all = Promise.all(connections.map(({ closed }) => closed)).then(() => 'cut off');
  let answers = 0;
  let haveAllEnded = false;
  void all.finally(() => {
    haveAllEnded = true;
  });
  while (!haveAllEnded) {
    expect(await ask(url, '{ __typename }')).toEqual(healthy);
    answers += 1;
    await sleep(100);
  }
  expect(answers).toBeGreaterThan(0);
  // Yoga sends no response for a body that it still waits for.
  for (const { status } of connections) expect([408, undefined]).toContain(status());
  for (const [index, { status }] of connections.entries()) if (index % 3 > 0) expect(status()).toBe(408);
  await until(() => descriptorsOf(gateway) <= base + 10);
  expect(complaintsIn(gateway.stderr())).toEqual([]);
});

describe('with one gateway for all cases', () => {
  let gateway: ChildGateway;
  beforeAll(async () => {
    gateway = await startChildGateway({}, { endsWithTest: false });
  });
  afterAll(async () => {
    await gateway.stop();
  });

  test.each([
    ['a line of 20 kB', [`X-Long: ${'x'.repeat(20_000)}`], /^HTTP\/1\.1 431 /],
    ['200 lines', Array.from({ length: 200 }, (_, index) => `X-${index}: x`), /^HTTP\/1\.1 431 /],
    ['1,999 lines', Array.from({ length: 1_999 }, (_, index) => `a${index}:`), /^HTTP\/1\.1 431 /],
    ['3,000 lines', Array.from({ length: 3_000 }, () => 'a:'), /^HTTP\/1\.1 431 /],
    ['a folded line', ['X-Folded: a', ' b'], /^HTTP\/1\.1 (400|404|200) /],
    ['a bare line feed', ['X-Bare: a\nX-Other: b'], /^HTTP\/1\.1 400 /],
    ['two lengths', ['Content-Length: 0', 'Content-Length: 5'], /^HTTP\/1\.1 400 /],
    ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked'], /^HTTP\/1\.1 400 /],
    ['__proto__', ['__proto__: x', 'constructor: y'], /^HTTP\/1\.1 (200|400) /],
  ])('a header with %s is refused or harmless', async (_title, headers, expected) => {
    const { url, stderr } = gateway;
    expect(await exchange(url, requestBytes(url, { method: 'GET', target: '/livez', headers }))).toMatch(expected);
    expect(await ask(url, '{ __typename }')).toEqual(healthy);
    expect(complaintsIn(stderr())).toEqual([]);
  });
});

/** A busy machine may refuse work for a while. */
const patienceMs = 25_000;

async function healthyAgain(url: string): Promise<void> {
  await expect.poll(() => ask(url, '{ __typename }'), { timeout: patienceMs, interval: 250 }).toEqual(healthy);
}

test('a thousand pipelined requests and then a reset leave no descriptor open', { timeout: 60_000 }, async () => {
  const gateway = await startChildGateway();
  const { url } = gateway;
  await ask(url, '{ __typename }');
  await sleep(100);
  const base = descriptorsOf(gateway);
  const body = '{"query":"{ jobs(first: 5) { nodes { id state } } }"}';
  const one = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  for (let round = 0; round < 2; round += 1) {
    const connection = await openConnection(url);
    connection.socket.write(one.repeat(1_000));
    if (round > 0) await until(() => connection.status() === 200, patienceMs);
    connection.socket.resetAndDestroy();
    await connection.closed;
  }
  await healthyAgain(url);
  await until(() => descriptorsOf(gateway) <= base + 2);
  expect(complaintsIn(gateway.stderr())).toEqual([]);
});

/** Takes the place of AWS: never answers, and counts the requests that wait. */
async function startSilentServer() {
  const waiting = new Set<ServerResponse>();
  let received = 0;
  const server = createServer((_request, response) => {
    received += 1;
    waiting.add(response);
    response.on('close', () => waiting.delete(response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, waiting: () => waiting.size, received: () => received };
}

test('when a thousand clients disconnect, the reads for them are aborted', {
  timeout: 60_000,
}, async () => {
  const aws = await startSilentServer();
  const gateway = await startChildGateway({
    WAYBILL_BACKEND: 'aws',
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  });
  const { url } = gateway;
  await ask(url, '{ __typename }');
  const base = descriptorsOf(gateway);
  for (let batch = 0; batch < 5; batch += 1) {
    const before = aws.received();
    const connections = await Promise.all(Array.from({ length: 200 }, () => openConnection(url)));
    for (const [index, { socket }] of connections.entries()) {
      const id = globalId('DataExchangeJob', (batch * 200 + index).toString(16).padStart(32, '0'));
      const body = JSON.stringify({ query: `{ job(id: ${JSON.stringify(id)}) { state } }` });
      socket.write(requestBytes(url, { body }));
    }
    await until(() => aws.received() > before, patienceMs);
    await sleep(100);
    for (const { socket } of connections) socket.resetAndDestroy();
    await until(() => aws.waiting() === 0, patienceMs);
  }
  await healthyAgain(url);
  await until(() => descriptorsOf(gateway) <= base + 50);
  expect(complaintsIn(gateway.stderr())).toEqual([]);
});
