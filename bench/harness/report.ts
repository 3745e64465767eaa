/** Reports the figures of a run: a table for people, a JSON file for the record. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { Goal, Metric } from './metrics.ts';

export interface WorkloadReport {
  readonly workload: string;
  readonly subject: string;
  /** The settings of the workload. */
  readonly settings: Readonly<Record<string, number | string>>;
  readonly tookMs: number;
  /** The load average before the run, from other programs. */
  readonly loadBefore: number;
  readonly metrics: readonly Metric[];
  /** Faults at a client or a server, with their number. */
  readonly faults: Readonly<Record<string, number>>;
  /** Periodic samples, for graphs. */
  readonly samples?: readonly Readonly<Record<string, number>>[];
  /** Why the workload did not complete. */
  readonly failure?: string;
  /** Why the subject takes no part in the workload, where it need not. */
  readonly absence?: string;
  /** Set if the workload was run separately and added to a stored run: its commit and date. */
  readonly apart?: Origin;
}

interface Origin {
  readonly date: string;
  readonly commit: string;
}

const root = join(import.meta.dirname, '..', '..', '..');

/** The content of a results file. */
export interface StoredResults {
  readonly suite: string;
  readonly isQuick: boolean;
  readonly date: string;
  readonly commit: string;
  readonly machine: ReturnType<typeof machine>;
  readonly rows: readonly WorkloadReport[];
}

export function resultsFile(suite: string, isQuick: boolean): string {
  return join(root, 'bench', 'results', `${suite}${isQuick ? '-quick' : ''}.json`);
}

export function writeResults(suite: string, isQuick: boolean, rows: readonly WorkloadReport[]): string {
  return written({ suite, isQuick, ...origin(), machine: machine(), rows });
}

/** Adds the separately run `rows` to `stored`: each replaces the row of its workload and subject, or is appended. */
export function addToResults(stored: StoredResults, rows: readonly WorkloadReport[]): string {
  const apart = origin();
  const added = rows.map((row) => ({ ...row, apart }));
  const keyOf = ({ workload, subject }: WorkloadReport): string => `${workload} ${subject}`;
  const replacing = new Map(added.map((row) => [keyOf(row), row]));
  const known = new Set(stored.rows.map(keyOf));
  const kept = stored.rows.map((row) => replacing.get(keyOf(row)) ?? row);
  return written({ ...stored, rows: [...kept, ...added.filter((row) => !known.has(keyOf(row)))] });
}

function origin(): Origin {
  return { date: new Date().toISOString(), commit: commit() };
}

function written(results: StoredResults): string {
  const file = resultsFile(results.suite, results.isQuick);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}

function machine() {
  return {
    cpus: availableParallelism(),
    cpuModel: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** With a mark if the tree differs by more than results; `unknown` outside a repository. */
function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '--', '.', ':!bench/results') === '' ? '' : ' with changes'}`;
  } catch {
    return 'unknown';
  }
}

export function tableOf(report: WorkloadReport): string {
  const title = `${report.workload} · ${report.subject} · ${(report.tookMs / 1_000).toFixed(0)} s · load before ${report.loadBefore.toFixed(1)}`;
  const width = Math.max(...report.metrics.map(({ name }) => name.length), 0);
  const lines = report.metrics.map(({ name, value, unit, goal, isMet }) =>
    `  ${name.padEnd(width)}  ${figure(value).padStart(10)} ${unit.padEnd(8)}${goal ? goalText(goal, isMet === true) : ''}`.trimEnd(),
  );
  const faults = Object.entries(report.faults).map(([text, count]) => `  ! ${count} x ${text.slice(0, 200)}`);
  const failure = report.failure === undefined ? [] : [`  ! could not be run: ${report.failure}`];
  return ['', title, ...lines, ...faults, ...failure, ''].join('\n');
}

/** Reports of one workload side by side, one column each; missed goals are marked. */
export function comparisonOf(reports: readonly WorkloadReport[]): string {
  const [first] = reports;
  const rows = (first?.metrics ?? []).map(({ name, unit, goal }, index) => {
    const cells = reports.map(({ metrics }) => cellOf(metrics[index]));
    return [`${name} (${unit})`, ...cells, goal ? goalText(goal, true).replace(/^met +goal /, '') : ''];
  });
  const lines = [[first?.workload ?? '', ...reports.map(({ subject }) => subject), 'goal'], ...rows];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellOf(metric: Metric | undefined): string {
  return metric === undefined ? '-' : `${figure(metric.value)}${metric.isMet === false ? ' MISSED' : ''}`;
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

function goalText(goal: Goal, isMet: boolean): string {
  const bound = 'atMost' in goal ? `≤ ${figure(goal.atMost)}` : `≥ ${figure(goal.atLeast)}`;
  return `${isMet ? 'met    ' : 'MISSED '} goal ${bound}`;
}
