/** Credentials that expire, are rotated, or are not to be had. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CredentialsProvider } from '../../../../src/backends/calls/credentials.ts';
import { calls, outcomeOf, reads } from './calls.ts';
import { knownKey, startWorld } from './world.ts';

/** Gives `keys` in turn, the next one whenever it is made to refresh, and counts. */
function refreshingProvider(...keys: readonly Awaited<ReturnType<CredentialsProvider>>[]) {
  const asked = { plainly: 0, forRefresh: 0 };
  const provider: CredentialsProvider = async ({ forceRefresh = false } = {}) => {
    asked[forceRefresh ? 'forRefresh' : 'plainly'] += 1;
    await sleep(20);
    return keys[Math.min(asked.forRefresh, keys.length - 1)] ?? knownKey;
  };
  return { provider, asked };
}

const oldKey = { accessKeyId: 'AKIDEXPIRED', secretAccessKey: 'old' };

describe.each(calls)('$name', (call) => {
  const expiredToken = call.name.startsWith('IE') ? 'ExpiredToken' : 'ExpiredTokenException';

  test('an expired session is refreshed, and the refused request sent once more', async () => {
    const { provider, asked } = refreshingProvider(oldKey, knownKey);
    const world = await startWorld({ credentials: provider });
    await world.fail(call.operation, { status: 403, awsCode: expiredToken });
    expect(await outcomeOf(call, world)).toBe('done');
    expect([asked.forRefresh, await world.requests()]).toEqual([1, { [call.operation]: 2 }]);
  });

  test('without newer credentials an expired session is sent nothing more', async () => {
    const { provider, asked } = refreshingProvider(knownKey);
    const world = await startWorld({ credentials: provider });
    await world.fail(call.operation, { status: 403, awsCode: expiredToken }, 100);
    expect(await outcomeOf(call, world)).toBe('CREDENTIALS_UNAVAILABLE');
    expect([asked.forRefresh, await world.requests()]).toEqual([1, { [call.operation]: 1 }]);
  });

  test('credentials that are refused as expired when they are new are refreshed no more', async () => {
    const { provider, asked } = refreshingProvider(oldKey, knownKey, oldKey);
    const world = await startWorld({ credentials: provider });
    await world.fail(call.operation, { status: 403, awsCode: expiredToken }, 100);
    expect(await outcomeOf(call, world)).toBe('CREDENTIALS_UNAVAILABLE');
    expect([asked.forRefresh, await world.requests()]).toEqual([1, { [call.operation]: 2 }]);
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
    ['gives a key without its secret, from a file half written', async () => ({ ...knownKey, secretAccessKey: '' })],
  ])('where the provider %s nothing is sent', async (_, credentials) => {
    const world = await startWorld({ credentials, attemptTimeoutMs: 100 });
    expect(await outcomeOf(call, world)).toBe('CREDENTIALS_UNAVAILABLE');
    expect([await world.requests(), world.proxy.connections]).toEqual([{}, 0]);
  });

  test('a rotation is picked up by the next call', async () => {
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

  test('calls that meet an expired session together refresh it once', async () => {
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

  test('a rotation under load fails no call: what the old key began is signed again with the new one', async () => {
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

  test('a provider that hangs is asked once by all who wait for it', async () => {
    let asked = 0;
    const credentials: CredentialsProvider = () => {
      asked += 1;
      return new Promise(() => {});
    };
    const world = await startWorld({ credentials, attemptTimeoutMs: 100 });
    expect(new Set(await manyOutcomes(world))).toEqual(new Set(['CREDENTIALS_UNAVAILABLE']));
    expect(asked).toBe(1);
  });
});
