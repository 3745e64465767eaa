import { expect, test } from 'vitest';
import type { DataExchangeJob } from '../../../src/model/data-exchange-job.ts';
import type { JobRef, JobState } from '../../../src/model/job-state.ts';
import { MemoryTransitionLog } from '../../../src/watch/history/memory-transition-log.ts';
import type { Reading, StateSource } from '../../../src/watch/state-source.ts';
import type { JobEvent } from '../../../src/watch/streams/events.ts';
import { StreamInterrupted } from '../../../src/watch/streams/stream-error.ts';
import { Watcher } from '../../../src/watch/watcher.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const dataSetId = 'd'.repeat(32);

/** A service whose jobs are a table: their states, or why they cannot be read. */
class Service {
  readonly jobs = new Map<string, DataExchangeJob>();
  readonly gone = new Set<string>();
  /** Jobs too old for the listed page. */
  readonly unlisted = new Set<string>();
  readonly reads: string[][] = [];
  sweeps = 0;
  isFailing = false;
  /** Whether single jobs cannot be read, though the list can. */
  isUnreadable = false;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  set(awsJobId: string, state: JobState): JobRef {
    const createdAt = this.jobs.get(awsJobId)?.createdAt ?? new Date(this.#clock.now());
    this.jobs.set(awsJobId, jobOf(awsJobId, state, createdAt));
    return { service: 'DATA_EXCHANGE', awsJobId };
  }

  readonly source: StateSource = {
    service: 'DATA_EXCHANGE',
    batchSize: 200,
    readsPages: true,
    read: async (ids) => {
      this.reads.push([...ids]);
      return { byJob: new Map(ids.map((id) => [id, this.#readingOf(id)])) };
    },
    confirm: async (id) => {
      this.reads.push([id]);
      return this.#readingOf(id);
    },
    list: async () => {
      this.sweeps += 1;
      if (this.isFailing) throw new Error('down');
      return { observed: this.#listed(), unread: [], isWhole: true };
    },
  };

  #listed() {
    const jobs = [...this.jobs.values()].filter(({ awsJobId }) => !this.unlisted.has(awsJobId));
    return jobs.map((job) => ({ job, state: job.state }));
  }

  #readingOf(id: string): Reading {
    const job = this.jobs.get(id);
    if (this.isFailing || this.isUnreadable) return failed;
    if (job === undefined) return { outcome: 'gone' };
    return { outcome: 'observed', job, state: job.state };
  }
}

const failed: Reading = { outcome: 'failed', retryAfterMs: undefined };

function jobOf(awsJobId: string, state: JobState, createdAt: Date): DataExchangeJob {
  const details = { type: 'IMPORT_ASSETS_FROM_S3', awsJobId, dataSetId, revisionId: '', sources: [] } as const;
  const codes = { type: details.type, typeCode: details.type, state, stateCode: state } as const;
  return {
    service: 'DATA_EXCHANGE',
    awsJobId,
    arn: '',
    ...codes,
    createdAt,
    updatedAt: createdAt,
    details,
    errors: [],
  };
}

function setUp(transitions = 10_000) {
  const clock = new FakeClock();
  const service = new Service(clock);
  const options = {
    sources: { DATA_EXCHANGE: service.source, IMPORT_EXPORT: new Service(clock).source },
    clock,
    cadence: { minMs: 1_000, maxMs: 8_000 },
    log: new MemoryTransitionLog('log', { transitions }),
    cursorKey: new Uint8Array(32),
  };
  return { clock, service, watcher: new Watcher(options), successor: () => new Watcher(options) };
}

/** Collects a stream's events until it ends. */
function follow(stream: AsyncIterableIterator<JobEvent>) {
  const events: JobEvent[] = [];
  const ended = (async () => {
    for await (const event of stream) events.push(event);
    return 'completed';
  })().catch((error: Error & { code?: string; cursor?: string }) => error);
  return {
    events,
    ended,
    stop: () => stream.return?.(),
    steps: () => events.map(stepOf),
    lastCursor: () => events.map((event) => event.cursor).at(-1),
  };
}

function stepOf(event: JobEvent): string {
  if (event.kind === 'JobGone') return `${event.job.awsJobId} gone`;
  if (event.kind === 'JobEventsMissed') return 'expired';
  if (event.kind === 'JobsStale' || event.kind === 'JobsFresh') {
    return `${event.jobs?.map(({ awsJobId }) => awsJobId).join('') ?? 'all'} ${event.kind === 'JobsStale' ? 'stale' : 'fresh'}`;
  }
  return `${event.job.awsJobId} ${event.previousState} -> ${event.state}`;
}

test('the present state comes first, then each change, then the end', async () => {
  const { clock, service, watcher } = setUp();
  const watched = follow(watcher.watchJobs([service.set('a', 'WAITING')], undefined));
  await clock.advance(0);
  service.set('a', 'IN_PROGRESS');
  await clock.advance(10_000);
  service.set('a', 'COMPLETED');
  await clock.advance(10_000);
  expect(await watched.ended).toBe('completed');
  expect(watched.steps()).toEqual(['a null -> WAITING', 'a WAITING -> IN_PROGRESS', 'a IN_PROGRESS -> COMPLETED']);
});

test('a finished job costs one read and ends the stream', async () => {
  const { clock, service, watcher } = setUp();
  const watched = follow(watcher.watchJobs([service.set('a', 'FAILED')], undefined));
  await clock.advance(60_000);
  expect(await watched.ended).toBe('completed');
  expect(watched.steps()).toEqual(['a null -> FAILED']);
  expect(service.reads).toEqual([['a']]);
});

test('no job is read before the stream is', async () => {
  const { clock, service, watcher } = setUp();
  watcher.watchJobs([service.set('a', 'WAITING')], undefined);
  await clock.advance(60_000);
  expect(service.reads).toEqual([]);
});

test('one poll serves all readers of a job, and each begins with its present state', async () => {
  const { clock, service, watcher } = setUp();
  const ref = service.set('a', 'WAITING');
  const first = follow(watcher.watchJobs([ref], undefined));
  await clock.advance(20_000);
  service.set('a', 'IN_PROGRESS');
  const others = Array.from({ length: 50 }, () => follow(watcher.watchJobs([ref], undefined)));
  const before = service.reads.length;
  await clock.advance(0);
  expect(service.reads.length - before).toBe(1);
  expect(first.steps()).toEqual(['a null -> WAITING', 'a WAITING -> IN_PROGRESS']);
  for (const other of others) expect(other.steps()).toEqual(['a null -> IN_PROGRESS']);
});

test('jobs that are due together are read together', async () => {
  const { clock, service, watcher } = setUp();
  const refs = Array.from({ length: 120 }, (_, index) => service.set(`job${index}`, 'WAITING'));
  follow(watcher.watchJobs(refs, undefined));
  await clock.advance(0);
  expect(service.reads.map((ids) => ids.length)).toEqual([120]);
});

test('polling slows while nothing happens and is fast again after a change', async () => {
  const { clock, service, watcher } = setUp();
  follow(watcher.watchJobs([service.set('a', 'WAITING')], undefined));
  await clock.advance(120_000);
  const before = service.reads.length;
  await clock.advance(80_000);
  expect(service.reads.length - before).toBe(10);
  service.set('a', 'IN_PROGRESS');
  await clock.advance(8_000);
  const afterChange = service.reads.length;
  await clock.advance(4_000);
  expect(service.reads.length - afterChange).toBeGreaterThanOrEqual(2);
});

test.each([-3_600_000, 3_600_000])('setting the clock by %i ms does not change when jobs are polled', async (byMs) => {
  const { clock, service, watcher } = setUp();
  const watched = follow(watcher.watchJobs([service.set('a', 'WAITING')], undefined));
  await clock.advance(0);
  clock.setBy(byMs);
  await clock.advance(500);
  expect(service.reads).toHaveLength(1);
  service.set('a', 'IN_PROGRESS');
  await clock.advance(700);
  expect(service.reads).toHaveLength(2);
  expect(watched.steps()).toEqual(['a null -> WAITING', 'a WAITING -> IN_PROGRESS']);
});

test('a job that a mutation of this gateway has changed is read at once', async () => {
  const { clock, service, watcher } = setUp();
  const ref = service.set('a', 'WAITING');
  const watched = follow(watcher.watchJobs([ref], undefined));
  const activity = follow(watcher.watchActivity({}, undefined));
  await clock.advance(120_000);
  service.set('a', 'IN_PROGRESS');
  watcher.noteMutation(ref);
  watcher.noteMutation(service.set('new', 'WAITING'));
  await clock.advance(0);
  expect(watched.steps().at(-1)).toBe('a WAITING -> IN_PROGRESS');
  expect(activity.steps().slice(-2).toSorted()).toEqual(['a WAITING -> IN_PROGRESS', 'new null -> WAITING']);
});

test('a reader that leaves while the stream waits ends the polling at once', async () => {
  const { clock, service, watcher } = setUp();
  const watched = follow(watcher.watchJobs([service.set('a', 'WAITING')], undefined));
  await clock.advance(500);
  await watched.stop();
  await clock.advance(0);
  expect([watcher.watchedJobs, clock.pendingTimers]).toEqual([0, 0]);
  const before = service.reads.length;
  await clock.advance(600_000);
  expect(service.reads.length).toBe(before);
});

test('a reader that leaves does not end the polling for another', async () => {
  const { clock, service, watcher } = setUp();
  const ref = service.set('a', 'WAITING');
  const leaving = follow(watcher.watchJobs([ref], undefined));
  const staying = follow(watcher.watchJobs([ref], undefined));
  await clock.advance(0);
  await leaving.stop();
  service.set('a', 'CANCELLED');
  await clock.advance(10_000);
  expect(staying.steps()).toEqual(['a null -> WAITING', 'a WAITING -> CANCELLED']);
});

test('failed readings make the stream stale, and it continues when the service is back', async () => {
  const { clock, service, watcher } = setUp();
  const watched = follow(watcher.watchJobs([service.set('a', 'WAITING')], undefined));
  await clock.advance(0);
  service.isFailing = true;
  await clock.advance(60_000);
  expect(watched.steps()).toEqual(['a null -> WAITING', 'all stale']);
  service.isFailing = false;
  service.set('a', 'COMPLETED');
  await clock.advance(10_000);
  expect(watched.steps()).toEqual(['a null -> WAITING', 'all stale', 'a WAITING -> COMPLETED', 'all fresh']);
  expect(await watched.ended).toBe('completed');
});

test('a job that is gone ends its part of the stream, once, and the other jobs continue', async () => {
  const { clock, service, watcher } = setUp();
  const refs = [service.set('a', 'WAITING'), service.set('b', 'WAITING')];
  const watched = follow(watcher.watchJobs(refs, undefined));
  await clock.advance(0);
  service.jobs.delete('a');
  await clock.advance(10_000);
  service.set('b', 'COMPLETED');
  await clock.advance(10_000);
  expect(await watched.ended).toBe('completed');
  expect(watched.steps()).toEqual(['a null -> WAITING', 'b null -> WAITING', 'a gone', 'b WAITING -> COMPLETED']);
});

test('a reader that resumes with a cursor receives what was observed meanwhile, and nothing twice', async () => {
  const { clock, service, watcher } = setUp();
  const refs = [service.set('a', 'WAITING'), service.set('b', 'WAITING')];
  const leaving = follow(watcher.watchJobs(refs, undefined));
  follow(watcher.watchJobs(refs, undefined));
  await clock.advance(0);
  await leaving.stop();
  service.set('a', 'IN_PROGRESS');
  await clock.advance(10_000);
  service.set('a', 'COMPLETED');
  await clock.advance(10_000);
  const back = follow(watcher.watchJobs(refs, leaving.lastCursor()));
  await clock.advance(0);
  expect(back.steps()).toEqual(['a WAITING -> IN_PROGRESS', 'a IN_PROGRESS -> COMPLETED']);
  service.set('b', 'CANCELLED');
  await clock.advance(10_000);
  expect(back.steps().slice(2)).toEqual(['b WAITING -> CANCELLED']);
  expect(await back.ended).toBe('completed');
});

test('a job whose present state had not been emitted before the disconnect brings it after', async () => {
  const { clock, service, watcher } = setUp();
  const refs = [service.set('a', 'WAITING'), service.set('b', 'WAITING')];
  const stream = watcher.watchJobs(refs, undefined);
  const first = stream.next();
  await clock.advance(0);
  const cursor = (await first).value?.cursor;
  await stream.return?.();
  const back = follow(watcher.watchJobs(refs, cursor));
  await clock.advance(0);
  expect(back.steps()).toEqual(['b null -> WAITING']);
});

test('a change that happened without readers is shown as the observed jump', async () => {
  const { clock, service, watcher } = setUp();
  const ref = service.set('a', 'WAITING');
  const leaving = follow(watcher.watchJobs([ref], undefined));
  await clock.advance(0);
  await leaving.stop();
  service.set('a', 'COMPLETED');
  const back = follow(watcher.watchJobs([ref], leaving.lastCursor()));
  await clock.advance(0);
  expect(back.steps()).toEqual(['a WAITING -> COMPLETED']);
});

test('a forged cursor, a cursor of another caller and one of jobActivity are refused', async () => {
  const { clock, service, watcher } = setUp();
  const ref = service.set('a', 'WAITING');
  const watched = follow(watcher.watchJobs([ref], undefined));
  await clock.advance(0);
  const cursor = watched.lastCursor() ?? '';
  const [payload = '', signature] = cursor.split('.');
  const position = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), offset: 0 };
  const forged = `${Buffer.from(JSON.stringify(position)).toString('base64url')}.${signature}`;
  for (const text of ['', 'x', 'bnVsbA', '.', payload, `${cursor}.`, `${cursor}x`, forged]) {
    expect(() => watcher.watchJobs([ref], text)).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
  }
  const activity = follow(watcher.watchActivity({}, undefined));
  await clock.advance(0);
  const other = service.set('b', 'WAITING');
  await clock.advance(10_000);
  expect(activity.lastCursor()).toBeDefined();
  for (const open of [
    () => watcher.watchJobs([ref], cursor, 'another'),
    () => watcher.watchJobs([ref, other], cursor, 'another'),
    () => watcher.watchJobs([ref], activity.lastCursor()),
    () => watcher.watchActivity({}, cursor),
  ]) {
    expect(open).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
  }
  expect(() => watcher.watchJobs([ref], cursor)).not.toThrow();
});

test('a cursor of another log, or one that is too old, brings JobEventsMissed and the present states', async () => {
  const { clock, service, watcher } = setUp(2);
  const refs = [service.set('a', 'WAITING'), service.set('b', 'WAITING')];
  const watched = follow(watcher.watchJobs(refs, undefined));
  await clock.advance(0);
  const [early] = watched.events;
  for (let round = 0; round < 6; round += 1) {
    service.set('a', round % 2 === 0 ? 'IN_PROGRESS' : 'WAITING');
    await clock.advance(10_000);
  }
  const elsewhere = setUp();
  const foreign = follow(elsewhere.watcher.watchActivity({}, undefined));
  await elsewhere.clock.advance(0);
  elsewhere.service.set('new', 'WAITING');
  await elsewhere.clock.advance(10_000);
  const back = follow(watcher.watchJobs(refs, early?.cursor));
  const activity = follow(watcher.watchActivity({}, foreign.lastCursor()));
  await clock.advance(0);
  service.set('b', 'CANCELLED');
  await clock.advance(10_000);
  expect(back.steps()).toEqual(['expired', 'a null -> WAITING', 'b null -> WAITING', 'b WAITING -> CANCELLED']);
  expect(activity.steps()).toEqual(['expired', 'b WAITING -> CANCELLED']);
});

test('a log that was trimmed many times still brings the change of a quiet job', async () => {
  const { clock, service, watcher } = setUp(2);
  const refs = [service.set('quiet', 'WAITING'), service.set('busy', 'WAITING')];
  const watched = follow(watcher.watchJobs(refs, undefined));
  await clock.advance(0);
  for (let round = 0; round < 20; round += 1) {
    service.set('busy', round % 2 === 0 ? 'IN_PROGRESS' : 'WAITING');
    await clock.advance(10_000);
  }
  service.set('quiet', 'COMPLETED');
  await clock.advance(10_000);
  expect(watched.steps().at(-1)).toBe('quiet WAITING -> COMPLETED');
});

test('a reader that stops reading is disconnected with a cursor, and other readers are not affected', async () => {
  const { clock, service, watcher } = setUp();
  const ref = service.set('a', 'WAITING');
  const stalled = watcher.watchJobs([ref], undefined);
  void stalled.next();
  const healthy = follow(watcher.watchJobs([ref], undefined));
  await clock.advance(0);
  for (let round = 0; round < 300; round += 1) {
    service.set('a', round % 2 === 0 ? 'IN_PROGRESS' : 'WAITING');
    await clock.advance(10_000);
  }
  expect(healthy.events.length).toBe(301);
  const late = follow(stalled);
  const error = await late.ended;
  expect(error).toMatchObject({ code: 'SLOW_CONSUMER', cursor: late.lastCursor() });
  expect(late.events.length).toBe(256);
});

test('a page whose jobs all change at once disconnects no reader', async () => {
  const { clock, service, watcher } = setUp();
  const refs = Array.from({ length: 200 }, (_, index) => service.set(`job${index}`, 'WAITING'));
  const activity = follow(watcher.watchActivity({}, undefined));
  const watched = follow(watcher.watchJobs(refs, undefined));
  await clock.advance(10_000);
  for (const { awsJobId } of refs) service.set(awsJobId, 'COMPLETED');
  await clock.advance(10_000);
  expect(await watched.ended).toBe('completed');
  expect([watched.events.length, activity.events.length]).toEqual([400, 400]);
});

test('a job that was watched to its end does not appear afterwards', async () => {
  const { clock, service, watcher } = setUp();
  const activity = follow(watcher.watchActivity({}, undefined));
  await clock.advance(1_000);
  service.set('old', 'WAITING');
  await clock.advance(10_000);
  await activity.stop();
  follow(watcher.watchJobs([service.set('new', 'WAITING')], undefined));
  await clock.advance(1_000);
  service.set('new', 'COMPLETED');
  await clock.advance(10_000);
  const back = follow(watcher.watchActivity({}, activity.lastCursor()));
  await clock.advance(10_000);
  expect(back.steps()).toEqual(['new WAITING -> COMPLETED']);
});

test('activity without a cursor begins with the present, whatever was created since it was last watched', async () => {
  const { clock, service, watcher } = setUp();
  const before = follow(watcher.watchActivity({}, undefined));
  await clock.advance(1_000);
  await before.stop();
  service.set('between', 'WAITING');
  await clock.advance(5_000);
  const activity = follow(watcher.watchActivity({}, undefined));
  await clock.advance(1_000);
  service.set('new', 'WAITING');
  await clock.advance(10_000);
  expect(activity.steps()).toEqual(['new null -> WAITING']);
});

test('activity brings new jobs and changes of all jobs, without ids', async () => {
  const { clock, service, watcher } = setUp();
  service.set('old', 'WAITING');
  service.set('done', 'COMPLETED');
  await clock.advance(5_000);
  const activity = follow(watcher.watchActivity({}, undefined));
  await clock.advance(1_000);
  expect(activity.steps()).toEqual([]);
  service.set('new', 'WAITING');
  await clock.advance(10_000);
  service.set('old', 'IN_PROGRESS');
  service.set('new', 'CANCELLED');
  await clock.advance(10_000);
  expect(activity.steps()).toEqual(['new null -> WAITING', 'old WAITING -> IN_PROGRESS', 'new WAITING -> CANCELLED']);
});

test('activity brings only what its filter admits', async () => {
  const { clock, service, watcher } = setUp();
  const all = follow(watcher.watchActivity({ dataSetId }, undefined));
  const none = follow(watcher.watchActivity({ dataSetId: 'e'.repeat(32) }, undefined));
  const other = follow(watcher.watchActivity({ service: 'IMPORT_EXPORT' }, undefined));
  await clock.advance(1_000);
  service.set('new', 'WAITING');
  await clock.advance(10_000);
  expect([all.steps(), none.steps(), other.steps()]).toEqual([['new null -> WAITING'], [], []]);
});

test('activity resumes from a cursor, new jobs included', async () => {
  const { clock, service, watcher } = setUp();
  const leaving = follow(watcher.watchActivity({}, undefined));
  await clock.advance(1_000);
  service.set('new', 'WAITING');
  await clock.advance(10_000);
  await leaving.stop();
  service.set('newer', 'WAITING');
  service.set('new', 'CANCELLED');
  await clock.advance(60_000);
  const back = follow(watcher.watchActivity({}, leaving.lastCursor()));
  await clock.advance(10_000);
  expect(back.steps().toSorted()).toEqual(['new WAITING -> CANCELLED', 'newer null -> WAITING']);
});

test('activity also brings the changes of a job that newer ones have pushed off the list', async () => {
  const { clock, service, watcher } = setUp();
  const watched = follow(watcher.watchActivity({}, undefined));
  await clock.advance(0);
  service.set('a', 'WAITING');
  await clock.advance(2_000);
  service.unlisted.add('a');
  service.set('a', 'IN_PROGRESS');
  await clock.advance(20_000);
  expect(watched.steps()).toEqual(['a null -> WAITING', 'a WAITING -> IN_PROGRESS']);
});

test('no sweep runs while activity is not watched', async () => {
  const { clock, service, watcher } = setUp();
  service.set('a', 'WAITING');
  const activity = follow(watcher.watchActivity({}, undefined));
  await clock.advance(10_000);
  await activity.stop();
  const before = service.sweeps;
  await clock.advance(600_000);
  expect([service.sweeps - before, watcher.watchedJobs, clock.pendingTimers]).toEqual([0, 0, 0]);
});

test('stopping interrupts every stream and stops all polling', async () => {
  const { clock, service, watcher } = setUp();
  const watched = follow(watcher.watchJobs([service.set('a', 'WAITING')], undefined));
  const activity = follow(watcher.watchActivity({}, undefined));
  await clock.advance(0);
  watcher.stop();
  expect(await watched.ended).toBeInstanceOf(StreamInterrupted);
  expect(await activity.ended).toBeInstanceOf(StreamInterrupted);
  expect([watcher.watchedJobs, clock.pendingTimers]).toEqual([0, 0]);
});

test('a stream that begins after the stop is interrupted and polls nothing', async () => {
  const { clock, service, watcher } = setUp();
  watcher.stop();
  const watched = follow(watcher.watchJobs([service.set('a', 'WAITING')], undefined));
  const activity = follow(watcher.watchActivity({}, undefined));
  expect(await watched.ended).toBeInstanceOf(StreamInterrupted);
  expect(await activity.ended).toBeInstanceOf(StreamInterrupted);
  await clock.advance(60_000);
  expect([watcher.subscribers, watcher.watchedJobs, service.reads.length, service.sweeps]).toEqual([0, 0, 0, 0]);
});

test.each([0, 1, 2, 3, 4])(
  'a reader that has read %i of four changes at the stop receives the others once from the next gateway',
  async (read) => {
    const { clock, service, watcher, successor } = setUp();
    const refs = ['a', 'b', 'c'].map((name) => service.set(name, 'WAITING'));
    const stream = watcher.watchJobs(refs, undefined);
    const presentStates = Array.from(refs, () => stream.next());
    await clock.advance(0);
    const events = (await Promise.all(presentStates)).flatMap(eventIn);
    for (const [name, state] of changes) {
      service.set(name, state);
      await clock.advance(10_000);
    }
    watcher.stop();
    while (events.length < refs.length + read) events.push(...eventIn(await stream.next()));
    const next = successor();
    const back = follow(next.watchJobs(refs, events.at(-1)?.cursor));
    await clock.advance(10_000);
    expect([...events.map(stepOf), ...back.steps()].slice(refs.length)).toEqual([
      'a WAITING -> IN_PROGRESS',
      'b WAITING -> COMPLETED',
      'a IN_PROGRESS -> COMPLETED',
      'c WAITING -> IN_PROGRESS',
    ]);
    next.stop();
  },
);

/** `c` does not end, so that the streams stay open. */
const changes: readonly (readonly [string, JobState])[] = [
  ['a', 'IN_PROGRESS'],
  ['b', 'COMPLETED'],
  ['a', 'COMPLETED'],
  ['c', 'IN_PROGRESS'],
];

function eventIn(result: IteratorResult<JobEvent>): JobEvent[] {
  return result.done ? [] : [result.value];
}

test('jobs are new by the clock of their service, however far ahead the clock of the gateway was when activity began to be watched', async () => {
  const { clock, service, watcher } = setUp();
  service.set('old', 'WAITING');
  clock.setBy(3_600_000);
  const activity = follow(watcher.watchActivity({}, undefined));
  await clock.advance(0);
  clock.setBy(-3_600_000);
  await clock.advance(1_000);
  service.set('new', 'WAITING');
  await clock.advance(20_000);
  expect(activity.steps()).toEqual(['new null -> WAITING']);
  await activity.stop();
});

test('a reader that resumes receives no second JobGone of a job', async () => {
  const { clock, service, watcher } = setUp();
  const refs = [service.set('a', 'WAITING'), { service: 'DATA_EXCHANGE', awsJobId: 'b' } as const];
  const first = follow(watcher.watchJobs(refs, undefined));
  await clock.advance(0);
  expect(first.steps().toSorted()).toEqual(['a null -> WAITING', 'b gone']);
  await first.stop();
  const second = follow(watcher.watchJobs(refs, first.lastCursor()));
  service.set('a', 'COMPLETED');
  await clock.advance(10_000);
  expect(await second.ended).toBe('completed');
  expect(second.steps()).toEqual(['a WAITING -> COMPLETED']);
});

test('a stream goes on from a list of an hour ago at most, and otherwise says that events were missed', async () => {
  const { clock, service, watcher } = setUp();
  const cursor = watcher.activityCursor(watcher.activityPlace()) ?? '';
  await clock.advance(3_590_000);
  service.set('a', 'WAITING');
  const within = follow(watcher.watchActivity({}, cursor));
  await clock.advance(1_000);
  expect(within.steps()).toEqual(['a null -> WAITING']);
  await within.stop();
  await clock.advance(60_000);
  const late = follow(watcher.watchActivity({}, cursor));
  await clock.advance(1_000);
  expect(late.steps()).toEqual(['expired']);
});

test('a job that waits to be announced when the last reader leaves is announced to one who comes back', async () => {
  const { clock, service, watcher } = setUp();
  const first = follow(watcher.watchActivity({}, undefined));
  await clock.advance(1_000);
  service.set('b', 'WAITING');
  await clock.advance(8_000);
  expect(first.steps()).toEqual(['b null -> WAITING']);
  service.set('a', 'COMPLETED');
  service.isUnreadable = true;
  await clock.advance(3_000);
  await first.stop();
  service.isUnreadable = false;
  const back = follow(watcher.watchActivity({}, first.lastCursor()));
  await clock.advance(3_000);
  expect(back.steps()).toEqual(['a null -> COMPLETED']);
});
