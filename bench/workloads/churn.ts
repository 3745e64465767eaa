/** Many connections and subscriptions that begin and end, and the memory that remains. */
import type { Subscription } from '../harness/client-protocol.ts';
import type { SeededJob } from '../harness/emulator-control.ts';
import { metric } from '../harness/metrics.ts';
import { planned, watchDocument } from '../harness/subscription-plan.ts';
import type { Testbed } from '../harness/testbed.ts';
import { sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export interface Churn {
  readonly dataExchange: number;
  readonly importExport: number;
  readonly sockets: number;
  readonly perSocket: number;
  readonly rounds: number;
}

/** After this the server has cleaned up after the clients. */
const settleMs = 3_000;
const silenceMs = 10_000;

export async function churn(testbed: Testbed, options: Churn): Promise<WorkloadResult> {
  const { emulator, server, clients } = testbed;
  const jobs = await emulator.seed(options);
  await clients.setJobs(jobs.map(({ id }) => id));
  // What is created once and cached, such as parsed documents and the last state of each job, is no leak.
  for (let round = 0; round < 2; round += 1) await storm(testbed, options, jobs);
  await sleep(settleMs);
  const before = await server.memory();

  const startedAt = performance.now();
  for (let round = 0; round < options.rounds; round += 1) await storm(testbed, options, jobs);
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

/**
 * All clients connect and subscribe; half of the subscriptions are completed and renewed; then all disconnect, half of
 * them without a close frame.
 */
async function storm({ server, clients }: Testbed, options: Churn, jobs: readonly SeededJob[]): Promise<void> {
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
