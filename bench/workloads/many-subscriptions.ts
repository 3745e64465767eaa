/** Many subscriptions on many jobs, each of which goes its whole way: who is told what, how late, and at what cost. */
import type { StateName } from '../harness/client-protocol.ts';
import { type Delivery, deliveriesIn, verdictOn } from '../harness/deliveries.ts';
import type { SeededJob, Step } from '../harness/emulator-control.ts';
import { type Metric, metric, percentile } from '../harness/metrics.ts';
import { planned, watchDocument } from '../harness/subscription-plan.ts';
import { counted, sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';
import type { World } from '../harness/world.ts';

export interface ManySubscriptions {
  readonly dataExchange: number;
  readonly importExport: number;
  readonly sockets: number;
  readonly perSocket: number;
  /** The stretch over which upstream reads are counted while nobody comes and nothing changes. */
  readonly quietIntervals: number;
  /** How long all subscribers may take to have their first event, and their last one. */
  readonly limitMs: number;
}

const course: readonly StateName[] = ['WAITING', 'IN_PROGRESS', 'COMPLETED'];

/** Jobs on one page of a list of Data Exchange: the least that is read of a service whose lists hold the states. */
const pageSize = 200;

export async function manySubscriptions(world: World, options: ManySubscriptions): Promise<WorkloadResult> {
  const { emulator, server, clients, polling } = world;
  const subscriptions = options.sockets * options.perSocket;
  const jobs = await emulator.seed(options);
  await sleep(1_000);
  const idle = await server.memory();

  const startedAt = performance.now();
  await clients.know(jobs.map(({ id }) => id));
  await clients.connect(server.url, options.sockets);
  const connectedMs = performance.now() - startedAt;
  await clients.subscribe(watchDocument, planned(options.sockets, options.perSocket, jobs));
  await eventsReached(world, subscriptions, options.limitMs);
  const subscribedMs = performance.now() - startedAt - connectedMs;

  // The first round of polls after the rush is not yet a quiet one.
  await sleep(2 * polling.intervalMs);
  const busy = await server.memory();
  const upstream = await upstreamReads(world, options);
  const moved = await moveAll(world, jobs);
  await eventsReached(world, course.length * subscriptions, options.limitMs);
  await sleep(polling.intervalMs);

  const status = await clients.status();
  const deliveries = [...deliveriesIn(await clients.take())];
  const verdict = verdictOn(deliveries, subscriptions, course);
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

function eventsReached({ clients, server, polling }: World, count: number, limitMs: number): Promise<boolean> {
  const events = async (): Promise<number> => {
    server.assertAlive();
    return (await clients.status()).events;
  };
  return counted(events, count, { limitMs, stallMs: 3 * polling.intervalMs + 5_000 });
}

/** Reads per interval, against one for each page of Data Exchange jobs and one for each Import/Export job. */
async function upstreamReads(
  { emulator, emulatorServer, server, polling }: World,
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

/** When each job was moved to each state, by its place among the jobs. */
type Moves = ReadonlyMap<StateName, readonly number[]>;

/** Each round is spread over an interval; no job leaves a state before two intervals and some have passed. */
async function moveAll({ emulator, polling }: World, jobs: readonly SeededJob[]): Promise<Moves> {
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
