/** What readers leave behind who come while nothing can be read, and go again: nothing. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { JobRef } from '../../../src/model/job-state.ts';
import { MemoryTransitionLog } from '../../../src/watch/history/memory-transition-log.ts';
import type { StateSource } from '../../../src/watch/state-source.ts';
import { Watcher } from '../../../src/watch/watcher.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const readers = 500;
/** Frames on the stack and the engine's registers hold some of the last (up to 3 seen), however many came. */
const retainedAtMost = readers / 50;

/** A service that fails after `latencyMs`. */
function failing(
  service: StateSource['service'],
  clock: FakeClock,
  latencyMs: number,
  retryAfterMs?: number,
): StateSource {
  return {
    service,
    batchSize: 200,
    readsPages: true,
    read: async (due) => {
      await new Promise<void>((resolve) => clock.schedule(resolve, latencyMs));
      return { byJob: new Map(due.map((id) => [id, { outcome: 'failed', retryAfterMs }])) };
    },
    confirm: async () => ({ outcome: 'failed', retryAfterMs: undefined }),
    list: () => Promise.reject(new Error('down')),
  };
}

function setUp(latencyMs: number, retryAfterMs?: number) {
  const clock = new FakeClock();
  const watcher = new Watcher({
    sources: {
      DATA_EXCHANGE: failing('DATA_EXCHANGE', clock, latencyMs, retryAfterMs),
      IMPORT_EXPORT: failing('IMPORT_EXPORT', clock, latencyMs, retryAfterMs),
    },
    clock,
    cadence: { minMs: 1_000, maxMs: 8_000 },
    log: new MemoryTransitionLog('log'),
    cursorKey: new Uint8Array(32),
  });
  return { clock, watcher };
}

/** Readers who ask for the first event, wait for `stayMs`, and leave; weak, so that whatever else holds one shows. */
async function comeAndGo(
  { clock, watcher }: ReturnType<typeof setUp>,
  open: () => AsyncIterableIterator<unknown>,
  stayMs: number,
) {
  const departed: WeakRef<object>[] = [];
  for (let place = 0; place < readers; place += 1) {
    const stream = open();
    departed.push(new WeakRef(stream));
    void stream.next();
    await clock.advance(place % 50 === 0 ? stayMs : 0);
    await stream.return?.();
  }
  expect(watcher.subscribers).toBe(1);
  return departed;
}

async function retained(departed: readonly WeakRef<object>[]): Promise<number> {
  // A weak reference that was made or read in a turn holds until its end.
  await settle();
  collectGarbage();
  await settle();
  collectGarbage();
  return departed.filter((each) => each.deref() !== undefined).length;
}

const job: JobRef = { service: 'DATA_EXCHANGE', awsJobId: 'a' };

test.each([
  ['between two readings that fail', 0, 10],
  ['during a reading that fails late', 3_000, 10],
  ['after some readings have failed', 100, 10_000],
])('readers of a job who come and go %s leave nothing, while one stays', async (_when, latencyMs, stayMs) => {
  const world = setUp(latencyMs);
  const staying = world.watcher.watchJobs([job], undefined);
  void staying.next();
  await world.clock.advance(100);
  const departed = await comeAndGo(world, () => world.watcher.watchJobs([job], undefined), stayMs);
  expect(await retained(departed)).toBeLessThanOrEqual(retainedAtMost);
  expect([world.watcher.subscribers, world.watcher.watchedJobs]).toEqual([1, 1]);
  await staying.return?.();
  await world.clock.advance(20_000);
  expect([world.watcher.watchedJobs, world.clock.pendingTimers]).toEqual([0, 0]);
});

test.each([
  ['that fails', undefined],
  ['that is to be left alone', 300_000],
])(
  'readers of ever new jobs of a service %s, who are told so and go again, leave nothing',
  async (_what, retryAfterMs) => {
    const world = setUp(0, retryAfterMs);
    const staying = world.watcher.watchJobs([job], undefined);
    void staying.next();
    await world.clock.advance(60_000);
    let jobs = 0;
    const open = () => {
      jobs += 1;
      return world.watcher.watchJobs([job, { service: 'DATA_EXCHANGE', awsJobId: `job ${jobs}` }], undefined);
    };
    const departed = await comeAndGo(world, open, 10_000);
    expect(await retained(departed)).toBeLessThanOrEqual(2);
    expect([world.watcher.subscribers, world.watcher.watchedJobs]).toEqual([1, 1]);
    await staying.return?.();
  },
);

test('readers of activity who come and go while lists fail leave nothing, while one stays', async () => {
  const world = setUp(0);
  const staying = world.watcher.watchActivity({}, undefined);
  void staying.next();
  await world.clock.advance(100);
  const departed = await comeAndGo(world, () => world.watcher.watchActivity({}, undefined), 1_000);
  expect(await retained(departed)).toBeLessThanOrEqual(retainedAtMost);
  await staying.return?.();
});
