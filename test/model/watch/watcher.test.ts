/**
 * Whatever happens, in whatever order, each reader receives every observed transition once and in order, and one
 * JobsStale and one JobsFresh for each outage, as all readers of the same jobs do.
 */
import fc from 'fast-check';
import { test } from 'vitest';
import { watcherBoundMs, watcherRuns } from '../runs.ts';
import {
  allSteps,
  clusterSteps,
  listClusterSteps,
  listSteps,
  plainSteps,
  promptSteps,
  watcherProperty,
} from './steps.ts';
import { World } from './world.ts';

test('no reader misses, repeats or reorders what was observed', { timeout: watcherBoundMs }, async () => {
  await fc.assert(watcherProperty(plainSteps, 10_000), { numRuns: watcherRuns });
});

test('no reader misses an event silently if the log drops entries early', { timeout: watcherBoundMs }, async () => {
  await fc.assert(watcherProperty(plainSteps, 3), { numRuns: watcherRuns });
});

test('no reader misses, repeats or reorders events with activity, lagging lists and readers that begin late', {
  timeout: watcherBoundMs,
}, async () => {
  await fc.assert(watcherProperty(allSteps, 10_000), { numRuns: watcherRuns });
});

test('no reader misses an event silently if the log drops entries early, with activity and lagging lists', {
  timeout: watcherBoundMs,
}, async () => {
  await fc.assert(watcherProperty(promptSteps, 3), { numRuns: watcherRuns });
});

test('no reader misses, repeats or reorders events over two gateways with a moving lease', {
  timeout: watcherBoundMs,
}, async () => {
  await fc.assert(watcherProperty(clusterSteps, 10_000, true), { numRuns: watcherRuns });
});

test.each([
  ['one gateway', listSteps, false],
  ['two gateways with a moving lease', listClusterSteps, true],
])(
  'a reader who lists the jobs and then watches all knows them all, and their states, over %s',
  {
    timeout: watcherBoundMs,
  },
  async (_where, kinds, isCluster) => {
    await fc.assert(watcherProperty(kinds, 10_000, isCluster), { numRuns: watcherRuns });
  },
);

test('a reader that comes during a reading receives the result of the next one', async () => {
  const ref = { service: 'DATA_EXCHANGE', awsJobId: 'a' } as const;
  const world = new World(10_000);
  world.services.set(ref, 'WAITING');
  world.setLatency(300);
  world.watchJobs([ref], false);
  await world.clock.advance(100);
  world.watchJobs([ref], false);
  await world.clock.advance(1_400);
  world.check();
  await world.end();
});

test('a state that was read before another gateway logged a later one is not emitted as the present', async () => {
  const ref = { service: 'IMPORT_EXPORT', awsJobId: 'I' } as const;
  const world = new World(10_000, true);
  world.services.set(ref, 'WAITING');
  // Each call goes to the next gateway: first to the one without the lease, then to the one with it.
  world.watchJobs([ref], false);
  world.watchJobs([ref], false);
  await world.clock.advance(100);
  world.setLatency(2_000);
  world.watchJobs([ref], false);
  await world.clock.advance(10);
  world.setLatency(0);
  world.services.set(ref, 'IN_PROGRESS');
  world.noteMutation(ref);
  await world.clock.advance(5_000);
  world.check();
  await world.end();
});

test('a list has no cursor if the log was given a later state of a new job first', async () => {
  const ref = { service: 'DATA_EXCHANGE', awsJobId: 'a' } as const;
  const world = new World(10_000, true);
  world.services.set(ref, 'WAITING');
  await world.clock.advance(5_000);
  world.setAppendTime(200);
  // Each list is that of the next gateway.
  world.list();
  await world.clock.advance(0);
  world.list();
  world.services.set(ref, 'IN_PROGRESS');
  world.changeLeader();
  await world.clock.advance(0);
  world.list();
  await world.clock.advance(60_000);
  world.watchFromList(0, undefined, false);
  await world.end();
});

test('the present state is the last observed one, though a lagging list shows the job before its last change', async () => {
  const world = new World(10_000);
  const b = { service: 'DATA_EXCHANGE', awsJobId: 'b' } as const;
  // Enough jobs that the poller reads a page.
  const refs = [{ ...b, awsJobId: 'a' }, b, { ...b, awsJobId: 'c' }];
  for (const ref of refs) world.services.set(ref, 'WAITING');
  world.watchActivity(undefined, false);
  await world.clock.advance(0);
  await world.leave(0);
  world.services.set(b, 'UNKNOWN');
  world.setLag(true);
  world.services.set(b, 'UNKNOWN');
  world.watchJobs(refs, false);
  await world.clock.advance(1_400);
  await world.reconnect(1, 0, false);
  await world.clock.advance(1_400);
  world.check();
  await world.end();
});

test('a job that a list shows after its state has changed appears in its old state, and then changes', async () => {
  const ref = { service: 'DATA_EXCHANGE', awsJobId: 'd' } as const;
  const world = new World(10_000);
  await world.clock.advance(5_000);
  world.services.set(ref, 'WAITING');
  world.watchJobs([ref], false);
  await world.clock.advance(0);
  world.services.set(ref, 'IN_PROGRESS');
  world.watchActivity(undefined, false);
  await world.clock.advance(1_400);
  world.check();
  await world.end();
});

test('the details that a read has shown of a cancelled disk are not replaced by a list with fewer', async () => {
  const [disk, other] = ['I', 'J'].map((awsJobId) => ({ service: 'IMPORT_EXPORT', awsJobId }) as const);
  if (disk === undefined || other === undefined) throw new Error('expected two jobs');
  const world = new World(10_000, true);
  for (const ref of [disk, other]) world.services.set(ref, 'WAITING');
  await world.clock.advance(5_000);
  world.setLatency(300);
  world.watchJobs([disk, other], false);
  world.watchJobs([disk, other], false);
  await world.clock.advance(60_000);
  world.services.set(disk, 'CANCELLED');
  world.noteMutation(disk);
  await world.clock.advance(0);
  world.watchJobs([disk, other], false);
  await world.clock.advance(0);
  world.setAway(true);
  await world.clock.advance(500);
  world.watchActivity(undefined, false);
  await world.clock.advance(0);
  await world.end();
});

test('a new job that ended before its appearance was in the log is announced all the same', async () => {
  const ref = { service: 'DATA_EXCHANGE', awsJobId: 'e' } as const;
  const world = new World(10_000, true);
  await world.clock.advance(5_000);
  world.list();
  await world.clock.advance(0);
  // The gateway sees the end of the job while it still writes that it has appeared.
  world.setAppendTime(1_500);
  world.services.set(ref, 'WAITING');
  world.watchFromList(0, undefined, false);
  await world.clock.advance(0);
  world.services.set(ref, 'COMPLETED');
  await world.end();
});

test('all jobs of a service that asks for a long wait are stale, also where their reader had no lease when they were read', async () => {
  const refs = ['a', 'b', 'c'].map((awsJobId) => ({ service: 'DATA_EXCHANGE', awsJobId }) as const);
  const world = new World(10_000, true);
  for (const ref of refs) world.services.set(ref, 'WAITING');
  await world.clock.advance(5_000);
  world.setTrouble('DATA_EXCHANGE', 'held off');
  world.watchJobs(refs, false);
  await world.clock.advance(0);
  world.changeLeader();
  await world.clock.advance(60_000);
  world.check();
  await world.end();
});

test('a list is fresh again once its service is back, even if each watched job was deleted meanwhile', async () => {
  const world = new World(10_000);
  const refs = ['I', 'J'].map((awsJobId) => ({ service: 'IMPORT_EXPORT', awsJobId }) as const);
  for (const ref of refs) world.services.set(ref, 'WAITING');
  await world.clock.advance(5_000);
  world.watchJobs(refs, false);
  await world.clock.advance(0);
  world.setTrouble('IMPORT_EXPORT', 'down');
  world.watchActivity(undefined, false);
  await world.clock.advance(60_000);
  world.check();
  for (const ref of refs) world.services.forget(ref);
  await world.end();
});
