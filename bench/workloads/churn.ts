/** A storm of comings and goings, and what is left of it afterwards. */
import type { Subscription } from '../harness/client-protocol.ts';
import type { SeededJob } from '../harness/emulator-control.ts';
import { metric } from '../harness/metrics.ts';
import { planned, watchDocument } from '../harness/subscription-plan.ts';
import { sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';
import type { World } from '../harness/world.ts';

export interface Churn {
  readonly dataExchange: number;
  readonly importExport: number;
  readonly sockets: number;
  readonly perSocket: number;
  readonly rounds: number;
}

/** After this the server has nothing left to do for those who have gone. */
const settleMs = 3_000;
const silenceMs = 10_000;

export async function churn(world: World, options: Churn): Promise<WorkloadResult> {
  const { emulator, server, clients } = world;
  const jobs = await emulator.seed(options);
  await clients.know(jobs.map(({ id }) => id));
  // What is made once and kept, such as compiled documents and the last state of each job, is no leak.
  for (let round = 0; round < 2; round += 1) await storm(world, options, jobs);
  await sleep(settleMs);
  const before = await server.memory();

  const startedAt = performance.now();
  for (let round = 0; round < options.rounds; round += 1) await storm(world, options, jobs);
  const tookMs = performance.now() - startedAt;
  await sleep(settleMs);
  const after = await server.memory();
  await emulator.forgetRequests();
  await sleep(silenceMs);
  const reads = Object.values(await emulator.requests()).reduce((sum, count) => sum + count, 0);
  const { faults } = await clients.status();
  const subscribed = options.rounds * options.sockets * options.perSocket * 1.5;
  return {
    faults,
    metrics: [
      metric('connections made and ended', options.rounds * options.sockets, ''),
      metric('subscriptions opened', subscribed, ''),
      metric('subscriptions opened', (1_000 * subscribed) / tookMs, '/s'),
      metric('heap after GC, before', before.heapBytes / 2 ** 20, 'MB'),
      metric('heap after GC, growth', (after.heapBytes - before.heapBytes) / 2 ** 20, 'MB', { atMost: 2 }),
      metric('RSS growth', (after.rssBytes - before.rssBytes) / 2 ** 20, 'MB'),
      metric('upstream reads in the 10 s after', reads, '', { atMost: 0 }),
    ],
  };
}

/** All come and subscribe; half the subscriptions are left and opened anew; then everybody goes, half without a word. */
async function storm({ server, clients }: World, options: Churn, jobs: readonly SeededJob[]): Promise<void> {
  const all = planned(options.sockets, options.perSocket, jobs);
  const left = all.filter(({ index }) => index % 2 === 0);
  const again = left.map((each): Subscription => ({ ...each, index: each.index + all.length }));
  await clients.connect(server.url, options.sockets);
  await clients.subscribe(watchDocument, all);
  await sleep(200);
  await clients.unsubscribe(left);
  await clients.subscribe(watchDocument, again);
  await sleep(200);
  await clients.disconnect();
  await clients.take();
}
