/**
 * What readers receive during an outage at a gateway that does not read the jobs, and which calls that costs, on a fake
 * clock.
 */
import { expect, test } from 'vitest';
import { Watcher } from '../../../src/watch/watcher.ts';
import { ModelCluster } from '../../model/watch/cluster.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { follow, ScriptedService } from '../../support/scripted-service.ts';

const cadence = { minMs: 2_000, maxMs: 30_000 };

/** Two gateways with separate connections to the service; the first holds the lease. */
function setUp() {
  const clock = new FakeClock();
  const cluster = new ModelCluster(clock, 10_000);
  const gateways = cluster.members.map(({ log, assignment }) => {
    const service = new ScriptedService();
    const other = { ...new ScriptedService().source, service: 'DATA_EXCHANGE' as const };
    const sources = { DATA_EXCHANGE: other, IMPORT_EXPORT: service.source };
    const watcher = new Watcher({ sources, clock, cadence, log, assignment, cursorKey: new Uint8Array(32) });
    return { service, watcher };
  });
  const [reading, other] = gateways;
  if (reading === undefined || other === undefined) throw new Error('expected two gateways');
  const refs = ['a', 'b', 'c'].map((awsJobId) => {
    for (const { service } of gateways) service.set(awsJobId, 'WAITING');
    return { service: 'IMPORT_EXPORT', awsJobId } as const;
  });
  const setDown = (isDown: boolean): void => {
    for (const { service } of gateways) service.isDown = isDown;
  };
  return { clock, cluster, reading, other, refs, setDown };
}

async function watchElsewhere() {
  const world = setUp();
  const watched = follow(world.other.watcher.watchJobs(world.refs, undefined));
  await world.clock.advance(60_000);
  expect(watched.steps().toSorted()).toEqual(['a WAITING', 'b WAITING', 'c WAITING']);
  return { ...world, watched, outages: () => watched.steps().slice(3) };
}

test('during an outage of ten minutes the other gateway relies on the notices of the reading gateway, and makes no call', async () => {
  const { clock, other, setDown, outages } = await watchElsewhere();
  const { reads } = other.service;
  setDown(true);
  await clock.advance(600_000);
  expect(outages()).toEqual(['all stale']);
  setDown(false);
  await clock.advance(60_000);
  expect(outages()).toEqual(['all stale', 'all fresh']);
  expect(other.service.reads).toBe(reads);
});

test('while a service asks for a wait of minutes the other gateway relies on the notices of the reading gateway, and makes no call', async () => {
  const { clock, reading, other, setDown, outages } = await watchElsewhere();
  const { reads } = other.service;
  reading.service.retryAfterMs = 250_000;
  setDown(true);
  await clock.advance(240_000);
  expect(outages()).toEqual(['all stale']);
  setDown(false);
  await clock.advance(360_000);
  expect(outages()).toEqual(['all stale', 'all fresh']);
  expect(other.service.reads).toBe(reads);
});

test('if notices get lost the other gateway reads the jobs once one is overdue', async () => {
  const { clock, cluster, other, setDown, outages } = await watchElsewhere();
  setDown(true);
  await clock.advance(120_000);
  cluster.losesNotices = true;
  setDown(false);
  await clock.advance(120_000);
  expect(outages()).toEqual(['all stale', 'all fresh']);
  const { reads } = other.service;
  await clock.advance(600_000);
  expect(other.service.reads).toBe(reads);
});

test('a gateway that takes over during an outage reads at once', async () => {
  const { clock, cluster, setDown, outages } = await watchElsewhere();
  setDown(true);
  await clock.advance(120_000);
  setDown(false);
  cluster.changeLeader();
  await clock.advance(1_000);
  expect(outages()).toEqual(['all stale', 'all fresh']);
});

test('jobs that only the reading gateway cannot read are stale in other gateways until it can, whatever these observe of them', async () => {
  const { clock, reading, other, refs, outages } = await watchElsewhere();
  const one = follow(other.watcher.watchJobs(refs.slice(0, 1), undefined));
  await clock.advance(1_000);
  reading.service.isDown = true;
  await clock.advance(120_000);
  for (const { service } of [reading, other]) service.set('a', 'IN_PROGRESS');
  const late = follow(other.watcher.watchJobs(refs, undefined));
  await clock.advance(60_000);
  expect([outages(), one.steps(), late.steps().toSorted()]).toEqual([
    ['all stale', 'a IN_PROGRESS'],
    ['a WAITING', 'all stale', 'a IN_PROGRESS'],
    ['a IN_PROGRESS', 'all stale', 'b WAITING', 'c WAITING'],
  ]);
  reading.service.isDown = false;
  await clock.advance(60_000);
  for (const steps of [outages(), one.steps(), late.steps()])
    expect(steps.filter((step) => step.startsWith('all'))).toEqual(['all stale', 'all fresh']);
});

test('a new watcher in another gateway receives a JobsStale with the next notice of the reading gateway', async () => {
  const { clock, reading, other, refs } = setUp();
  const watched = follow(reading.watcher.watchJobs(refs, undefined));
  await clock.advance(0);
  reading.service.isDown = true;
  await clock.advance(120_000);
  expect(watched.steps().slice(3)).toEqual(['all stale']);
  const late = follow(other.watcher.watchJobs(refs, undefined));
  await clock.advance(10);
  expect(late.steps()).toContain('all stale');
  reading.service.isDown = false;
  await clock.advance(60_000);
  expect([watched.steps().slice(3), late.steps().at(-1)]).toEqual([['all stale', 'all fresh'], 'all fresh']);
});

test('if notices of a list get lost the other gateway lists by itself once one is overdue, and not before', async () => {
  const { clock, cluster, other, setDown } = setUp();
  const activity = follow(other.watcher.watchActivity({ service: 'IMPORT_EXPORT' }, undefined));
  await clock.advance(60_000);
  setDown(true);
  await clock.advance(300_000);
  expect([activity.steps(), other.service.lists]).toEqual([['all stale'], 0]);
  cluster.losesNotices = true;
  setDown(false);
  await clock.advance(120_000);
  expect(activity.steps()).toEqual(['all stale', 'all fresh']);
  const { lists } = other.service;
  await clock.advance(600_000);
  expect(other.service.lists).toBe(lists);
});
