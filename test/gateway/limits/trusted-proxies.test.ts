/** Behind a proxy the wrong tokens of one client do not lock out the others. */
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type GuardedGateway, startGuarded } from '../../support/guarded-gateway.ts';

const [guesser, neighbour] = ['198.51.100.7', '198.51.100.8'];

interface Asking {
  readonly token: string;
  readonly forwardedFor: string;
}

async function statusOf({ url }: GuardedGateway, { token, forwardedFor }: Asking): Promise<number> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'x-forwarded-for': forwardedFor,
  };
  return (await fetch(url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' })).status;
}

/** 101 if a handshake from there is accepted. */
async function handshakeFrom({ url }: GuardedGateway, forwardedFor: string): Promise<number> {
  const headers = { 'x-forwarded-for': forwardedFor };
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  return Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, { statusCode }]) => statusCode),
  ]);
}

/** Sends as many wrong tokens as an address may in a minute. */
async function guess(gateway: GuardedGateway, addressOf: (count: number) => string): Promise<void> {
  for (let sent = 0; sent < 1_000; sent += 50) {
    const batch = Array.from({ length: 50 }, (_, index) => ({ token: 'wrong', forwardedFor: addressOf(sent + index) }));
    expect(new Set(await Promise.all(batch.map((asking) => statusOf(gateway, asking))))).toEqual(new Set([401]));
  }
}

test('only the client behind a trusted proxy that sent them is refused, whatever it writes before its address', async () => {
  const gateway = await startGuarded({ viewer: ['jobs:read'] }, { WAYBILL_TRUSTED_PROXIES: 'loopback' });
  await guess(gateway, (count) => `192.0.2.${count % 200}, ${guesser}`);
  const token = gateway.tokenOf('viewer');
  expect(await statusOf(gateway, { token, forwardedFor: guesser })).toBe(429);
  expect(await statusOf(gateway, { token, forwardedFor: `${neighbour}, ${guesser}` })).toBe(429);
  expect(await statusOf(gateway, { token, forwardedFor: neighbour })).toBe(200);
  expect(await handshakeFrom(gateway, guesser)).toBe(429);
  expect(await handshakeFrom(gateway, neighbour)).toBe(101);
});

test('a client that is no proxy escapes its limit by no header', async () => {
  const gateway = await startGuarded({ viewer: ['jobs:read'] });
  await guess(gateway, (count) => `192.0.2.${count % 200}`);
  const token = gateway.tokenOf('viewer');
  expect(await statusOf(gateway, { token, forwardedFor: neighbour })).toBe(429);
  expect(await handshakeFrom(gateway, neighbour)).toBe(429);
});
