/** Credentials that expire, are rotated, or cannot be loaded. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CredentialsProvider } from '../../../../src/backends/calls/credentials.ts';
import { calls, outcomeOf, reads } from './calls.ts';
import { knownKey, startWorld } from './world.ts';

/** Provides `keys`, the next one after each refresh, and counts the requests. */
function refreshingProvider(...keys: readonly Awaited<ReturnType<CredentialsProvider>>[]) {
  const requests = { forCurrent: 0, forRefresh: 0 };
  const provider: CredentialsProvider = async ({ forceRefresh = false } = {}) => {
    requests[forceRefresh ? 'forRefresh' : 'forCurrent'] += 1;
    await sleep(20);
    return keys[Math.min(requests.forRefresh, keys.length - 1)] ?? knownKey;
  };
  return { provider, requests };
}

const oldKey = { accessKeyId: 'AKIDEXPIRED', secretAccessKey: 'old' };

describe.each(calls)('$name', (call) => {
  const expiredToken = call.name.startsWith('IE') ? 'ExpiredToken' : 'ExpiredTokenException';

  test('An expired session is refreshed, and the refused request is sent once more', async () => {
    const { provider, requests } = refreshingProvider(oldKey, knownKey);
    const world = await startWorld({ credentials: provider });
    await world.fail(call.operation, { status: 403, awsCode: expiredToken });
    expect(await outcomeOf(call, world)).toBe('done');
    expect([requests.forRefresh, await world.requests()]).toEqual([1, { [call.operation]: 2 }]);
  });

  test('Without newer credentials nothing is sent again after a session has expired', async () => {
    const { provider, requests } = refreshingProvider(knownKey);
    const world = await startWorld({ credentials: provider });
    await world.fail(call.operation, { status: 403, awsCode: expiredToken }, 100);
    expect(await outcomeOf(call, world)).toBe('CREDENTIALS_UNAVAILABLE');
    expect([requests.forRefresh, await world.requests()]).toEqual([1, { [call.operation]: 1 }]);
  });

  test('New credentials that are refused as expired are not refreshed again', async () => {
    const { provider, requests } = refreshingProvider(oldKey, knownKey, oldKey);
    const world = await startWorld({ credentials: provider });
    await world.fail(call.operation, { status: 403, awsCode: expiredToken }, 100);
    expect(await outcomeOf(call, world)).toBe('CREDENTIALS_UNAVAILABLE');
    expect([requests.forRefresh, await world.requests()]).toEqual([1, { [call.operation]: 2 }]);
  });

  test.each<[string, CredentialsProvider]>([
    ['hangs', () => new Promise(() => {})],
    ['rejects', () => Promise.reject(new Error('no profile'))],
    [
      'throws',
      () => {
        throw new Error('no profile');
      },
    ],
    ['gives a key without its secret', async () => ({ ...knownKey, secretAccessKey: '' })],
  ])('Nothing is sent if the provider %s', async (_, credentials) => {
    const world = await startWorld({ credentials, attemptTimeoutMs: 100 });
    expect(await outcomeOf(call, world)).toBe('CREDENTIALS_UNAVAILABLE');
    expect([await world.requests(), world.proxy.connections]).toEqual([{}, 0]);
  });

  test('The next call uses a rotated key', async () => {
    let key = oldKey;
    const world = await startWorld({ credentials: async () => key });
    expect(await outcomeOf(call, world)).toBe('CREDENTIALS_UNAVAILABLE');
    key = knownKey;
    expect(await outcomeOf(call, world)).toBe('done');
  });
});

describe.each(reads)('$name', (call) => {
  const expiredToken = call.name.startsWith('IE') ? 'ExpiredToken' : 'ExpiredTokenException';
  const manyOutcomes = (world: Parameters<typeof outcomeOf>[1]) =>
    Promise.all(Array.from({ length: 40 }, () => outcomeOf(call, world)));

  test('Calls that are refused together for an expired session refresh it once', async () => {
    let key = oldKey;
    let refreshes = 0;
    const credentials: CredentialsProvider = async ({ forceRefresh = false } = {}) => {
      if (!forceRefresh) return key;
      refreshes += 1;
      while ((await world.requests())[call.operation] !== 40) await sleep(5);
      key = knownKey;
      return key;
    };
    const world = await startWorld({ credentials });
    await world.fail(call.operation, { status: 403, awsCode: expiredToken }, 40);
    expect(new Set(await manyOutcomes(world))).toEqual(new Set(['done']));
    expect([refreshes, await world.requests()]).toEqual([1, { [call.operation]: 80 }]);
  });

  test('A rotation under load fails no call: refused requests are signed again with the new key', async () => {
    let key = oldKey;
    const world = await startWorld({ credentials: async () => key });
    const before = manyOutcomes(world);
    await sleep(0);
    key = knownKey;
    expect(new Set(await manyOutcomes(world))).toEqual(new Set(['done']));
    expect(new Set(await before)).toEqual(new Set(['done']));
    // Those of the first forty that had to wait for their turn were signed with the new key at once.
    const sent = (await world.requests())[call.operation] ?? 0;
    expect(sent).toBeGreaterThan(80);
    expect(sent).toBeLessThanOrEqual(120);
  });

  test('Calls that wait for a hanging provider share one request to it', async () => {
    let requests = 0;
    const credentials: CredentialsProvider = () => {
      requests += 1;
      return new Promise(() => {});
    };
    const world = await startWorld({ credentials, attemptTimeoutMs: 100 });
    expect(new Set(await manyOutcomes(world))).toEqual(new Set(['CREDENTIALS_UNAVAILABLE']));
    expect(requests).toBe(1);
  });
});
