/** Only the watcher repeats polls, with its backoff. */
import { expect, onTestFinished, test } from 'vitest';
import type { CredentialsProvider } from '../../../../src/backends/calls/credentials.ts';
import { createStateSources } from '../../../../src/backends/state-sources.ts';
import { CallBudget } from '../../../../src/watch/budget.ts';
import { MemoryTransitionLog } from '../../../../src/watch/history/memory-transition-log.ts';
import { Watcher } from '../../../../src/watch/watcher.ts';
import { until } from '../../../support/live.ts';
import { noBackoffClock } from '../../../support/no-backoff-clock.ts';
import { knownKey, startWorld, type World } from './world.ts';

const services = ['DATA_EXCHANGE', 'IMPORT_EXPORT'] as const;

/** The outcome of one poll of the seeded job of `service`. */
async function polled({ backends, jobs }: World, service: (typeof services)[number]) {
  const budget = new CallBudget(noBackoffClock, 100);
  const source = createStateSources(backends, { DATA_EXCHANGE: budget, IMPORT_EXPORT: budget })[service];
  const id = service === 'DATA_EXCHANGE' ? jobs.dataExchange : jobs.importExport;
  const { byJob } = await source.read([id], new Map(), new AbortController().signal);
  return byJob.get(id);
}

test.each(services)('A poll that fails is not sent again: %s', async (service) => {
  const world = await startWorld();
  await world.fail('*', { status: 503 }, 100);
  expect(await polled(world, service)).toEqual({ outcome: 'failed', retryAfterMs: undefined });
  expect(Object.values(await world.requests())).toEqual([1]);
});

test.each(services)('A poll without credentials fails, and nothing is sent: %s', async (service) => {
  let requests = 0;
  const credentials: CredentialsProvider = async () => {
    requests += 1;
    throw new Error('no profile');
  };
  const world = await startWorld({ credentials });
  expect(await polled(world, service)).toEqual({ outcome: 'failed', retryAfterMs: undefined });
  expect([requests, world.proxy.connections]).toEqual([1, 0]);
});

test.each(services)('Polls pause while there are no credentials, and go on once there are: %s', async (service) => {
  const key = { isPresent: true, requests: 0 };
  const credentials: CredentialsProvider = async () => {
    key.requests += 1;
    if (!key.isPresent) throw new Error('no profile');
    return knownKey;
  };
  const world = await startWorld({ credentials });
  const budget = new CallBudget(noBackoffClock, 100);
  const watcher = new Watcher({
    sources: createStateSources(world.backends, { DATA_EXCHANGE: budget, IMPORT_EXPORT: budget }),
    clock: noBackoffClock,
    cadence: { minMs: 10, maxMs: 40 },
    log: new MemoryTransitionLog('log'),
    cursorKey: new Uint8Array(32),
  });
  onTestFinished(() => watcher.stop());
  const awsJobId = service === 'DATA_EXCHANGE' ? world.jobs.dataExchange : world.jobs.importExport;
  const stream = watcher.watchJobs([{ service, awsJobId }], undefined);
  expect((await stream.next()).value).toMatchObject({ state: 'WAITING' });

  key.isPresent = false;
  expect((await stream.next()).value).toMatchObject({ kind: 'JobsStale', service, jobs: null });
  const fresh = stream.next();
  const sent = await world.requests();
  const { requests } = key;
  await until(() => key.requests >= requests + 5);
  expect(await world.requests()).toEqual(sent);

  key.isPresent = true;
  const polls = async (): Promise<number> => Object.values(await world.requests()).reduce((sum, count) => sum + count);
  const before = await polls();
  await expect.poll(polls).toBeGreaterThan(before);
  expect((await fresh).value).toMatchObject({ kind: 'JobsFresh', service, jobs: null });
  expect(await Promise.race([stream.next(), 'nothing was emitted'])).toBe('nothing was emitted');
});
