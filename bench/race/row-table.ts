/** Prints a row as a table. */
import { type Cell, type Summary, summariesOf } from './cells.ts';
import { type FigureName, type Figures, figures } from './figures.ts';
import type { Row } from './rows.ts';

/** In percent of a core. Above it the generator or the emulator may have limited the rate. */
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

/** A line for each cell. Columns with nothing to show are left out. */
export function tableOf({ number, name, alwaysShowsRefusals = false }: Row, cells: readonly Cell[]): string {
  const summaries = summariesOf(cells);
  const isShown = (column: FigureName): boolean =>
    (column === 'refused' && alwaysShowsRefusals) || summaries.some((summary) => (summary.figures[column] ?? 0) > 0);
  const shown = columns.filter(isShown);
  const heads = shown.map((column) => `${figures[column].title} ${figures[column].unit}`.trim());
  const table = [['', ...heads, 'CPU ÷ best peer'], ...summaries.map((summary) => lineOf(summary, shown))];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => widthOf(line, column)))) ?? [];
  const padded = table.map((line) => `  ${line.map((text, column) => padOf(text, column, widths, line)).join('  ')}`);
  const used = new Set(summaries.flatMap(({ figures: values }) => marksOf(values)));
  const notes = [...used].map(({ mark, note }) => `  ${mark} ${note}`);
  return [`\n${number}  ${name}`, ...padded.map((line) => line.trimEnd()), ...notes].join('\n');
}

function lineOf({ cell, figures: values, ratio }: Summary, shown: readonly FigureName[]): readonly string[] {
  const name = [cell.contender, ...marksOf(values).map(({ mark }) => mark)].join(' ');
  if (cell.failure !== undefined) return [name, `! ${cell.failure}`];
  if (cell.absence !== undefined) return [name, `n/a: ${cell.absence}`];
  return [name, ...shown.map((column) => shortened(values[column])), shortened(ratio)];
}

function marksOf(values: Figures) {
  return marks.filter(({ name }) => (values[name] ?? 0) > busy);
}

/** The reason for a missing result replaces all figures and does not widen any column. */
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
