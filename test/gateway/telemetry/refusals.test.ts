/** What is refused before an operation is known is in no log line: its metric says how often, and why. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { textFromTokenEntries } from '../../../src/identity/token-file.ts';
import { scraped, startGateway, temporaryFolder } from '../../support/gateway.ts';
import { startGuarded } from '../../support/guarded-gateway.ts';
import { openSocket } from '../../support/live.ts';

const metered = { WAYBILL_METRICS_PORT: '0' };

/** The counts, each by its transport and reason. */
async function refusalsOf({ metricsUrl }: { readonly metricsUrl: string | undefined }): Promise<object> {
  const series = (await scraped(metricsUrl)).matchAll(
    /^waybill_refusals_total\{transport="(.+)",reason="(.+)"\} (\d+)$/gm,
  );
  return Object.fromEntries(
    [...series].map(([, transport, reason, count]) => [`${transport} ${reason}`, Number(count)]),
  );
}

async function post(url: string, authorization?: string): Promise<number> {
  const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
  return (await fetch(url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' })).status;
}

/** The status with which a handshake is refused. */
async function handshakeStatusOf(url: string, origin?: string): Promise<number> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { origin });
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  const [, { statusCode }] = await once(socket, 'unexpected-response');
  return statusCode;
}

test('callers without a valid token are counted by what is wrong with it', async () => {
  const past = new Date(Date.now() - 1_000).toISOString();
  const gateway = await startGuarded({ former: ['jobs:read'] }, metered, past);
  const proofs = [undefined, 'Basic dXNlcg==', `Bearer ${gateway.tokenOf('former')}`, `Bearer wbt_${'a'.repeat(43)}`];
  for (const authorization of proofs) {
    expect(await post(gateway.url, authorization)).toBe(401);
    await expect(openSocket(gateway.url, { authorization })).rejects.toThrow('4403');
  }
  const url = new URL('/schema.graphql', gateway.url);
  expect((await fetch(url)).status).toBe(401);
  expect(await refusalsOf(gateway)).toEqual({
    'http missing': 2,
    'http malformed': 1,
    'http expired': 1,
    'http unknown': 1,
    'websocket missing': 1,
    'websocket malformed': 1,
    'websocket expired': 1,
    'websocket unknown': 1,
  });
});

test('valid callers whose tokens cannot be checked are counted as such', async () => {
  const path = join(temporaryFolder(), 'tokens.json');
  await writeFile(path, textFromTokenEntries([]), { mode: 0o600 });
  const gateway = await startGateway({ ...metered, WAYBILL_AUTH: 'tokens', WAYBILL_TOKENS_FILE: path });
  await writeFile(path, '{"tok', { mode: 0o600 });
  await expect
    .poll(async () => {
      await post(gateway.url, 'Bearer wbt_a');
      return refusalsOf(gateway);
    })
    .toMatchObject({ 'http unavailable': expect.any(Number) });
});

test('an address with too many wrong tokens, and a caller with too many sockets, are counted as such', async () => {
  const gateway = await startGuarded({ viewer: ['jobs:read'] }, { ...metered, WAYBILL_MAX_SOCKETS_PER_CALLER: '1' });
  await gateway.socketOf('viewer');
  await expect(gateway.socketOf('viewer')).rejects.toThrow('4403');
  for (let count = 0; count < 1_000; count += 50)
    await Promise.all(Array.from({ length: 50 }, () => post(gateway.url, 'Bearer wrong')));
  expect(await post(gateway.url, 'Bearer wrong')).toBe(429);
  expect(await handshakeStatusOf(gateway.url)).toBe(429);
  expect(await refusalsOf(gateway)).toMatchObject({
    'websocket too-many-sockets': 1,
    'http failed-too-often': expect.any(Number),
    'websocket failed-too-often': 1,
  });
});

test('more sockets and connections than the gateway takes are counted, and what it refuses for want of memory', async () => {
  const memory = { usedShare: 0 };
  const gauge = { usedShare: () => memory.usedShare, stop: () => {} };
  const gateway = await startGateway({ ...metered, WAYBILL_MAX_CONNECTIONS: '10' }, { gauge });
  const { socket: first } = await openSocket(gateway.url);
  for (let count = 1; count < 9; count += 1) await openSocket(gateway.url);
  expect(await handshakeStatusOf(gateway.url)).toBe(503);
  expect(await refusalsOf(gateway)).toEqual({ 'websocket too-many-sockets': 1 });
  expect(await handshakeStatusOf(gateway.url, 'https://other.example')).toBe(403);
  await post(gateway.url);
  await expect(handshakeStatusOf(gateway.url)).rejects.toThrow('hang up');
  memory.usedShare = 0.9;
  await expect.poll(() => post(gateway.url), { timeout: 5_000 }).toBe(503);
  first.terminate();
  // Until the gateway has seen it leave, another connection is dropped.
  await expect.poll(() => handshakeStatusOf(gateway.url).catch(() => 'dropped')).toBe(503);
  expect(await refusalsOf(gateway)).toEqual({
    'websocket too-many-sockets': 1,
    'http too-many-connections': expect.any(Number),
    'websocket foreign-origin': 1,
    'http overloaded': 1,
    'websocket overloaded': 1,
  });
});
