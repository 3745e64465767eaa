import { expect, test } from 'vitest';
import { CallBudget } from '../../../src/watch/budget.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const never = new AbortController().signal;

test('at most the budgeted calls are made in a second, and waiters are served in order', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 2);
  const served: number[] = [];
  for (const caller of [1, 2, 3, 4, 5]) void budget.take(never).then(() => served.push(caller));
  await clock.advance(0);
  expect(served).toEqual([1, 2]);
  await clock.advance(500);
  expect(served).toEqual([1, 2, 3]);
  await clock.advance(1_000);
  expect(served).toEqual([1, 2, 3, 4, 5]);
});

test('a budget below one call a second spaces calls evenly', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 0.1);
  const served: number[] = [];
  for (const caller of [1, 2]) void budget.take(never).then(() => served.push(caller));
  await clock.advance(9_999);
  expect(served).toEqual([1]);
  await clock.advance(1);
  expect(served).toEqual([1, 2]);
});

test('an aborted wait rejects at once and leaves no timer', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 1);
  await budget.take(never);
  const gone = new AbortController();
  const waiting = budget.take(gone.signal);
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  expect(clock.pendingTimers).toBe(0);
});

test('each throttled call halves the rate, down to a sixteenth, and the rate recovers within a minute', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 16);
  const shares = [0, 1, 2, 3, 4, 5].map(() => {
    budget.throttle(undefined);
    return budget.callsPerSecond;
  });
  expect(shares).toEqual([8, 4, 2, 1, 1, 1]);
  await clock.advance(30_000);
  expect(budget.callsPerSecond).toBe(9);
  await clock.advance(30_000);
  expect(budget.callsPerSecond).toBe(16);
});

test('after a throttled call the reduced rate is used', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 4);
  for (let call = 0; call < 4; call += 1) await budget.take(never);
  budget.throttle(undefined);
  let served = 0;
  for (let caller = 0; caller < 8; caller += 1) void budget.take(never).then(() => (served += 1));
  await clock.advance(2_000);
  expect(served).toBeGreaterThanOrEqual(3);
  expect(served).toBeLessThanOrEqual(5);
});

test('no call is made before the time that a service asks for', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 10);
  budget.throttle(7_000);
  let served = 0;
  void budget.take(never).then(() => (served += 1));
  await clock.advance(6_999);
  expect(served).toBe(0);
  await clock.advance(500);
  expect(served).toBe(1);
});

test.each([999_999_000, Number.POSITIVE_INFINITY])(
  'a service that asks for a wait of %d ms is called again after five minutes',
  async (retryAfterMs) => {
    const clock = new FakeClock();
    const budget = new CallBudget(clock, 10);
    budget.throttle(retryAfterMs);
    let served = 0;
    void budget.take(never).then(() => (served += 1));
    await clock.advance(299_999);
    expect(served).toBe(0);
    await clock.advance(1_000);
    expect(served).toBe(1);
  },
);

test('a wait of NaN stops neither the polling nor the budget', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 10);
  budget.throttle(Number.NaN);
  let served = 0;
  for (let caller = 0; caller < 30; caller += 1) void budget.take(never).then(() => (served += 1));
  await clock.advance(1_000);
  expect(served).toBeGreaterThanOrEqual(5);
  expect(served).toBeLessThanOrEqual(12);
});
