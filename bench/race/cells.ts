/** A row as it was run: its cells, in a table for people and as reports for the record. */
import { compared, metric } from '../harness/metrics.ts';
import type { WorkloadReport } from '../harness/report.ts';
import { medians, ratiosToBestPeer } from './arithmetic.ts';
import { type FigureName, type Figures, figureNames, figures } from './figures.ts';
import type { Round } from './measuring.ts';
import type { Row } from './rows.ts';

export interface Cell {
  readonly contender: string;
  readonly isPeer: boolean;
  /** Empty where there is an absence or a failure. */
  readonly rounds: readonly Round[];
  /** Why the contender cannot be asked this. */
  readonly absence?: string;
  /** What went wrong with it. */
  readonly failure?: string;
  readonly tookMs: number;
  readonly loadBefore: number;
}

/** In percent of a core. Above it what is beside the contender may have set the rate. */
const busy = 90;

const marks = [
  {
    mark: '*',
    name: 'generator',
    note: `the generator took more than ${busy} % of a core, and may have limited the rate`,
  },
  {
    mark: '+',
    name: 'emulator',
    note: `the emulator took more than ${busy} % of a core, and may have limited the rate`,
  },
] as const;

const columns = [
  'rate',
  'cpu',
  'p50',
  'p99',
  'calls',
  'refused',
  'failed',
  'peak',
] as const satisfies readonly FigureName[];

interface Summary {
  readonly cell: Cell;
  readonly figures: Figures;
  readonly ratio: number | null;
}

export function summariesOf(cells: readonly Cell[]): readonly Summary[] {
  const all = cells.map((cell) => medians(cell.rounds.map((round) => round.figures)));
  const ratios = ratiosToBestPeer(cells.map(({ isPeer }, index) => ({ isPeer, cpuMs: all[index]?.cpu ?? null })));
  return cells.map((cell, index) => ({ cell, figures: all[index] ?? {}, ratio: ratios[index] ?? null }));
}

export function tableOf({ number, name, tellsRefusals = false }: Row, cells: readonly Cell[]): string {
  const summaries = summariesOf(cells);
  const isTold = (column: FigureName): boolean =>
    (column === 'refused' && tellsRefusals) || summaries.some((summary) => (summary.figures[column] ?? 0) > 0);
  const shown = columns.filter(isTold);
  const heads = shown.map((column) => `${figures[column].title} ${figures[column].unit}`.trim());
  const lines = summaries.map(({ cell, figures: values, ratio }) => [
    [cell.contender, ...marksOf(values).map(({ mark }) => mark)].join(' '),
    ...(cell.rounds.length > 0
      ? [...shown.map((column) => shortened(values[column])), shortened(ratio)]
      : [cell.absence === undefined ? `! ${cell.failure}` : `n/a: ${cell.absence}`]),
  ]);
  const table = [['', ...heads, 'CPU ÷ best peer'], ...lines];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => widthOf(line, column)))) ?? [];
  const padded = table.map((line) => `  ${line.map((text, column) => padOf(text, column, widths, line)).join('  ')}`);
  const used = new Set(summaries.flatMap(({ figures: values }) => marksOf(values)));
  const notes = [...used].map(({ mark, note }) => `  ${mark} ${note}`);
  return [`\n${number}  ${name}`, ...padded.map((line) => line.trimEnd()), ...notes].join('\n');
}

function marksOf(values: Figures) {
  return marks.filter(({ name }) => (values[name] ?? 0) > busy);
}

/** A reason takes the place of all figures and widens no column. */
function widthOf(line: readonly string[], column: number): number {
  return line.length === 2 && column === 1 ? 0 : (line[column] ?? '').length;
}

function padOf(text: string, column: number, widths: readonly number[], line: readonly string[]): string {
  const width = widths[column] ?? 0;
  return column === 0 || line.length === 2 ? text.padEnd(width) : text.padStart(width);
}

function shortened(value: number | null | undefined): string {
  if (value === null || value === undefined) return '-';
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });
}

/** Only Waybill's own figures must not grow worse from run to run. */
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
