import { expect, test } from 'vitest';
import { CallBudget } from '../../src/watch/budget.ts';
import { FakeClock } from '../support/fake-clock.ts';

const never = new AbortController().signal;

test('a second has no more calls than the budget, and those who wait go in order', async () => {
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

test('a budget below one call a second spaces them out', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 0.1);
  const served: number[] = [];
  for (const caller of [1, 2]) void budget.take(never).then(() => served.push(caller));
  await clock.advance(9_999);
  expect(served).toEqual([1]);
  await clock.advance(1);
  expect(served).toEqual([1, 2]);
});

test('whoever gives up waiting is told at once', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 1);
  await budget.take(never);
  const gone = new AbortController();
  const waiting = budget.take(gone.signal);
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  expect(clock.pendingTimers).toBe(0);
});
