import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';

const dayMs = 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The delays that `setTimeout` received. */
const delaysIn = (spy: { readonly mock: { readonly calls: readonly (readonly unknown[])[] } }) =>
  spy.mock.calls.map(([, delayMs]) => Number(delayMs));

test('a delay of forty days is kept, with no timer longer than Node allows', async () => {
  const spy = vi.spyOn(globalThis, 'setTimeout');
  let calls = 0;
  systemClock.schedule(() => (calls += 1), 40 * dayMs);
  await vi.advanceTimersByTimeAsync(40 * dayMs - 1);
  expect(calls).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(calls).toBe(1);
  expect(Math.max(...delaysIn(spy))).toBe(2 ** 31 - 1);
  expect(vi.getTimerCount()).toBe(0);
});

test('an infinite delay never fires, and can be cancelled after its first timer', async () => {
  let calls = 0;
  const cancel = systemClock.schedule(() => (calls += 1), Number.POSITIVE_INFINITY);
  await vi.advanceTimersByTimeAsync(60 * dayMs);
  expect([calls, vi.getTimerCount()]).toEqual([0, 1]);
  cancel();
  expect(vi.getTimerCount()).toBe(0);
});
