/** The figures of a cell (one contender in one row), for a round and over all rounds. */
import { type Better, percentile } from '../harness/metrics.ts';
import type { LoadReport } from '../requests/load.ts';

/** In the order of the table's columns. */
export const figures = {
  rate: { title: 'answered', unit: '/s', better: 'more' },
  cpu: { title: 'CPU a request', unit: 'ms', better: 'less' },
  p50: { title: 'p50', unit: 'ms', better: 'less' },
  p99: { title: 'p99', unit: 'ms', better: 'less' },
  calls: { title: 'calls a request', unit: '', better: 'less' },
  refused: { title: 'refused', unit: '%', better: undefined },
  failed: { title: 'failed', unit: '%', better: 'less' },
  peak: { title: 'peak', unit: '/s', better: 'more' },
  generator: { title: 'generator', unit: '% of a core', better: undefined },
  emulator: { title: 'emulator', unit: '% of a core', better: undefined },
} as const satisfies Readonly<
  Record<string, { readonly title: string; readonly unit: string; readonly better: Better | undefined }>
>;

export type FigureName = keyof typeof figures;

/** Null or absent where there was nothing to measure. */
export type Figures = Readonly<Partial<Record<FigureName, number | null>>>;

export const figureNames = Object.keys(figures).filter((name): name is FigureName => name in figures);

/** The difference between the readings before and after a load. */
export interface Readings {
  /** CPU time of the contender and the emulator during `elapsedMs`. */
  readonly serverCpuMs: number;
  readonly emulatorCpuMs: number;
  readonly elapsedMs: number;
  /** Calls that reached the emulator. */
  readonly calls: number;
}

/** A load above capacity: answers that took longer than `patienceMs` count as failed. */
export interface Excess {
  readonly patienceMs: number;
  readonly sentForMs: number;
  /** The contender's throughput, per second, just before, without excess. */
  readonly peak: number;
}

/** The figures of one round. CPU time and calls are divided by the number of good answers. */
export function figuresOf(report: LoadReport, readings: Readings, excess?: Excess): Figures {
  const { tookMs, failures } = report;
  const good = excess === undefined ? tookMs : tookMs.filter((ms) => ms <= excess.patienceMs);
  const refused = failures['status 503'] ?? 0;
  const asked = tookMs.length + Object.values(failures).reduce((sum, count) => sum + count, 0);
  const share = (count: number) => (asked === 0 ? null : (100 * count) / asked);
  const each = (total: number) => (good.length === 0 ? null : total / good.length);
  return {
    rate: (1_000 * good.length) / (excess?.sentForMs ?? report.durationMs),
    cpu: each(readings.serverCpuMs),
    p50: percentile(good, 0.5),
    p99: percentile(good, 0.99),
    calls: each(readings.calls),
    refused: share(refused),
    failed: share(asked - good.length - refused),
    peak: excess?.peak ?? null,
    generator: (100 * report.cpuMs) / report.durationMs,
    emulator: (100 * readings.emulatorCpuMs) / readings.elapsedMs,
  };
}
