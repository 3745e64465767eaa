/** Readers that stop reading: their cost, when they are cut off, and the effect on other readers. */
import type { Subscription } from '../harness/client-protocol.ts';
import { deliveriesIn } from '../harness/deliveries.ts';
import { kernelSockets } from '../harness/kernel-sockets.ts';
import { metric, percentile } from '../harness/metrics.ts';
import { type Move, Mover } from '../harness/mover.ts';
import { planned, watchDocument, wideDocument } from '../harness/subscription-plan.ts';
import type { Testbed } from '../harness/testbed.ts';
import { reached, sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export interface SlowReaders {
  readonly slow: number;
  readonly healthy: number;
  readonly changeEveryMs: number;
  readonly beforeMs: number;
  readonly limitMs: number;
}

/** The time until hot code is compiled. */
const warmUpMs = 5_000;

const cutGoalMs = 25_000;

export async function slowReaders(testbed: Testbed, options: SlowReaders): Promise<WorkloadResult> {
  const { emulator, server, clients } = testbed;
  const jobs = await emulator.seed({ dataExchange: 1, importExport: 0 });
  const [job] = jobs;
  if (job === undefined) throw new Error('expected a seeded job, received none');
  await clients.setJobs([job.id]);
  await clients.connect(server.url, options.slow + options.healthy);
  const all = planned(options.slow + options.healthy, 1, jobs);
  const isSlow = ({ socket }: Subscription): boolean => socket < options.slow;
  await clients.subscribe(wideDocument, all.filter(isSlow));
  await clients.subscribe(
    watchDocument,
    all.filter((each) => !isSlow(each)),
  );
  await reached(async () => (await clients.status()).events >= all.length, options.limitMs);

  const mover = new Mover(emulator, job, options.changeEveryMs);
  await sleep(warmUpMs);
  await clients.take();
  const before = await server.memory();
  const rssBefore = await mostRssOver(testbed, options.beforeMs);
  const latenciesBefore = healthyLatencies(await clients.take(), mover.moves, options.slow);

  await clients.pauseFirst(options.slow);
  const stopped = await watchCutting(testbed, options);
  const latenciesDuring = healthyLatencies(await clients.take(), mover.moves, options.slow);
  await mover.stop();
  const after = await server.memory();
  const { faults, openSockets } = await clients.status();

  const p99Before = percentile(latenciesBefore, 0.99);
  const p99During = percentile(latenciesDuring, 0.99);
  const change = p99Before === null || p99During === null ? null : 100 * (p99During / p99Before - 1);
  const mb = (bytes: number): number => bytes / 2 ** 20;
  return {
    faults,
    metrics: [
      metric('sockets open at the clients', openSockets, ''),
      metric('RSS before, most', mb(rssBefore), 'MB'),
      metric('RSS growth, most', mb(stopped.mostRssBytes - rssBefore), 'MB', { atMost: 200 }),
      metric('RSS growth once cut', mb(after.rssBytes - before.rssBytes), 'MB'),
      metric('heap growth once cut', mb(after.heapBytes - before.heapBytes), 'MB'),
      metric('bytes held by the kernel, most', mb(stopped.mostQueuedBytes), 'MB'),
      metric('time until all are cut', stopped.cutMs === undefined ? null : stopped.cutMs / 1_000, 's', {
        atMost: cutGoalMs / 1_000,
      }),
      metric('not cut', stopped.left, '', { atMost: 0 }),
      metric('healthy events before', latenciesBefore.length, ''),
      metric('healthy events during', latenciesDuring.length, ''),
      metric('healthy latency p50 before', percentile(latenciesBefore, 0.5), 'ms'),
      metric('healthy latency p50 during', percentile(latenciesDuring, 0.5), 'ms'),
      metric('healthy latency p99 before', p99Before, 'ms'),
      metric('healthy latency p99 during', p99During, 'ms'),
      metric('healthy latency p99, change', change, '%', { atMost: 10 }),
    ],
  };
}

/** Both periods include uncollected garbage, so their maxima are compared. */
async function mostRssOver({ server }: Testbed, durationMs: number): Promise<number> {
  let most = 0;
  await reached(
    async () => {
      most = Math.max(most, server.rssBytes());
      return false;
    },
    durationMs,
    250,
  );
  return most;
}

interface Stopped {
  readonly cutMs: number | undefined;
  readonly left: number;
  readonly mostRssBytes: number;
  readonly mostQueuedBytes: number;
}

async function watchCutting({ server }: Testbed, options: SlowReaders): Promise<Stopped> {
  const startedAt = performance.now();
  let mostRssBytes = 0;
  let mostQueuedBytes = 0;
  let left = options.slow;
  let cutMs: number | undefined;
  const areAllCut = async (): Promise<boolean> => {
    server.assertAlive();
    const sockets = kernelSockets(server.port);
    mostRssBytes = Math.max(mostRssBytes, server.rssBytes());
    mostQueuedBytes = Math.max(mostQueuedBytes, sockets?.sendQueueBytes ?? 0);
    left = Math.max(0, (sockets?.established ?? 0) - options.healthy);
    if (left === 0) cutMs ??= performance.now() - startedAt;
    return left === 0;
  };
  await reached(areAllCut, options.limitMs, 250);
  return { cutMs, left, mostRssBytes, mostQueuedBytes };
}

/** From the last move to the state of an event before the gateway observed it. */
function healthyLatencies(
  recordings: readonly Float64Array[],
  moves: readonly Move[],
  slow: number,
): readonly number[] {
  return [...deliveriesIn(recordings)]
    .filter(({ subscription }) => subscription >= slow)
    .flatMap(({ to, observedAt, receivedAt }) => {
      const move = moves.findLast((each) => each.to === to && each.at <= observedAt);
      return move === undefined ? [] : [receivedAt - move.at];
    });
}
