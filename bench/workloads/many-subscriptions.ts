/** Many subscriptions to many jobs that run to their end: completeness, latency and cost. */
import type { StateName } from '../harness/client-protocol.ts';
import { type Delivery, deliveriesIn, verdictOn } from '../harness/deliveries.ts';
import type { SeededJob, Step } from '../harness/emulator-control.ts';
import { type Metric, metric, percentile } from '../harness/metrics.ts';
import { planned, watchDocument } from '../harness/subscription-plan.ts';
import type { Testbed } from '../harness/testbed.ts';
import { counted, sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export interface ManySubscriptions {
  readonly dataExchange: number;
  readonly importExport: number;
  readonly sockets: number;
  readonly perSocket: number;
  /** The period in which upstream reads are counted, without new clients or changes. */
  readonly quietIntervals: number;
  /** The time in which all subscribers must have their first event, and their last one. */
  readonly limitMs: number;
}

const jobStates: readonly StateName[] = ['WAITING', 'IN_PROGRESS', 'COMPLETED'];

/** Jobs on one page of Data Exchange, the minimal read of a service whose lists contain the states. */
const pageSize = 200;

export async function manySubscriptions(testbed: Testbed, options: ManySubscriptions): Promise<WorkloadResult> {
  const { emulator, server, clients, polling } = testbed;
  const subscriptions = options.sockets * options.perSocket;
  const jobs = await emulator.seed(options);
  await sleep(1_000);
  const idle = await server.memory();

  const startedAt = performance.now();
  await clients.setJobs(jobs.map(({ id }) => id));
  await clients.connect(server.url, options.sockets);
  const connectedMs = performance.now() - startedAt;
  await clients.subscribe(watchDocument, planned(options.sockets, options.perSocket, jobs));
  await eventsReached(testbed, subscriptions, options.limitMs);
  const subscribedMs = performance.now() - startedAt - connectedMs;

  // The first polls after the connects are not quiet yet.
  await sleep(2 * polling.intervalMs);
  const busy = await server.memory();
  const upstream = await upstreamReads(testbed, options);
  const moved = await moveAll(testbed, jobs);
  await eventsReached(testbed, jobStates.length * subscriptions, options.limitMs);
  await sleep(polling.intervalMs);

  const status = await clients.status();
  const deliveries = [...deliveriesIn(await clients.take())];
  const verdict = verdictOn(deliveries, subscriptions, jobStates);
  const latencies = latenciesOf(deliveries, moved);
  const latencyGoal = { atMost: polling.intervalMs + 250 };
  return {
    faults: status.faults,
    metrics: [
      metric('sockets connected', status.connected, '', { atLeast: options.sockets }),
      metric('time to connect them', connectedMs / 1_000, 's'),
      metric('time to all first events', subscribedMs / 1_000, 's'),
      metric(
        'faults',
        [...status.faults.values()].reduce((sum, count) => sum + count, 0),
        '',
        { atMost: 0 },
      ),
      metric('events lost', verdict.lost, '', { atMost: 0 }),
      metric('events duplicated', verdict.duplicated, '', { atMost: 0 }),
      metric('events reordered', verdict.reordered, '', { atMost: 0 }),
      metric('streams that did not complete', subscriptions - status.completed, '', { atMost: 0 }),
      metric('RSS', busy.rssBytes / 2 ** 20, 'MB', { atMost: 512 }),
      metric('RSS per subscription', (busy.rssBytes - idle.rssBytes) / 1_024 / subscriptions, 'kB'),
      metric('heap after GC per subscription', (busy.heapBytes - idle.heapBytes) / 1_024 / subscriptions, 'kB'),
      ...upstream,
      metric('change to client, p50', percentile(latencies, 0.5), 'ms'),
      metric('change to client, p99', percentile(latencies, 0.99), 'ms', latencyGoal),
    ],
  };
}

function eventsReached({ clients, server, polling }: Testbed, count: number, limitMs: number): Promise<boolean> {
  const events = async (): Promise<number> => {
    server.assertAlive();
    return (await clients.status()).events;
  };
  return counted(events, count, { limitMs, stallMs: 3 * polling.intervalMs + 5_000 });
}

/** Reads per interval, compared with one for each page of Data Exchange jobs and one for each Import/Export job. */
async function upstreamReads(
  { emulator, emulatorServer, server, polling }: Testbed,
  { dataExchange, importExport, quietIntervals }: ManySubscriptions,
): Promise<readonly Metric[]> {
  const cpuBefore = [await server.memory(), await emulatorServer.memory()];
  await emulator.forgetRequests();
  const startedAt = performance.now();
  await sleep(quietIntervals * polling.intervalMs);
  const counts = Object.entries(await emulator.requests());
  const elapsedMs = performance.now() - startedAt;
  const cpuAfter = [await server.memory(), await emulatorServer.memory()];
  const [serverCpu, emulatorCpu] = cpuAfter.map(({ cpuMs }, index) => cpuMs - (cpuBefore[index]?.cpuMs ?? 0));
  const cpuShare = (cpuMs = 0): number => (100 * cpuMs) / elapsedMs;
  const perInterval = (service: string): number => {
    const reads = counts.filter(([name]) => name.startsWith(service)).reduce((sum, [, count]) => sum + count, 0);
    return (reads * polling.intervalMs) / elapsedMs;
  };
  const pages = Math.ceil(dataExchange / pageSize);
  const total = perInterval('');
  return [
    metric('server CPU while quiet', cpuShare(serverCpu), '%'),
    metric('emulator CPU while quiet', cpuShare(emulatorCpu), '%'),
    metric(`Data Exchange reads per interval, of ${pages} pages`, perInterval('DataExchange.'), ''),
    metric(`Import/Export reads per interval, of ${importExport} jobs`, perInterval('ImportExport.'), ''),
    metric('reads per page or job and interval', total / (pages + importExport), '', { atMost: 1.05 }),
  ];
}

/** When each job was moved to each state, by the index of the job. */
type Moves = ReadonlyMap<StateName, readonly number[]>;

/** Each round is spread over an interval; a job stays in a state for more than two intervals. */
async function moveAll({ emulator, polling }: Testbed, jobs: readonly SeededJob[]): Promise<Moves> {
  const moves = new Map<StateName, readonly number[]>();
  const steps: readonly Step[] = ['IN_PROGRESS', 'COMPLETED'];
  for (const step of steps) {
    const startedAt = performance.now();
    const movedAt: number[] = [];
    for (const [index, job] of jobs.entries()) {
      const waitMs = startedAt + (index / jobs.length) * polling.intervalMs - performance.now();
      if (waitMs > 1) await sleep(waitMs);
      movedAt.push(await emulator.move(job, step));
    }
    moves.set(step, movedAt);
    await sleep(2.5 * polling.intervalMs);
  }
  return moves;
}

function latenciesOf(deliveries: readonly Delivery[], moves: Moves): readonly number[] {
  return deliveries.flatMap(({ job, to, receivedAt }) => {
    const movedAt = to && moves.get(to)?.[job];
    return movedAt === undefined ? [] : [receivedAt - movedAt];
  });
}
