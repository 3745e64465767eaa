/** A service that is silent or slow. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../../support/fake-clock.ts';
import { type Call, calls, creates, outcomeOf, reads, unclear } from './calls.ts';
import { startWorld, type World } from './world.ts';

/** The default deadline of an attempt. */
const attemptMs = 3_000;

describe.each(calls)('$name', (call) => {
  test('A request to a service that accepts and never answers times out; a create has an unknown outcome', async () => {
    const clock = new FakeClock();
    const world = await startWorld({ clock });
    await world.fail('*', { never: true }, 100);
    await expectGivenUp(clock, world, call);
  });

  test('A request whose reply stalls within its head times out', async () => {
    const clock = new FakeClock();
    const world = await startWorld({ clock, faults: { replyBytes: 20, atReplyLimit: 'stall' } });
    await expectGivenUp(clock, world, call);
  });

  test('A reply of one byte a second ends at the deadline of the attempt', async () => {
    const clock = new FakeClock();
    const world = await startWorld({ clock, faults: { bytesPerSecond: 1 } });
    await expectGivenUp(clock, world, call);
  });
});

// Data Exchange's answers to a start and a cancel end with their headers.
describe.each(calls.filter(({ name }) => !/DX (start|cancel)/.test(name)))('$name', (call) => {
  test('A request whose reply stalls after its headers times out; a create has an unknown outcome', async () => {
    const clock = new FakeClock();
    const world = await startWorld({ clock, faults: { replyBytes: 'head', atReplyLimit: 'stall' } });
    await expectGivenUp(clock, world, call);
  });
});

async function expectGivenUp(clock: FakeClock, world: World, call: Call): Promise<void> {
  const { outcome, tookMs } = await passing(clock, world, call, attemptMs);
  expect(outcome).toBe(unclear(call, 'UPSTREAM_TIMEOUT'));
  expect(tookMs).toBe(isSettledByReads(call) || call.kind === 'read' ? 8_000 : attemptMs);
  expect(await world.requests()).toMatchObject({ [call.operation]: call.kind === 'read' ? 3 : 1 });
}

/** After a start or a cancel without an answer the client reads the job. */
function isSettledByReads({ kind, name }: Call): boolean {
  return kind === 'change' && name.startsWith('DX');
}

/**
 * Makes `call` over real sockets in the time of `clock`, which stands still until the emulator holds a request back:
 * then `heldMs` pass, and so on for every request. Returns the outcome and how long it took by that clock.
 */
async function passing(clock: FakeClock, world: World, call: Call, heldMs: number) {
  const startedAt = clock.now();
  let tookMs: number | undefined;
  const outcome = outcomeOf(call, world).finally(() => {
    tookMs = clock.now() - startedAt;
  });
  for (let held = 1; tookMs === undefined; held += 1) {
    while (tookMs === undefined && (await requestsIn(world)) < held) {
      // A retry waits for the clock; a reply that is on its way does not.
      if (heldMs >= attemptMs && held > 1) await clock.advance(10);
      await sleep(2);
    }
    await clock.advance(Math.min(heldMs, attemptMs));
  }
  return { outcome: await outcome, tookMs };
}

describe.each([...reads, ...creates])('$name', (call) => {
  test.each([0, 1_000, 2_900])('A call waits for an answer that takes %i ms', async (delayMs) => {
    const clock = new FakeClock();
    const world = await startWorld({ clock });
    await world.fail(call.operation, { delayMs }, 10);
    expect(await passing(clock, world, call, delayMs)).toEqual({ outcome: 'done', tookMs: delayMs });
    expect(await world.requests()).toMatchObject({ [call.operation]: 1 });
  });

  test.each([4_000, 10_000])(
    'A latency of %i ms ends every attempt after 3 s, and the call after 8 s at the latest',
    async (delayMs) => {
      const clock = new FakeClock();
      const world = await startWorld({ clock });
      await world.fail(call.operation, { delayMs }, 10);
      const { outcome, tookMs } = await passing(clock, world, call, delayMs);
      expect(outcome).toBe(unclear(call, 'UPSTREAM_TIMEOUT'));
      expect(await world.requests()).toMatchObject({ [call.operation]: call.kind === 'read' ? 3 : 1 });
      expect(tookMs).toBe(call.kind === 'read' ? 8_000 : 3_000);
    },
  );
});

test.each(reads)('The wait in the queue counts towards the deadline of the call: $name, 60 at once', async (call) => {
  const clock = new FakeClock();
  const world = await startWorld({ clock });
  await world.fail('*', { never: true }, 1_000);
  const { signal } = new AbortController();
  const outcomes = Array.from({ length: 60 }, () => outcomeOf(call, world, { signal, purpose: 'poll' }));
  while ((await requestsIn(world)) < 16) await sleep(2);
  await clock.advance(attemptMs);
  const codes = await Promise.all(outcomes);
  expect(codes.slice(0, 16)).toEqual(Array(16).fill('UPSTREAM_TIMEOUT'));
  expect(new Set(codes.slice(16))).toEqual(new Set(['UPSTREAM_BUSY']));
});

async function requestsIn(world: World): Promise<number> {
  return Object.values(await world.requests()).reduce((sum, count) => sum + count, 0);
}
