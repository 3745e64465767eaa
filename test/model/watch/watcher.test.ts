/**
 * Whatever happens, and in whatever order, each reader is told what was observed: all of it, once, in order; and of each outage once
 * that it began and once that it is over, as all who watch the same are.
 */
import fc from 'fast-check';
import { test } from 'vitest';
import { watcherRuns } from '../runs.ts';
import { allSteps, clusterSteps, plainSteps, promptSteps, watcherProperty } from './steps.ts';
import { World } from './world.ts';

test('no reader misses, repeats or reorders what was observed', { timeout: 600_000 }, async () => {
  await fc.assert(watcherProperty(plainSteps, 10_000), { numRuns: watcherRuns });
});

test('nor where the log forgets early, beyond being told so', { timeout: 600_000 }, async () => {
  await fc.assert(watcherProperty(plainSteps, 3), { numRuns: watcherRuns });
});

test('nor with activity, lists that lag, and readers that begin late', { timeout: 600_000 }, async () => {
  await fc.assert(watcherProperty(allSteps, 10_000), { numRuns: watcherRuns });
});

test('nor where the log forgets early with activity and lists that lag', { timeout: 600_000 }, async () => {
  await fc.assert(watcherProperty(promptSteps, 3), { numRuns: watcherRuns });
});

test('nor where two gateways share the log, take turns to read, and readers go from one to the other', {
  timeout: 600_000,
}, async () => {
  await fc.assert(watcherProperty(clusterSteps, 10_000, true), { numRuns: watcherRuns });
});

test('whoever comes amid a reading is answered by one that begins when it ends', async () => {
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

test('what one gateway has read before another told of a later state is not taken for the present', async () => {
  const ref = { service: 'IMPORT_EXPORT', awsJobId: 'I' } as const;
  const world = new World(10_000, true);
  world.services.set(ref, 'WAITING');
  // Each call of the world goes to the gateway after the last: to the one that does not read the job, then to the one that does.
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

test('the present is the state that was observed last, though a list that lags shows the job before its last change', async () => {
  const world = new World(10_000);
  const b = { service: 'DATA_EXCHANGE', awsJobId: 'b' } as const;
  // So many that a page is worth its call.
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

test('a job that a list brings after its state has changed appears as it was, and then changes', async () => {
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

test('what a read has told of a cancelled disk is not replaced by the less that a list tells of it', async () => {
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

test('a list is fresh again once a service is back, though each job that was watched has vanished meanwhile', async () => {
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
