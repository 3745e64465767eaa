/** Waits between retries and polls. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { callTime } from '../../../src/backends/calls/attempt.ts';
import { createRetry } from '../../../src/backends/calls/retry.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { BackendError } from '../../../src/model/errors.ts';
import { CallBudget } from '../../../src/watch/budget.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { openSocket, until, watchJobs } from '../../support/live.ts';
import { startGatewayWorld } from './world.ts';

const never = new AbortController().signal;

/** A generator with a fixed sequence (Numerical Recipes, "ranqd1"). */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The waits before the retries of `calls` calls that fail in every attempt, each within a budget of its own. */
async function waitsOf(calls: number, retryAfterMs?: number): Promise<number[][]> {
  const random = chanceFrom(7);
  const waits: number[][] = [];
  for (let made = 0; made < calls; made += 1) {
    const clock = new FakeClock();
    const chancy: Clock = { now: clock.now, monotonicMs: clock.monotonicMs, schedule: clock.schedule, random };
    const attempts: number[] = [];
    const outcome = createRetry(chancy)(callTime({ signal: never }, clock), async () => {
      attempts.push(clock.now());
      throw new BackendError({
        service: 'DATA_EXCHANGE',
        code: 'UPSTREAM_UNAVAILABLE',
        message: 'down',
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      });
    }).catch(() => {});
    await clock.advance(10_000);
    await outcome;
    waits.push(attempts.slice(1).map((at, index) => at - (attempts[index] ?? at)));
  }
  return waits;
}

/** The greatest distance between how `values` are spread and an even spread from 0 to `max` (Kolmogorov and Smirnov). */
function distanceFromUniform(values: readonly number[], max: number): number {
  const sorted = values.map((value) => value / max).toSorted((a, b) => a - b);
  const distances = sorted.map((value, index) =>
    Math.max(Math.abs(value - index / sorted.length), Math.abs(value - (index + 1) / sorted.length)),
  );
  return Math.max(...distances);
}

test('The waits before a first and a second retry are spread evenly up to 100 and 200 ms', async () => {
  const calls = 500;
  const waits = await waitsOf(calls);
  // One in a thousand even spreads of so many lies further off (critical value 1.95 / sqrt(n)).
  const farthest = 1.95 / Math.sqrt(calls);
  for (const [retry, max] of [100, 200].entries()) {
    const values = waits.flatMap((each) => each[retry] ?? []);
    expect(values).toHaveLength(calls);
    expect(Math.max(...values)).toBeLessThan(max);
    expect(distanceFromUniform(values, max)).toBeLessThan(farthest);
  }
});

test('A retry waits for Retry-After, which ends the call where it leads beyond the call’s 8 s', async () => {
  for (const [first = 0, second = 0] of await waitsOf(20, 2_000)) {
    expect(first).toBeGreaterThanOrEqual(2_000);
    expect(first).toBeLessThan(2_100);
    expect(second).toBeGreaterThanOrEqual(2_000);
    expect(second).toBeLessThan(2_200);
  }
  // A second wait of 5 s would end after 10 s.
  expect((await waitsOf(20, 5_000)).map(({ length }) => length)).toEqual(Array(20).fill(1));
  expect((await waitsOf(20, 8_000)).map(({ length }) => length)).toEqual(Array(20).fill(0));
});

test('Throttled polls slow down and recover, and those of the other service do not slow down', async () => {
  // Throttled again and again it is asked a sixteenth of that: hardly more than once a second.
  const world = await startGatewayWorld({ env: { WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: '20' } });
  const ids = [world.nextId('dataExchange'), world.nextId('importExport')];
  const socket = await openSocket(world.url);
  for (const id of ids) socket.subscribe(id, watchJobs, { ids: [id] });
  await until(() => ids.every((id) => socket.resultsOf(id).length === 1));
  await world.emulator.fail('DataExchange.*', { status: 429 }, 10_000);
  await sleep(1_500);
  const before = await world.emulator.requests();
  const polls = (requests: Record<string, number>, service: string) =>
    Object.entries(requests).reduce((sum, [name, count]) => sum + (name.startsWith(service) ? count : 0), 0);
  await sleep(3_000);
  const after = await world.emulator.requests();
  const made = (service: string) => polls(after, service) - polls(before, service);
  expect(made('ImportExport')).toBeGreaterThan(5);
  expect(made('DataExchange')).toBeLessThan(made('ImportExport'));
  await world.emulator.heal();
  const awsJobId =
    Buffer.from(ids[0] ?? '', 'base64url')
      .toString()
      .split(':')[1] ?? '';
  await world.emulator.move(awsJobId, { state: 'IN_PROGRESS' });
  await until(() => socket.resultsOf(ids[0] ?? '').length === 2);
});

test('A thousand simultaneous callers get exactly what the budget allows, in their order', async () => {
  const clock = new FakeClock();
  const budget = new CallBudget(clock, 5);
  const servedAt: number[] = [];
  const order: number[] = [];
  const startedAt = clock.now();
  for (let caller = 0; caller < 1_000; caller += 1) {
    void budget.take(never).then(() => {
      servedAt.push(clock.now() - startedAt);
      order.push(caller);
    });
  }
  await clock.advance(199_000);
  // Five at once, then one each fifth of a second.
  expect(servedAt).toEqual(Array.from({ length: 1_000 }, (_, caller) => Math.max(0, caller - 4) * 200));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});
