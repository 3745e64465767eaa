/** The results of a row, and their reports for the result file. */
import { compared, metric } from '../harness/metrics.ts';
import type { WorkloadReport } from '../harness/report.ts';
import { medians, ratiosToBestPeer } from './arithmetic.ts';
import { type Figures, figureNames, figures } from './figures.ts';
import type { Round } from './measuring.ts';
import type { Row } from './rows.ts';

export interface Cell {
  readonly contender: string;
  readonly isPeer: boolean;
  /** The rounds before a failure; empty if the contender is absent. */
  readonly rounds: readonly Round[];
  /** Why the contender does not run this row. */
  readonly absence?: string;
  /** The message of the error that stopped it. */
  readonly failure?: string;
  readonly tookMs: number;
  readonly loadBefore: number;
}

export interface Summary {
  readonly cell: Cell;
  readonly figures: Figures;
  readonly ratio: number | null;
}

/** A summary of each of `cells`; ratios are within the row. */
export function summariesOf(cells: readonly Cell[]): readonly Summary[] {
  const all = cells.map((cell) => medians(cell.rounds.map((round) => round.figures)));
  const ratios = ratiosToBestPeer(cells.map(({ isPeer }, index) => ({ isPeer, cpuMs: all[index]?.cpu ?? null })));
  return cells.map((cell, index) => ({ cell, figures: all[index] ?? {}, ratio: ratios[index] ?? null }));
}

/** Only Waybill's own figures are checked for regressions between runs. */
export function reportsOf(
  row: Row,
  cells: readonly Cell[],
  settings: WorkloadReport['settings'],
): readonly WorkloadReport[] {
  return summariesOf(cells).map(({ cell, figures: values, ratio }) => {
    const metrics = figureNames.map((name) => {
      const { title, unit, better } = figures[name];
      const figure = metric(title, values[name] ?? null, unit);
      return cell.contender.startsWith('waybill') && better !== undefined ? compared(figure, better) : figure;
    });
    return {
      workload: `${row.number} ${row.name}`,
      subject: cell.contender,
      settings,
      tookMs: Math.round(cell.tookMs),
      loadBefore: cell.loadBefore,
      metrics: [...metrics, metric('CPU ÷ best peer', ratio, 'x')],
      faults: faultsOf(cell.rounds),
      ...(cell.absence !== undefined && { absence: cell.absence }),
      ...(cell.failure !== undefined && { failure: cell.failure }),
    };
  });
}

function faultsOf(rounds: readonly Round[]): Readonly<Record<string, number>> {
  const faults: Record<string, number> = {};
  for (const { failures } of rounds)
    for (const [text, count] of Object.entries(failures)) faults[text] = (faults[text] ?? 0) + count;
  return faults;
}
