/**
 * A stream over HTTP ends with its response: if that cannot be sent, or its client has left, no resource of the stream
 * remains.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { countingClock } from '../../support/counting-clock.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { startGuarded } from '../../support/guarded-gateway.ts';
import { issuerKey, signed, startIssuer } from '../../support/issuer.ts';
import { until, watchJobs } from '../../support/live.ts';
import { openConnection, requestBytes } from '../../support/raw-http.ts';

/** The interval at which the gateway checks a caller's rights; each awaited end of rights has one timer. */
const rightsCheckMs = 60_000;

async function start() {
  const clock = countingClock();
  const slow = { WAYBILL_POLL_MIN_MS: '3600000', WAYBILL_POLL_MAX_MS: '3600000' };
  const gateway = await startGuarded({ viewer: ['jobs:read'] }, slow, '2099-01-01T00:00:00Z', { clock });
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
  const body = JSON.stringify({
    query: watchJobs,
    variables: { ids: [globalId('DataExchangeJob', dataExchange[0] ?? '')] },
  });
  const authorization = `Bearer ${gateway.tokenOf('viewer')}`;
  const before = clock.timersOf(rightsCheckMs).waiting;
  /** The resources of streams: the number of subscribers, and of timers for the end of a caller's rights. */
  const left = () => [gateway.watcher.subscribers, clock.timersOf(rightsCheckMs).waiting - before];
  return { gateway, body, authorization, left };
}

test.each([
  'multipart/mixed;subscriptionSpec=1.0, application/json',
  'multipart/mixed',
  'application/json',
  'text/html',
])('a subscription that accepts %s is answered 406 with a reason, and leaves no resource behind', async (accept) => {
  const { gateway, body, authorization, left } = await start();
  const headers = { 'content-type': 'application/json', accept, authorization };
  await gateway.emulator.forgetRequests();
  for (let round = 0; round < 20; round += 1) {
    const response = await fetch(gateway.url, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([
      406,
      {
        errors: [
          {
            message: 'Accept: expected text/event-stream for a subscription over HTTP.',
            extensions: { code: 'BAD_REQUEST' },
          },
        ],
      },
    ]);
  }
  expect([left(), await gateway.emulator.requests(), gateway.complaints]).toEqual([[0, 0], {}, []]);
});

test('a stream that Yoga cannot send ends with its response', async () => {
  const { gateway, body, authorization, left } = await start();
  // Yoga accepts only the spelling `utf-8`.
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream; charset=utf8', authorization };
  for (let round = 0; round < 20; round += 1) {
    const response = await fetch(gateway.url, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([406, { errors: [expect.anything()] }]);
  }
  await until(() => left().every((count) => count === 0));
  expect(gateway.complaints).toEqual([]);
});

test('a reader of server-sent events who disconnects at any moment leaves no resource behind', async () => {
  const { gateway, body, authorization, left } = await start();
  const headers = ['Content-Type: application/json', 'Accept: text/event-stream', `Authorization: ${authorization}`];
  const bytes = requestBytes(gateway.url, { headers, body });
  for (let round = 0; round < 60; round += 1) {
    const { socket } = await openConnection(gateway.url);
    socket.write(bytes);
    for (let turn = 0; turn < round % 12; turn += 1) await new Promise(setImmediate);
    socket.destroy();
  }
  await sleep(100);
  await until(() => left().every((count) => count === 0));
  expect(gateway.complaints).toEqual([]);
});

test('a HEAD begins no stream', async () => {
  const { gateway, authorization, left } = await start();
  const query = encodeURIComponent('subscription { jobActivity { state } }');
  const headers = { accept: 'text/event-stream', authorization, 'x-graphql-yoga-csrf': '1' };
  const response = await fetch(`${gateway.url}?query=${query}`, { method: 'HEAD', headers });
  expect([response.status, left()]).toEqual([405, [0, 0]]);
});

test('a reader who disconnects while the keys of their issuer are fetched leaves no resource behind', async () => {
  const key = await issuerKey('k');
  const issuer = await startIssuer(key);
  onTestFinished(issuer.close);
  const keySet = JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) });
  issuer.answer = (_request, response) => void sleep(300).then(() => response.end(keySet));
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: 'https://issuer.example', aud: 'waybill', sub: 'somebody', scope: 'jobs:read' };
  const token = await signed(key, { ...claims, iat: now, exp: now + 600 });
  const clock = countingClock();
  const gateway = await startGateway(
    {
      WAYBILL_AUTH: 'jwt',
      WAYBILL_JWT_ISSUER: claims.iss,
      WAYBILL_JWT_AUDIENCE: claims.aud,
      WAYBILL_JWKS_URL: issuer.url.href,
      WAYBILL_POLL_MIN_MS: '3600000',
      WAYBILL_POLL_MAX_MS: '3600000',
    },
    { clock },
  );
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
  const variables = { ids: [globalId('DataExchangeJob', dataExchange[0] ?? '')] };
  const headers = ['Content-Type: application/json', 'Accept: text/event-stream', `Authorization: Bearer ${token}`];
  const bytes = requestBytes(gateway.url, { headers, body: JSON.stringify({ query: watchJobs, variables }) });
  const { waiting: before } = clock.timersOf(rightsCheckMs);
  for (let reader = 0; reader < 10; reader += 1) {
    const { socket } = await openConnection(gateway.url);
    socket.write(bytes);
    await sleep(10);
    socket.destroy();
  }
  await sleep(500);
  await until(() => gateway.watcher.subscribers === 0 && clock.timersOf(rightsCheckMs).waiting === before);
  expect(gateway.complaints).toEqual([]);
});
