/** Compares figures with the run that is stored in the repository. */
import { existsSync, readFileSync } from 'node:fs';
import type { Metric } from './metrics.ts';
import { resultsFile, type StoredResults, type WorkloadReport } from './report.ts';

/** More than two runs of one program on an idle machine differ. */
const tolerance = 0.1;

/** Undefined if no complete run of the suite is stored. */
export function storedRun(suite: string): StoredResults | undefined {
  const file = resultsFile(suite, false);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StoredResults) : undefined;
}

/** A line for each figure that is more than a tenth worse than in `stored`, and one about the comparison. */
export function changesSince(stored: StoredResults | undefined, reports: readonly WorkloadReport[]): readonly string[] {
  const known = new Map(stored?.rows.flatMap((row) => row.metrics.map((each) => [keyOf(row, each), each.value])));
  const figures = reports.flatMap((report) =>
    report.metrics
      .filter(({ better }) => better !== undefined)
      .map((each) => ({ each, report, before: known.get(keyOf(report, each)) ?? null })),
  );
  const comparable = figures.filter(({ before, each }) => before !== null && each.value !== null);
  if (stored === undefined || comparable.length === 0) return [];
  const worse = comparable.filter(({ each, before }) => worseBy(each, before ?? 0) > tolerance);
  const lines = worse.map(
    ({ each, report, before }) =>
      `  ! ${report.workload} · ${report.subject} · ${each.name}: ${each.value} ${each.unit}, where the stored run has ${before}`,
  );
  const heading = `${comparable.length} figures against the stored run of ${stored.date} (${stored.machine.cpuModel}, Node ${stored.machine.node})`;
  return [`${heading}: ${worse.length} more than ${100 * tolerance} % worse`, ...lines];
}

function keyOf({ workload, subject }: WorkloadReport, { name, unit }: Metric): string {
  return [workload, subject, name, unit].join('\0');
}

/** As a fraction of the stored value; below 0 if it is better. */
function worseBy({ value, better }: Metric, before: number): number {
  const now = value ?? 0;
  return better === 'more' ? before / now - 1 : now / before - 1;
}
