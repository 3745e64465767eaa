import { expect, test } from 'vitest';
import { intervalMs } from '../../../src/watch/poll-interval.ts';

const cadence = { minMs: 2_000, maxMs: 30_000 };
const calm = { ageMs: 0, failures: 0 };
const middle = 0.5;

test('a job that has just changed is read again after the shortest interval', () => {
  expect(intervalMs(cadence, calm, middle)).toBe(2_000);
});

test('the interval grows while nothing changes, up to the longest', () => {
  const ages = [2_000, 10_000, 60_000, 95_000, 1_000_000];
  const intervals = ages.map((ageMs) => intervalMs(cadence, { ...calm, ageMs }, middle));
  expect(intervals).toEqual([2_600, 5_000, 20_000, 30_000, 30_000]);
});

test('each failure doubles the interval', () => {
  expect([1, 2, 3].map((failures) => intervalMs(cadence, { ...calm, failures }, middle))).toEqual([
    4_000, 8_000, 16_000,
  ]);
});

test('jitter spreads the interval by 3 % either way', () => {
  expect([0, 1].map((random) => intervalMs(cadence, calm, random))).toEqual([1_940, 2_060]);
});

test('the wait that a service asks for is observed, even beyond the longest interval', () => {
  expect(intervalMs(cadence, { ...calm, failures: 1, retryAfterMs: 90_000 }, middle)).toBe(90_000);
  expect(intervalMs(cadence, { ...calm, failures: 1, retryAfterMs: 1 }, middle)).toBe(4_000);
});

test.each([300_001, 999_999_000, 999_999_999_000, Number.POSITIVE_INFINITY])(
  'a service that asks for a wait of %d ms is called again after five minutes',
  (retryAfterMs) => {
    expect(intervalMs(cadence, { ...calm, failures: 1, retryAfterMs }, middle)).toBe(300_000);
  },
);

test.each([Number.NaN, -1, 0])('a wait of %d ms is ignored', (retryAfterMs) => {
  expect(intervalMs(cadence, { ...calm, failures: 1, retryAfterMs }, middle)).toBe(4_000);
});
