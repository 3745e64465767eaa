/**
 * What readers receive while jobs cannot be read, on a fake clock: for which jobs, how often, and as one event for all
 * readers.
 */
import { expect, test } from 'vitest';
import { MemoryTransitionLog } from '../../../src/watch/history/memory-transition-log.ts';
import { Watcher } from '../../../src/watch/watcher.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { follow, ScriptedService } from '../../support/scripted-service.ts';

const cadence = { minMs: 2_000, maxMs: 30_000 };

function setUp() {
  const clock = new FakeClock();
  const service = new ScriptedService();
  const other = { ...new ScriptedService().source, service: 'DATA_EXCHANGE' as const };
  const log = new MemoryTransitionLog('log');
  const sources = { DATA_EXCHANGE: other, IMPORT_EXPORT: service.source };
  const watcher = new Watcher({ sources, clock, cadence, log, cursorKey: new Uint8Array(32) });
  return { clock, service, watcher };
}

/** Five waiting jobs, each read at a time of its own. */
async function setUpFive() {
  const world = setUp();
  const refs = ['a', 'b', 'c', 'd', 'e'].map((awsJobId) => world.service.set(awsJobId, 'WAITING'));
  const opened = refs.map((ref) => world.watcher.watchJobs([ref], undefined));
  for (const stream of opened) {
    void stream.next();
    await world.clock.advance(317);
  }
  const watched = follow(world.watcher.watchJobs(refs, undefined));
  await world.clock.advance(20_000);
  return { ...world, refs, watched, presents: watched.steps() };
}

test('jobs that are read one by one become stale in at most two events, and fresh in as many, though they fail at different times', async () => {
  const { clock, service, watched, presents } = await setUpFive();
  service.isDown = true;
  await clock.advance(300_000);
  const stale = watched.steps().slice(presents.length);
  expect(stale.length).toBeLessThanOrEqual(2);
  service.isDown = false;
  await clock.advance(60_000);
  const fresh = watched.steps().slice(presents.length + stale.length);
  expect(fresh).toEqual(stale.map((step) => step.replace('stale', 'fresh')));
});

test('since is the time of the last successful read', async () => {
  const { clock, service, watcher } = setUp();
  const watched = follow(watcher.watchJobs([service.set('a', 'WAITING')], undefined));
  await clock.advance(20_000);
  const { reads } = service;
  service.isDown = true;
  while (service.reads === reads) await clock.advance(100);
  const firstFailedAt = clock.now();
  await clock.advance(300_000);
  const stale = watched.events.find((event) => event.kind === 'JobsStale');
  expect(stale).toBeDefined();
  const sinceMs = stale?.since.getTime() ?? 0;
  expect(sinceMs).toBeLessThan(firstFailedAt);
  expect(sinceMs).toBeGreaterThanOrEqual(firstFailedAt - cadence.maxMs);
});

test('a job that fails while others are read is named, and the others are not stale', async () => {
  const { clock, service, watched, presents } = await setUpFive();
  service.unreadable.add('c');
  await clock.advance(300_000);
  expect(watched.steps().slice(presents.length)).toEqual(['c stale']);
  service.unreadable.clear();
  await clock.advance(60_000);
  expect(watched.steps().slice(presents.length)).toEqual(['c stale', 'c fresh']);
});

test('one job that stays unreadable after an outage does not keep the others stale', async () => {
  const { clock, service, watched, presents } = await setUpFive();
  service.isDown = true;
  await clock.advance(300_000);
  service.unreadable.add('c');
  service.isDown = false;
  await clock.advance(300_000);
  const emitted = watched.steps().slice(presents.length);
  expect(emitted.at(-1)).toBe('c stale');
  const staleAfterAll =
    emitted.filter((step) => step.endsWith('stale')).length - emitted.filter((step) => step.endsWith('fresh')).length;
  expect(staleAfterAll).toBe(1);
  service.states.delete('c');
  service.unreadable.clear();
  await clock.advance(60_000);
  expect(watched.steps().slice(-2)).toEqual(['c gone', 'c fresh']);
});

test('a job that is finished when it is read again brings its change, then JobsFresh, and the stream completes', async () => {
  const { clock, service, watcher } = setUp();
  const watched = follow(watcher.watchJobs([service.set('a', 'WAITING')], undefined));
  await clock.advance(0);
  service.isDown = true;
  await clock.advance(60_000);
  service.set('a', 'COMPLETED');
  service.isDown = false;
  await clock.advance(60_000);
  expect([watched.steps(), watched.isOver()]).toEqual([['a WAITING', 'all stale', 'a COMPLETED', 'all fresh'], true]);
});

test('all readers of the same jobs share one event for each JobsStale and JobsFresh, whatever their cursors', async () => {
  const { clock, service, watcher } = setUp();
  const [a, b] = [service.set('a', 'WAITING'), service.set('b', 'WAITING')];
  const readers = ['x', 'y', 'z'].map((audience) => follow(watcher.watchJobs([a, b], undefined, audience)));
  const single = [a, a].map((ref) => follow(watcher.watchJobs([ref], undefined)));
  await clock.advance(0);
  service.isDown = true;
  await clock.advance(120_000);
  service.isDown = false;
  await clock.advance(120_000);
  for (const alike of [readers, single]) {
    const outages = alike.map(({ events }) =>
      events.filter(({ kind }) => kind === 'JobsStale' || kind === 'JobsFresh'),
    );
    expect(outages.map((each) => each.length)).toEqual(alike.map(() => 2));
    for (const index of [0, 1]) expect(new Set(outages.map((each) => each[index]?.body)).size).toBe(1);
  }
});

test('a reader that reads nothing through many outages finds a JobsStale and a JobsFresh of each', async () => {
  const { clock, service, watcher } = setUp();
  const stream = watcher.watchJobs([service.set('a', 'WAITING')], undefined);
  await Promise.all([stream.next(), clock.advance(0)]);
  for (let outage = 0; outage < 20; outage += 1) {
    service.isDown = true;
    await clock.advance(120_000);
    service.isDown = false;
    await clock.advance(120_000);
  }
  const watched = follow(stream);
  await settle();
  expect(watched.steps()).toEqual(Array.from({ length: 20 }, () => ['all stale', 'all fresh']).flat());
});

test.each([
  [90_000, []],
  [91_000, ['all stale']],
])(
  'with intervals of at most 30 s a service that asks for a wait of %i ms leads to the events %j',
  async (retryAfterMs, emitted) => {
    const { clock, service, watcher } = setUp();
    const ref = service.set('a', 'WAITING');
    const watched = follow(watcher.watchJobs([ref], undefined));
    const activity = follow(watcher.watchActivity({ service: 'IMPORT_EXPORT' }, undefined));
    await clock.advance(0);
    service.isDown = true;
    service.retryAfterMs = retryAfterMs;
    await clock.advance(10_000);
    expect([watched.steps(), activity.steps()]).toEqual([['a WAITING', ...emitted], emitted]);
  },
);

test('a reader that comes during a long requested wait receives a JobsStale at once, also of jobs that were not watched before', async () => {
  const { clock, service, watcher } = setUp();
  const watched = follow(watcher.watchJobs([service.set('a', 'WAITING')], undefined));
  await clock.advance(0);
  service.isDown = true;
  service.retryAfterMs = 200_000;
  await clock.advance(10_000);
  const late = follow(watcher.watchJobs([service.set('b', 'WAITING')], undefined));
  const activity = follow(watcher.watchActivity({}, undefined));
  await clock.advance(0);
  expect([late.steps(), activity.steps()]).toEqual([['all stale'], ['all stale']]);
  service.isDown = false;
  await clock.advance(300_000);
  expect(watched.steps()).toEqual(['a WAITING', 'all stale', 'all fresh']);
  expect([late.steps(), activity.steps()]).toEqual([
    ['all stale', 'all fresh', 'b WAITING'],
    ['all stale', 'all fresh'],
  ]);
});

test('a reader that comes during an outage after all others have left receives nothing until three of its own readings have failed', async () => {
  const { clock, service, watcher } = setUp();
  const ref = service.set('a', 'WAITING');
  const before = follow(watcher.watchJobs([ref], undefined));
  await clock.advance(0);
  service.isDown = true;
  await clock.advance(120_000);
  await before.leave();
  const after = follow(watcher.watchJobs([ref], undefined));
  await clock.advance(1_000);
  expect(after.steps()).toEqual([]);
  await clock.advance(120_000);
  expect(after.steps()).toEqual(['all stale']);
});

test('activity is stale while its jobs cannot be read, though they are listed', async () => {
  const { clock, service, watcher } = setUp();
  service.isListed = true;
  for (const awsJobId of ['a', 'b', 'c']) service.set(awsJobId, 'WAITING');
  const activity = follow(watcher.watchActivity({}, undefined));
  await clock.advance(60_000);
  const lastReadAt = clock.now();
  service.isDown = true;
  await clock.advance(300_000);
  expect(activity.steps()).toEqual(['all stale']);
  const [stale] = activity.events;
  expect(stale?.kind === 'JobsStale' && stale.since.getTime()).toBeLessThanOrEqual(lastReadAt);
  const late = follow(watcher.watchActivity({}, undefined));
  await clock.advance(0);
  service.isDown = false;
  await clock.advance(60_000);
  expect([activity.steps(), late.steps()]).toEqual([
    ['all stale', 'all fresh'],
    ['all stale', 'all fresh'],
  ]);
});

test('a service that answers before the requested wait is over becomes fresh as soon as its jobs are read', async () => {
  const { clock, service, watcher } = setUp();
  const [a, b] = ['a', 'b'].map((awsJobId) => follow(watcher.watchJobs([service.set(awsJobId, 'WAITING')], undefined)));
  await clock.advance(60_000);
  service.unreadable.add('a');
  service.retryAfterMs = 200_000;
  await clock.advance(cadence.maxMs);
  service.unreadable.clear();
  await clock.advance(cadence.maxMs);
  expect([a?.steps(), b?.steps()]).toEqual([
    ['a WAITING', 'all stale'],
    ['b WAITING', 'all stale', 'all fresh'],
  ]);
});
