/** A workload of a suite: how it is run and reported. */
import { loadavg } from 'node:os';
import type { Metric } from './metrics.ts';
import type { WorkloadReport } from './report.ts';
import { type Testbed, type TestbedOptions, withTestbed } from './testbed.ts';

export interface WorkloadResult {
  readonly metrics: readonly Metric[];
  readonly faults: ReadonlyMap<string, number>;
  /** Periodic samples, for graphs. */
  readonly samples?: readonly Readonly<Record<string, number>>[];
}

export interface Workload {
  readonly name: string;
  /** The measured server: the gateway, or a peer. */
  readonly subject: string;
  readonly settings: Readonly<Record<string, number | string>>;
  readonly testbed: TestbedOptions;
  readonly run: (testbed: Testbed) => Promise<WorkloadResult>;
}

/** Never rejects: a workload that fails is reported with its failure. */
export async function reportOf({ name, subject, settings, testbed, run }: Workload): Promise<WorkloadReport> {
  const startedAt = performance.now();
  const about = {
    workload: name,
    subject,
    loadBefore: loadavg()[0] ?? 0,
    settings: { ...settings, ...testbed.polling, clientProcesses: testbed.clientProcesses },
  };
  try {
    const { metrics, faults, samples, complaints } = await withTestbed(testbed, async (built) => {
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

/** Stack trace lines belong to the line before them, and operation records are expected. */
function counted(complaints: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of complaints.filter((each) => !/^\s|^\{"level":"info"/.test(each) && each !== '')) {
    counts[`server: ${line}`] = (counts[`server: ${line}`] ?? 0) + 1;
  }
  return counts;
}
