import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BoundedKeys, sharedKey } from '../../../src/limits/bounded-keys.ts';
import {
  ConnectionThrottle,
  defaultConnectionLimit,
  defaultRateLimit,
  networkOf,
  RateLimit,
  rateLimited,
} from '../../../src/limits/rate-limit.ts';

// The limiter's library reads the system clock and sets timers, so those are faked here.
beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const limitOf = (points: number, maxKeys = 1_000) => new RateLimit({ points, windowMs: 60_000, maxKeys }, Date.now);

test('Of concurrent charges exactly as many as there are points are accepted', async () => {
  const limit = limitOf(100);
  const verdicts = await Promise.all(Array.from({ length: 1_000 }, () => limit.charge('a', 1)));
  expect(verdicts.filter((verdict) => verdict === undefined)).toHaveLength(100);
});

test('A few expensive operations use up as many points as many cheap ones', async () => {
  const limit = new RateLimit(defaultRateLimit, Date.now);
  for (let operation = 0; operation < 12; operation += 1) expect(await limit.charge('expensive', 802)).toBeUndefined();
  expect(await limit.charge('expensive', 802)).toEqual({ retryAfterMs: 60_000 });
  for (let operation = 0; operation < 10_000; operation += 1) expect(await limit.charge('cheap', 1)).toBeUndefined();
  expect(await limit.charge('cheap', 1)).toEqual({ retryAfterMs: 60_000 });
});

test('A refusal says when to retry, and a charge is accepted then', async () => {
  const limit = limitOf(10);
  await limit.charge('a', 10);
  await vi.advanceTimersByTimeAsync(20_000);
  const verdict = await limit.charge('a', 1);
  expect(verdict).toEqual({ retryAfterMs: 40_000 });
  expect(await limit.charge('b', 10)).toBeUndefined();
  await vi.advanceTimersByTimeAsync(verdict?.retryAfterMs ?? 0);
  expect(await limit.charge('a', 10)).toBeUndefined();
  expect(rateLimited({ retryAfterMs: 40_000 }).extensions).toEqual({
    code: 'RATE_LIMITED',
    retryable: true,
    retryAfterMs: 40_000,
  });
});

test('An address with too many failures is refused until its minute ends, others are not', async () => {
  const throttle = new ConnectionThrottle(defaultConnectionLimit, Date.now);
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    expect(await throttle.verdictFor('192.0.2.1')).toBeUndefined();
    await throttle.failed('192.0.2.1');
  }
  expect(await throttle.verdictFor('192.0.2.1')).toEqual({ retryAfterMs: 60_000 });
  expect(await throttle.verdictFor('::ffff:192.0.2.1')).toEqual({ retryAfterMs: 60_000 });
  expect(await throttle.verdictFor('192.0.2.2')).toBeUndefined();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await throttle.verdictFor('192.0.2.1')).toBeUndefined();
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::1:0:0:9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('The address %s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('A million keys take the memory of a few thousand, and an earlier key keeps its own budget', async () => {
  const limit = limitOf(5, 1_000);
  await limit.charge('before', 4);
  for (let key = 0; key < 1_000_000; key += 1) await limit.charge(`key ${key}`, 1);
  // The limiter has one timer for each key.
  expect(vi.getTimerCount()).toBeLessThanOrEqual(1_001);
  expect(await limit.charge('before', 1)).toBeUndefined();
  expect(await limit.charge('before', 1)).toEqual({ retryAfterMs: 60_000 });
  // Further keys share one budget until the flood is over.
  expect(await limit.charge('after', 1)).toMatchObject({ retryAfterMs: expect.any(Number) });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await limit.charge('after', 1)).toBeUndefined();
}, 120_000);

test('A lasting flood holds no more than two windows of keys', async () => {
  const limit = limitOf(5, 100);
  for (let minute = 0; minute < 20; minute += 1) {
    for (let key = 0; key < 300; key += 1) {
      await limit.charge(`key ${minute} ${key}`, 1);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(vi.getTimerCount()).toBeLessThanOrEqual(202);
  }
});

test('Unused keys are forgotten after two windows', () => {
  let now = 0;
  const keys = new BoundedKeys({ maxKeys: 2, windowMs: 1_000, now: () => now });
  expect(['a', 'b', 'c', 'a'].map((key) => keys.keyFor(key))).toEqual(['=a', '=b', sharedKey, '=a']);
  now = 1_000;
  expect(['c', 'a', 'b', 'd'].map((key) => keys.keyFor(key))).toEqual(['=c', '=a', '=b', sharedKey]);
  expect(keys.size).toBe(4);
  now = 3_000;
  keys.keyFor(sharedKey);
  expect([keys.size, keys.keyFor(sharedKey)]).toEqual([1, `=${sharedKey}`]);
});
