import { expect, test } from 'vitest';
import { intervalMs } from '../../src/watch/schedule.ts';

const cadence = { minMs: 2_000, maxMs: 30_000 };
const calm = { unchanged: 0, failures: 0 };
const middle = 0.5;

test('a job that has just changed is read again after the shortest interval', () => {
  expect(intervalMs(cadence, calm, middle)).toBe(2_000);
});

test('the interval grows while nothing happens, up to the longest', () => {
  const intervals = [1, 5, 10, 11, 50].map((unchanged) => intervalMs(cadence, { ...calm, unchanged }, middle));
  expect(intervals.map(Math.round)).toEqual([2_600, 7_426, 27_572, 30_000, 30_000]);
});

test('each failure doubles it', () => {
  expect([1, 2, 3].map((failures) => intervalMs(cadence, { ...calm, failures }, middle))).toEqual([
    4_000, 8_000, 16_000,
  ]);
});

test('jitter spreads it by a fifth either way', () => {
  expect([0, 1].map((random) => intervalMs(cadence, calm, random))).toEqual([1_600, 2_400]);
});

test('the wait that a service asks for is obeyed, even beyond the longest interval', () => {
  expect(intervalMs(cadence, { ...calm, failures: 1, retryAfterMs: 90_000 }, middle)).toBe(90_000);
  expect(intervalMs(cadence, { ...calm, failures: 1, retryAfterMs: 1 }, middle)).toBe(4_000);
});
