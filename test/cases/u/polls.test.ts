/** U13, U23 for polls: one layer repeats them, and that is the watcher with its back-off. */
import { expect, test } from 'vitest';
import type { CredentialsProvider } from '../../../src/backends/credentials.ts';
import { createStateSources } from '../../../src/state-sources.ts';
import { CallBudget } from '../../../src/watch/budget.ts';
import { hastyClock } from '../../support/hasty-clock.ts';
import { startWorld, type World } from './world.ts';

const services = ['DATA_EXCHANGE', 'IMPORT_EXPORT'] as const;

/** What one poll of the seeded job of `service` gives. */
async function polled({ backends, jobs }: World, service: (typeof services)[number]) {
  const budget = new CallBudget(hastyClock, 100);
  const source = createStateSources(backends, { DATA_EXCHANGE: budget, IMPORT_EXPORT: budget })[service];
  const id = service === 'DATA_EXCHANGE' ? jobs.dataExchange : jobs.importExport;
  const { byJob } = await source.read([id], new Map(), new AbortController().signal);
  return byJob.get(id);
}

test.each(services)('U13 a poll that fails is not sent again: %s', async (service) => {
  const world = await startWorld();
  await world.fail('*', { status: 503 }, 100);
  expect(await polled(world, service)).toEqual({ outcome: 'failed', retryAfterMs: undefined });
  expect(Object.values(await world.requests())).toEqual([1]);
});

test.each(services)('U23 a poll without credentials fails by itself, and nothing is sent: %s', async (service) => {
  let asked = 0;
  const credentials: CredentialsProvider = async () => {
    asked += 1;
    throw new Error('no profile');
  };
  const world = await startWorld({ credentials });
  expect(await polled(world, service)).toEqual({ outcome: 'failed', retryAfterMs: undefined });
  expect([asked, world.proxy.connections]).toEqual([1, 0]);
});
