/** What readers are told while jobs cannot be read, by a clock that stands still: of which jobs, how often, and as one event for all. */
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

/** Five jobs that wait, each read at a moment of its own. */
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

test('jobs that are read one by one are told stale in two events at most, and fresh in as many, though they fail at different moments', async () => {
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

test('since is when the job was last read well', async () => {
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

test('a job that cannot be read by itself is named, and the others are not stale', async () => {
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
  const told = watched.steps().slice(presents.length);
  expect(told.at(-1)).toBe('c stale');
  const staleAfterAll =
    told.filter((step) => step.endsWith('stale')).length - told.filter((step) => step.endsWith('fresh')).length;
  expect(staleAfterAll).toBe(1);
  service.states.delete('c');
  service.unreadable.clear();
  await clock.advance(60_000);
  expect(watched.steps().slice(-2)).toEqual(['c gone', 'c fresh']);
});

test('a job that ends as it is read again is told, then fresh, and then the stream is over', async () => {
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

test('all who watch the same are told of an outage by one event each way, whatever their cursors', async () => {
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
    for (const place of [0, 1]) expect(new Set(outages.map((each) => each[place]?.body)).size).toBe(1);
  }
});

test('a reader who reads nothing through many outages finds each told and taken back', async () => {
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
])('with intervals of at most 30 s a service that asks for %i ms is told as %j', async (retryAfterMs, told) => {
  const { clock, service, watcher } = setUp();
  const ref = service.set('a', 'WAITING');
  const watched = follow(watcher.watchJobs([ref], undefined));
  const activity = follow(watcher.watchActivity({ service: 'IMPORT_EXPORT' }, undefined));
  await clock.advance(0);
  service.isDown = true;
  service.retryAfterMs = retryAfterMs;
  await clock.advance(10_000);
  expect([watched.steps(), activity.steps()]).toEqual([['a WAITING', ...told], told]);
});

test('whoever comes while a service is to be left alone is told at once, of jobs that nobody watched as well', async () => {
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

test('whoever comes after all have left amid an outage is told nothing before three readings of their own have failed', async () => {
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

test('activity is stale where its jobs cannot be read, though they are listed', async () => {
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

test('a service that answers before the time that it asked for is over is fresh as soon as its jobs are read', async () => {
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
