/** One job watched by readers of one caller and then of many: the cost of separate callers per event. */
import { deliveriesIn } from '../harness/deliveries.ts';
import type { SeededJob } from '../harness/emulator-control.ts';
import { eventCounts } from '../harness/event-counts.ts';
import { type Metric, metric } from '../harness/metrics.ts';
import { planned, watchDocument } from '../harness/subscription-plan.ts';
import type { Testbed } from '../harness/testbed.ts';
import { reached, sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export interface ManyCallers {
  /** The number of sockets, and of callers if each has its own. */
  readonly sockets: number;
  readonly perSocket: number;
  /** An even number, after which the job has its first state again. */
  readonly changes: number;
  readonly limitMs: number;
}

export interface Crowd {
  /** A token for each socket. */
  readonly tokens: readonly string[];
  readonly metricsUrl: () => string;
}

export async function manyCallers(testbed: Testbed, options: ManyCallers, crowd: Crowd): Promise<WorkloadResult> {
  const [job] = await testbed.emulator.seed({ dataExchange: 1, importExport: 0 });
  if (job === undefined) throw new Error('expected a seeded job, received none');
  await testbed.clients.setJobs([job.id]);
  const [first = ''] = crowd.tokens;
  const once = { ...options, changes: 2 };
  // The time until hot code is compiled.
  await phase(testbed, once, { ...crowd, tokens: crowd.tokens.map(() => first) }, job);
  const one = await phase(testbed, options, { ...crowd, tokens: crowd.tokens.map(() => first) }, job);
  const many = await phase(testbed, options, crowd, job);
  const { faults } = await testbed.clients.status();
  return {
    faults,
    metrics: [
      ...metricsOf('one caller', one),
      ...metricsOf(`${options.sockets} callers`, many),
      metric('CPU an event, many callers over one', many.cpuMs / one.cpuMs, '×', { atMost: 1.2 }),
    ],
  };
}

interface Phase {
  readonly executions: number;
  readonly lost: number;
  readonly cpuMs: number;
}

function metricsOf(who: string, { executions, lost, cpuMs }: Phase): readonly Metric[] {
  return [
    metric(`${who}: executions an event`, executions, '', { atMost: 1 }),
    metric(`${who}: events lost or duplicated`, lost, '', { atMost: 0 }),
    metric(`${who}: CPU of the server an event`, cpuMs, 'ms'),
  ];
}

/** The figures per change, over `changes` of them. */
async function phase(
  { clients, emulator, server, polling }: Testbed,
  { sockets, perSocket, changes, limitMs }: ManyCallers,
  { tokens, metricsUrl }: Crowd,
  job: SeededJob,
): Promise<Phase> {
  const subscriptions = sockets * perSocket;
  await clients.connect(server.url, sockets, tokens);
  await clients.subscribe(watchDocument, planned(sockets, perSocket, [job]));
  const hasAll = (): Promise<boolean> => reached(async () => (await clients.status()).events >= subscriptions, limitMs);
  await hasAll();
  await clients.take();
  const countsBefore = await eventCounts(metricsUrl());
  const { cpuMs: cpuBefore } = await server.memory();
  let lost = 0;
  for (let change = 0; change < changes; change += 1) {
    await emulator.move(job, change % 2 === 0 ? 'IN_PROGRESS' : 'WAITING');
    await hasAll();
    // Duplicates arrive by then.
    await sleep(polling.intervalMs);
    lost += Math.abs(subscriptions - [...deliveriesIn(await clients.take())].length);
  }
  const { cpuMs } = await server.memory();
  const counts = await eventCounts(metricsUrl());
  await clients.disconnect();
  return {
    executions: (counts.executed - countsBefore.executed) / changes,
    lost,
    cpuMs: (cpuMs - cpuBefore) / changes,
  };
}
