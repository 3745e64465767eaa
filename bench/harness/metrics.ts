/** The figures of a workload, some of them with a goal. */

export type Goal = { readonly atMost: number } | { readonly atLeast: number };

export interface Metric {
  readonly name: string;
  /** Null if there was nothing to measure. */
  readonly value: number | null;
  readonly unit: string;
  readonly goal?: Goal;
  /** False also for a goal without a value. Absent without a goal. */
  readonly isMet?: boolean;
  /** For figures that are compared with the stored run: which direction is better. */
  readonly better?: Better;
}

export type Better = 'less' | 'more';

export function metric(name: string, value: number | null, unit: string, goal?: Goal): Metric {
  const rounded = value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(4));
  if (goal === undefined) return { name, value: rounded, unit };
  return { name, value: rounded, unit, goal, isMet: value !== null && isWithin(value, goal) };
}

/** A figure that must not become worse from run to run. */
export function compared(figure: Metric, better: Better): Metric {
  return { ...figure, better };
}

function isWithin(value: number, goal: Goal): boolean {
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

/** The value below which the `share` (0 to 1) of `values` is, by nearest rank; null if there are none. */
export function percentile(values: ArrayLike<number>, share: number): number | null {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
