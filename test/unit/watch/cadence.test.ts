/** A reader that stops reading, and an hour of polling, in virtual time. */
import { expect, test } from 'vitest';
import type { JobRef, JobState } from '../../../src/model/job-state.ts';
import { MemoryTransitionLog } from '../../../src/watch/history/memory-transition-log.ts';
import { intervalMs } from '../../../src/watch/poll-interval.ts';
import type { StateSource } from '../../../src/watch/state-source.ts';
import type { JobEvent } from '../../../src/watch/streams/events.ts';
import { Watcher } from '../../../src/watch/watcher.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const cadence = { minMs: 2_000, maxMs: 30_000 };
const ref: JobRef = { service: 'IMPORT_EXPORT', awsJobId: 'ABCDE' };

function setUp() {
  const clock = new FakeClock();
  const job = { state: 'WAITING' as JobState, polls: [] as number[] };
  const source: StateSource = {
    service: 'IMPORT_EXPORT',
    batchSize: 4,
    readsPages: false,
    read: async (due) => {
      job.polls.push(clock.now());
      const reading = {
        outcome: 'observed',
        job: { service: 'IMPORT_EXPORT', awsJobId: 'ABCDE' },
        state: job.state,
      } as const;
      return { byJob: new Map(due.map((id) => [id, reading])) };
    },
    confirm: async () => ({ outcome: 'gone' }),
    list: async () => ({ observed: [], unread: [], isWhole: true }),
  };
  const sources = { DATA_EXCHANGE: { ...source, service: 'DATA_EXCHANGE' as const }, IMPORT_EXPORT: source };
  const log = new MemoryTransitionLog('log');
  return { clock, job, watcher: new Watcher({ sources, clock, cadence, log, cursorKey: new Uint8Array(32) }) };
}

async function drain(stream: AsyncIterableIterator<JobEvent>) {
  const events: JobEvent[] = [];
  try {
    for await (const event of stream) events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}

test('a reader that leaves 1,025 events unread is disconnected with its cursor and resumes from it, and other readers receive everything', async () => {
  const { clock, job, watcher } = setUp();
  const stalled = watcher.watchJobs([ref], undefined);
  void stalled.next();
  const healthy = watcher.watchJobs([ref], undefined);
  const emitted: JobEvent[] = [];
  void (async () => {
    for await (const event of healthy) emitted.push(event);
  })();
  await clock.advance(0);
  for (let change = 0; change < 1_025; change += 1) {
    job.state = change % 2 === 0 ? 'IN_PROGRESS' : 'WAITING';
    await clock.advance(cadence.minMs);
  }
  const { events, error } = await drain(stalled);
  const cursor = events.at(-1)?.cursor;
  expect(error).toMatchObject({ code: 'SLOW_CONSUMER', cursor });
  expect(events.length).toBeLessThanOrEqual(256);
  const back = watcher.watchJobs([ref], cursor);
  const rest = drain(back);
  job.state = 'COMPLETED';
  await clock.advance(cadence.maxMs);
  const missed = (await rest).events;
  expect(emitted).toHaveLength(1 + 1_025 + 1);
  expect(1 + events.length + missed.length).toBe(emitted.length);
  expect(watcher.watchedJobs).toBe(0);
});

const hourMs = 3_600_000;

/**
 * The polls of a job within an hour from `began`, if it changes just after each of `changes` and each poll is
 * `intervalMs` after the last.
 */
function pollsFrom(began: number, changes: readonly number[]): number[] {
  const polls = [began];
  let changedAt = began;
  for (let at = began; ; ) {
    const next = at + intervalMs(cadence, { ageMs: at - changedAt, failures: 0 }, 0.5);
    if (next > began + hourMs) return polls;
    if (changes.some((change) => at <= change && change < next)) changedAt = next;
    at = next;
    polls.push(at);
  }
}

test('a job that never changes is polled for an hour at the computed intervals', async () => {
  const { clock, job, watcher } = setUp();
  const began = clock.now();
  void drain(watcher.watchJobs([ref], undefined));
  await clock.advance(hourMs);
  expect(job.polls).toEqual(pollsFrom(began, []));
  expect(job.polls.length).toBeGreaterThan(hourMs / cadence.maxMs);
  expect(job.polls.length).toBeLessThan(hourMs / cadence.maxMs + 20);
});

test('a job that changes every ten minutes is polled for an hour at the computed intervals', async () => {
  const { clock, job, watcher } = setUp();
  const began = clock.now();
  const changes: number[] = [];
  void drain(watcher.watchJobs([ref], undefined));
  for (let tenth = 1; tenth <= 6; tenth += 1) {
    await clock.advance(600_000);
    changes.push(clock.now());
    job.state = tenth % 2 === 0 ? 'WAITING' : 'IN_PROGRESS';
  }
  expect(job.polls).toEqual(pollsFrom(began, changes));
  expect(job.polls.length).toBeGreaterThan(pollsFrom(began, []).length);
});
