/** What readers are told of an outage at a gateway that does not read the jobs, and what it costs, by a clock that stands still. */
import { expect, test } from 'vitest';
import { Watcher } from '../../../src/watch/watcher.ts';
import { ModelCluster } from '../../model/watch/cluster.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { follow, ScriptedService } from '../../support/scripted-service.ts';

const cadence = { minMs: 2_000, maxMs: 30_000 };

/** Two gateways, of which the first reads, each with a way of its own to the service. */
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

test('an outage of ten minutes is told by word of the gateway that reads, and costs the other no call', async () => {
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

test('so is a service that is to be left alone for minutes', async () => {
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

test('where word gets lost the other gateway reads by itself once it should have come', async () => {
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

test('whoever takes over amid an outage reads at once', async () => {
  const { clock, cluster, setDown, outages } = await watchElsewhere();
  setDown(true);
  await clock.advance(120_000);
  setDown(false);
  cluster.changeLeader();
  await clock.advance(1_000);
  expect(outages()).toEqual(['all stale', 'all fresh']);
});

test('jobs that only the reading gateway cannot read are stale elsewhere until it can, whatever is seen of them meanwhile', async () => {
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

test('whoever begins to watch elsewhere what is stale where it is read is told by the next word of it', async () => {
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

test('where word of a list gets lost the other gateway lists by itself once it should have come, and not before', async () => {
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
