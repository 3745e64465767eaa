/** One job that all subscribers watch: the time from the poll that observed a change until the last subscriber has it. */
import { type Delivery, deliveriesIn } from '../harness/deliveries.ts';
import { metric, percentile } from '../harness/metrics.ts';
import { planned, watchDocument } from '../harness/subscription-plan.ts';
import type { Testbed } from '../harness/testbed.ts';
import { reached, sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export interface OneJob {
  readonly sockets: number;
  readonly perSocket: number;
  readonly changes: number;
  readonly limitMs: number;
}

export async function oneJob(
  { emulator, server, clients, polling }: Testbed,
  options: OneJob,
): Promise<WorkloadResult> {
  const subscriptions = options.sockets * options.perSocket;
  const jobs = await emulator.seed({ dataExchange: 1, importExport: 0 });
  const [job] = jobs;
  if (job === undefined) throw new Error('expected a seeded job, received none');
  await clients.setJobs([job.id]);
  await clients.connect(server.url, options.sockets);
  await clients.subscribe(watchDocument, planned(options.sockets, options.perSocket, jobs));
  const hasAll = (): Promise<boolean> =>
    reached(async () => (await clients.status()).events >= subscriptions, options.limitMs);
  await hasAll();
  await clients.take();

  const spreads: number[] = [];
  let lost = 0;
  for (let change = 0; change < options.changes; change += 1) {
    await emulator.move(job, change % 2 === 0 ? 'IN_PROGRESS' : 'WAITING');
    await hasAll();
    // Duplicates arrive by then.
    await sleep(polling.intervalMs);
    const deliveries = [...deliveriesIn(await clients.take())];
    lost += Math.abs(subscriptions - deliveries.length);
    spreads.push(spreadOf(deliveries));
  }
  const { faults, cpuMs } = await clients.status();
  const median = percentile(spreads, 0.5);
  return {
    faults,
    metrics: [
      metric('changes', options.changes, ''),
      metric('events lost or duplicated', lost, '', { atMost: 0 }),
      metric('poll to last subscriber, median', median, 'ms', { atMost: 500 }),
      metric('poll to last subscriber, worst', Math.max(...spreads), 'ms'),
      metric('deliveries', median === null ? null : (1_000 * subscriptions) / median, '/s', { atLeast: 20_000 }),
      metric('CPU of all clients', cpuMs / 1_000, 's'),
    ],
  };
}

/** From `observedAt`, the time of the poll, to the last receipt. */
function spreadOf(deliveries: readonly Delivery[]): number {
  const observedAt = deliveries.reduce((least, each) => Math.min(least, each.observedAt), Number.POSITIVE_INFINITY);
  return deliveries.reduce((most, each) => Math.max(most, each.receivedAt), 0) - observedAt;
}
