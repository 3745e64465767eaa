/** Readers that come while nothing can be read, and leave again, leave nothing in memory. */
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
/** Stack frames and the engine's registers hold some of the last (up to 3 observed), however many came. */
const maxRetained = readers / 50;

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

/**
 * Opens readers that request the first event, wait for `stayMs`, and leave. Holds them weakly, to detect what else
 * holds one.
 */
async function comeAndGo(
  { clock, watcher }: ReturnType<typeof setUp>,
  open: () => AsyncIterableIterator<unknown>,
  stayMs: number,
) {
  const departed: WeakRef<object>[] = [];
  for (let index = 0; index < readers; index += 1) {
    const stream = open();
    departed.push(new WeakRef(stream));
    void stream.next();
    await clock.advance(index % 50 === 0 ? stayMs : 0);
    await stream.return?.();
  }
  expect(watcher.subscribers).toBe(1);
  return departed;
}

async function retained(departed: readonly WeakRef<object>[]): Promise<number> {
  // A weak reference that was created or read keeps its target until the end of the tick.
  await settle();
  collectGarbage();
  await settle();
  collectGarbage();
  return departed.filter((each) => each.deref() !== undefined).length;
}

const job: JobRef = { service: 'DATA_EXCHANGE', awsJobId: 'a' };

test.each([
  ['between two failing readings', 0, 10],
  ['during a reading that fails late', 3_000, 10],
  ['after some failed readings', 100, 10_000],
])(
  'readers of a job that come and go %s leave nothing in memory, while one stays',
  async (_when, latencyMs, stayMs) => {
    const world = setUp(latencyMs);
    const staying = world.watcher.watchJobs([job], undefined);
    void staying.next();
    await world.clock.advance(100);
    const departed = await comeAndGo(world, () => world.watcher.watchJobs([job], undefined), stayMs);
    expect(await retained(departed)).toBeLessThanOrEqual(maxRetained);
    expect([world.watcher.subscribers, world.watcher.watchedJobs]).toEqual([1, 1]);
    await staying.return?.();
    await world.clock.advance(20_000);
    expect([world.watcher.watchedJobs, world.clock.pendingTimers]).toEqual([0, 0]);
  },
);

test.each([
  ['that fails', undefined],
  ['that asks for a long wait', 300_000],
])(
  'readers of new jobs of a service %s, which receive a JobsStale and leave, leave nothing in memory',
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
    expect(await retained(departed)).toBeLessThanOrEqual(maxRetained);
    expect([world.watcher.subscribers, world.watcher.watchedJobs]).toEqual([1, 1]);
    await staying.return?.();
  },
);

test('readers of activity that come and go while lists fail leave nothing in memory, while one stays', async () => {
  const world = setUp(0);
  const staying = world.watcher.watchActivity({}, undefined);
  void staying.next();
  await world.clock.advance(100);
  const departed = await comeAndGo(world, () => world.watcher.watchActivity({}, undefined), 1_000);
  expect(await retained(departed)).toBeLessThanOrEqual(maxRetained);
  await staying.return?.();
});
