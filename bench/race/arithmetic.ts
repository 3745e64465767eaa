/** Medians over rounds, and ratios to the best peer. */
import { type Figures, figureNames } from './figures.ts';

/** For an even number of values the mean of the middle two; null if there are none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const below = sorted[Math.ceil(sorted.length / 2) - 1];
  const above = sorted[Math.floor(sorted.length / 2)];
  return below === undefined || above === undefined ? null : (below + above) / 2;
}

/** The median of each figure over the rounds in which it was measured. */
export function medians(rounds: readonly Figures[]): Figures {
  return Object.fromEntries(
    figureNames.map((name) => [
      name,
      median(rounds.map((round) => round[name] ?? null).filter((value) => value !== null)),
    ]),
  );
}

export interface Cost {
  readonly isPeer: boolean;
  /** CPU time per request. */
  readonly cpuMs: number | null;
}

/** The ratio of each cost to the lowest of any peer; null where either is unknown. */
export function ratiosToBestPeer(costs: readonly Cost[]): readonly (number | null)[] {
  const known = costs.flatMap(({ isPeer, cpuMs }) => (isPeer && cpuMs !== null ? [cpuMs] : []));
  const best = Math.min(...known);
  return costs.map(({ cpuMs }) => (cpuMs === null || known.length === 0 ? null : cpuMs / best));
}
