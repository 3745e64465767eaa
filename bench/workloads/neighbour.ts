/** One caller within its rate, first without and then with another at a hundred times that rate. */
import { join } from 'node:path';
import { type Metric, metric, percentile } from '../harness/metrics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { WorkerProcess } from '../harness/worker-process.ts';
import type { WorkloadResult } from '../harness/workload.ts';
import { gatewayCalls } from '../requests/calls.ts';
import { faultsOf, type LoadCommand, type LoadReport } from '../requests/load.ts';

export interface Neighbour {
  readonly perSecond: number;
  readonly floodPerSecond: number;
  readonly phaseMs: number;
}

/** One caller for each phase, as the budget of one would have to last for all phases. */
export const neighbourNames = ['warm', 'alone', 'beside', 'flood'] as const;

export type NeighbourName = (typeof neighbourNames)[number];

export async function neighbour(
  testbed: Testbed,
  { perSecond, floodPerSecond, phaseMs }: Neighbour,
  tokenOf: (name: NeighbourName) => string,
): Promise<WorkloadResult> {
  const script = join(import.meta.dirname, '..', 'requests', 'load-process.js');
  const quiet = new WorkerProcess<LoadCommand, LoadReport>(script);
  const loud = new WorkerProcess<LoadCommand, LoadReport>(script);
  const { emulator, server } = testbed;
  const jobs = await emulator.seed({ dataExchange: 100, importExport: 0 });
  const { origin } = new URL(server.url);
  const send = (callers: typeof quiet, name: NeighbourName, rate: number) => {
    const calls = gatewayCalls(server.url, jobs, tokenOf(name));
    return callers.ask({ do: 'steadily', origin, calls, perSecond: rate, durationMs: phaseMs });
  };
  const calls = async (): Promise<number> =>
    Object.values(await emulator.requests()).reduce((sum, count) => sum + count, 0);
  try {
    await send(quiet, 'warm', perSecond);
    await emulator.forgetRequests();
    const alone = await send(quiet, 'alone', perSecond);
    const callsAlone = await calls();
    await emulator.forgetRequests();
    const [beside, flood] = await Promise.all([send(quiet, 'beside', perSecond), send(loud, 'flood', floodPerSecond)]);
    const callsBeside = await calls();
    return {
      metrics: metricsOf(alone, beside, flood, { callsAlone, callsBeside }),
      faults: faultsOf({ alone, beside }),
    };
  } finally {
    quiet.stop();
    loud.stop();
  }
}

function metricsOf(
  alone: LoadReport,
  beside: LoadReport,
  flood: LoadReport,
  { callsAlone, callsBeside }: { readonly callsAlone: number; readonly callsBeside: number },
): readonly Metric[] {
  const failed = ({ failures }: LoadReport): number => Object.values(failures).reduce((sum, count) => sum + count, 0);
  const slower = (share: number): number =>
    100 * ((percentile(beside.tookMs, share) ?? Number.NaN) / (percentile(alone.tookMs, share) ?? Number.NaN) - 1);
  return [
    metric('the flood: requests', (1_000 * (flood.tookMs.length + failed(flood))) / flood.durationMs, '/s'),
    metric('the flood: refused', failed(flood), ''),
    metric(
      'calls to the service beyond those of who was answered',
      callsBeside - callsAlone - flood.tookMs.length,
      '',
      {
        atMost: 0,
      },
    ),
    metric('the other: failed', failed(alone) + failed(beside), '', { atMost: 0 }),
    metric('the other: p50 alone', percentile(alone.tookMs, 0.5), 'ms'),
    metric('the other: p50 beside', percentile(beside.tookMs, 0.5), 'ms'),
    metric('the other: p99 alone', percentile(alone.tookMs, 0.99), 'ms'),
    metric('the other: p99 beside', percentile(beside.tookMs, 0.99), 'ms'),
    metric('the other: p50, slower by', slower(0.5), '%', { atMost: 10 }),
    metric('the other: p99, slower by', slower(0.99), '%'),
  ];
}
