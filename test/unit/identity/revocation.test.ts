import { expect, test } from 'vitest';
import { type Authenticator, createOpenAuthenticator } from '../../../src/identity/authenticator.ts';
import { type Caller, hasExpired } from '../../../src/identity/caller.ts';
import { whenRightsEnd } from '../../../src/identity/revocation.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** An authenticator with one caller, whose rights a test changes. */
function createFixture(remainingMs?: number) {
  const clock = new FakeClock();
  const expiring = (ms: number): Caller => ({ ...withoutEnd, expiresAt: clock.now() + ms });
  const caller = remainingMs === undefined ? withoutEnd : expiring(remainingMs);
  const listeners = new Set<() => void>();
  const state: { now: Caller | undefined; ends: number } = { now: caller, ends: 0 };
  const authenticator: Authenticator = {
    ...createOpenAuthenticator(),
    current: () => (state.now && !hasExpired(state.now, clock.now()) ? state.now : undefined),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const change = (now: Caller | undefined): void => {
    state.now = now;
    for (const listener of [...listeners]) listener();
  };
  const watch = () =>
    whenRightsEnd({
      authenticator,
      caller,
      clock,
      onEnd: () => {
        state.ends += 1;
      },
    });
  return { clock, state, listeners, change, watch, expiring };
}

const withoutEnd: Caller = { name: 'a', id: 'a', scopes: new Set(['jobs:read']) };

test('onEnd is called once, in the millisecond in which the rights end, and no timer or listener remains', async () => {
  const { clock, state, listeners, watch } = createFixture(90_000);
  watch();
  await clock.advance(89_999);
  expect(state.ends).toBe(0);
  await clock.advance(1);
  expect(state.ends).toBe(1);
  await clock.advance(90_000);
  expect([state.ends, clock.pendingTimers, listeners.size]).toEqual([1, 0, 0]);
});

test('rights that last longer than the longest timer end on time', async () => {
  const lengthMs = 2 ** 31 + 5;
  const { clock, state, watch } = createFixture(lengthMs);
  const waits: number[] = [];
  const { schedule } = clock;
  Object.assign(clock, {
    schedule: (callback: () => void, delayMs: number) => {
      waits.push(delayMs);
      return schedule(callback, delayMs);
    },
  });
  watch();
  await clock.advance(lengthMs - 1);
  expect(state.ends).toBe(0);
  await clock.advance(1);
  expect(state.ends).toBe(1);
  expect(Math.max(...waits)).toBeLessThan(2 ** 31);
});

test('for rights that have ended onEnd is called after whenRightsEnd has returned', async () => {
  const { clock, state, watch } = createFixture(-1);
  watch();
  expect(state.ends).toBe(0);
  await clock.advance(0);
  expect(state.ends).toBe(1);
});

test('after the stop onEnd is not called', async () => {
  const { clock, state, listeners, change, watch } = createFixture(1_000);
  watch()();
  change(undefined);
  await clock.advance(5_000);
  expect([state.ends, clock.pendingTimers, listeners.size]).toEqual([0, 0, 0]);
});

test('after a stop in the tick in which the rights end onEnd is not called', async () => {
  const { clock, state, watch } = createFixture(1_000);
  const stop = watch();
  clock.schedule(stop, 1_000);
  await clock.advance(2_000);
  expect([state.ends, clock.pendingTimers]).toEqual([0, 0]);
});

test('a revocation of rights without an end calls onEnd once, and no timer is set before', async () => {
  const { clock, state, change, watch } = createFixture();
  watch();
  expect(clock.pendingTimers).toBe(0);
  change(undefined);
  change(undefined);
  await clock.advance(0);
  expect(state.ends).toBe(1);
});

test('a changed end of the rights takes effect', async () => {
  const { clock, state, change, watch, expiring } = createFixture(10_000);
  watch();
  change(expiring(20_000));
  await clock.advance(19_999);
  expect(state.ends).toBe(0);
  change(expiring(5_000));
  await clock.advance(4_999);
  expect(state.ends).toBe(0);
  await clock.advance(1);
  expect(state.ends).toBe(1);
});
