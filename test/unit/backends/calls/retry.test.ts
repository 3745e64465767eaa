import { expect, test } from 'vitest';
import { callTime } from '../../../../src/backends/calls/attempt.ts';
import type { CallOptions } from '../../../../src/backends/calls/call-options.ts';
import { createRetry } from '../../../../src/backends/calls/retry.ts';
import type { Clock } from '../../../../src/base/clock.ts';
import { BackendError, type BackendErrorOptions } from '../../../../src/model/errors.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const patient: CallOptions = { signal: new AbortController().signal };

function failing(options: Partial<BackendErrorOptions> = {}): BackendError {
  return new BackendError({
    service: 'DATA_EXCHANGE',
    code: 'UPSTREAM_UNAVAILABLE',
    message: 'It is down.',
    ...options,
  });
}

/** A retry layer, and the outcome of reads through it that fail with `errors` in turn and then succeed. */
function layerOf(clock: Clock) {
  const retry = createRetry(clock);
  return (errors: readonly unknown[], options: CallOptions = patient) => {
    const madeAt: number[] = [];
    const startedAt = clock.now();
    const outcome = retry(callTime(options, clock), async () => {
      const error = errors[madeAt.length];
      madeAt.push(clock.now() - startedAt);
      if (error !== undefined) throw error;
      return 'done';
    }).catch((error: unknown) => error);
    return { madeAt, outcome };
  };
}

test('A read is made three times at most, and rejects with the last failure', async () => {
  const clock = new FakeClock();
  const errors = [failing(), failing(), failing({ code: 'UPSTREAM_TIMEOUT' }), failing()];
  const { madeAt, outcome } = layerOf(clock)(errors);
  await clock.advance(1_000);
  expect(await outcome).toBe(errors[2]);
  expect(madeAt).toHaveLength(3);
});

test.each([
  [0, [0, 0, 0]],
  [0.5, [0, 50, 150]],
  [0.99, [0, 99, 297]],
])('With a random value of %d the attempts are made at %j ms', async (chance, at) => {
  const clock = new FakeClock();
  const { madeAt } = layerOf({ ...clocked(clock), random: () => chance })([failing(), failing()]);
  await clock.advance(1_000);
  expect(madeAt).toEqual(at);
});

/** The clock's methods are its own members, but what it stands at is not. */
function clocked({ now, monotonicMs, schedule, random }: FakeClock): Clock {
  return { now, monotonicMs, schedule, random };
}

test.each([
  ['a refusal', failing({ code: 'ACCESS_DENIED' })],
  ['an answer that cannot be read', failing({ code: 'UPSTREAM_BAD_RESPONSE' })],
  ['an unknown outcome', failing({ code: 'OUTCOME_UNKNOWN' })],
  ['a defect of ours', new TypeError('It is down.')],
])('%s is not retried', async (_, error) => {
  const { madeAt, outcome } = layerOf(new FakeClock())([error]);
  expect(await outcome).toBe(error);
  expect(madeAt).toHaveLength(1);
});

test('A poll is not retried', async () => {
  const { madeAt, outcome } = layerOf(new FakeClock())([failing()], { ...patient, purpose: 'poll' });
  expect(await outcome).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  expect(madeAt).toHaveLength(1);
});

test('A caller who leaves ends the wait at once', async () => {
  const clock = new FakeClock();
  const caller = new AbortController();
  const { madeAt, outcome } = layerOf(clock)([failing({ retryAfterMs: 5_000 })], caller);
  await clock.advance(10);
  caller.abort();
  await outcome;
  expect([madeAt, clock.pendingTimers]).toEqual([[0, 10], 0]);
});

test('A retry waits for Retry-After and jitter', async () => {
  const clock = new FakeClock();
  const { madeAt } = layerOf(clock)([failing({ retryAfterMs: 2_000 })]);
  await clock.advance(3_000);
  expect(madeAt).toEqual([0, 2_050]);
});

test('A Retry-After past the end of the call ends it at once', async () => {
  const { madeAt, outcome } = layerOf(new FakeClock())([failing({ retryAfterMs: 7_950 })]);
  expect(await outcome).toMatchObject({ retryAfterMs: 7_950 });
  expect(madeAt).toEqual([0]);
});

/** How many attempts `calls` calls made in all, where every attempt fails. */
async function attemptsOf(calls: number, read: ReturnType<typeof layerOf>, clock: FakeClock): Promise<number> {
  let attempts = 0;
  for (let made = 0; made < calls; made += 1) {
    const { madeAt, outcome } = read([failing(), failing(), failing()]);
    await clock.advance(0);
    await outcome;
    attempts += madeAt.length;
  }
  return attempts;
}

test('Of many calls one in ten is retried, of few calls three, and three again after ten seconds', async () => {
  const clock = new FakeClock();
  const hasty = layerOf({ ...clocked(clock), random: () => 0 });
  expect(await attemptsOf(5, hasty, clock)).toBe(5 + 3);
  expect(await attemptsOf(195, hasty, clock)).toBe(195 + 20 - 3);
  await clock.advance(9_000);
  expect(await attemptsOf(1, hasty, clock)).toBe(1);
  await clock.advance(1_000);
  expect(await attemptsOf(5, hasty, clock)).toBe(5 + 3);
});

test('Calls that the gateway withheld are not retried, and do not add to the retry budget', async () => {
  const clock = new FakeClock();
  const hasty = layerOf({ ...clocked(clock), random: () => 0 });
  for (let made = 0; made < 200; made += 1) {
    const { madeAt, outcome } = hasty([failing({ isWithheld: true, retryAfterMs: 1_000 })]);
    expect(await outcome).toMatchObject({ isWithheld: true });
    expect(madeAt).toEqual([0]);
  }
  expect(await attemptsOf(5, hasty, clock)).toBe(5 + 3);
});
