/** One workload of a suite, and how it is run and reported. */
import { loadavg } from 'node:os';
import type { Metric } from './metrics.ts';
import type { WorkloadReport } from './report.ts';
import { inWorld, type World, type WorldOptions } from './world.ts';

export interface WorkloadResult {
  readonly metrics: readonly Metric[];
  readonly faults: ReadonlyMap<string, number>;
  /** What was read from time to time, for graphs. */
  readonly samples?: readonly Readonly<Record<string, number>>[];
}

export interface Workload {
  readonly name: string;
  /** What is measured: the gateway, or a peer. */
  readonly subject: string;
  readonly settings: Readonly<Record<string, number | string>>;
  readonly world: WorldOptions;
  readonly run: (world: World) => Promise<WorkloadResult>;
}

/** Never rejects: a workload that cannot be run is reported as such. */
export async function reportOf({ name, subject, settings, world, run }: Workload): Promise<WorkloadReport> {
  const startedAt = performance.now();
  const about = {
    workload: name,
    subject,
    loadBefore: loadavg()[0] ?? 0,
    settings: { ...settings, ...world.polling, clientProcesses: world.clientProcesses },
  };
  try {
    const { metrics, faults, samples, complaints } = await inWorld(world, async (built) => {
      const result = await run(built);
      return { ...result, complaints: built.server.complaints };
    });
    return {
      ...about,
      tookMs: Math.round(performance.now() - startedAt),
      metrics,
      faults: { ...Object.fromEntries(faults), ...counted(complaints) },
      ...(samples && { samples }),
    };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { ...about, tookMs: Math.round(performance.now() - startedAt), metrics: [], faults: {}, failure };
  }
}

/** Lines of a stack trace belong to the line above them, and records of operations are no complaints. */
function counted(complaints: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of complaints.filter((each) => !/^\s|^\{"level":"info"/.test(each) && each !== '')) {
    counts[`server: ${line}`] = (counts[`server: ${line}`] ?? 0) + 1;
  }
  return counts;
}
