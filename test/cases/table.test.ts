/** The table of cases against the catalogue, and against the tests and the benchmarks that there are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cases } from './table.ts';

/**
 * The ids of the classes of the catalogue, gaps in the numbering included.
 */
const catalogue = [
  'X01 X02 X03 X04 X05 X06 X08 X09 X10 X11 X12 X13 X14 X15 X18 X19 X20 X21 X23 X24 X25 X27 X29 X30',
  'J01 J03 J05 J06 J07 J10',
  'M01 M02 M03 M04 M05 M06 M08 M09 M10 M13 M14 M15 M16 M18 M19 M21 M22',
  'I01 I02 I03 I04 I05 I08 I09 I10 I11 I13 I14 I15 I16 I17 I18',
  'U01 U02 U03 U04 U05 U06 U07 U08 U09 U10 U12 U13 U15 U16 U17 U19 U21 U22 U23 U24',
  'P01 P03 P04 P05 P06 P08 P09 P10 P12 P13 P14 P15 P16',
  'W01 W02 W03 W04 W06 W08 W09 W10 W12 W13 W14 W16 W17 W18 W19 W20 W21 W22 W23 W24 W26 W27',
  'A02 A03 A04 A05 A06 A07 A08 A09 A11 A12 A14 A16 A17 A18 A19 A20 A21 A22',
  'T01 T02 T03 T05 T06 T07 T08 T09 T10 T12 T14 T15 T16 T17 T18',
  'H01 H02 H03 H04 H05 H06 H07 H08 H09 H10 H11 H12 H13 H15 H17 H18 H19 H20 H22 H23 H25 H26 H28 H30',
  'Q01 Q02 Q03 Q04 Q05 Q07 Q08 Q10 Q11 Q12 Q13 Q14 Q16 Q17 Q18 Q19 Q20 Q22 Q23 Q25',
  'S01 S02 S04 S05 S06 S07 S08 S09 S10 S11 S12 S14 S15 S16 S17 S18 S20 S21 S22',
  'R01 R02 R03 R04 R05 R06 R07 R09 R10 R11 R12 R13 R15 R16 R17 R18 R19 R20',
  'L01 L02 L03 L04 L06 L07 L08 L09 L10',
  'O01 O02 O03 O04 O06 O07 O08 O09 O10',
].flatMap((ids) => ids.split(' '));

const root = join(import.meta.dirname, '..');

const sources = new Map(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules') && file !== 'cases/table.test.ts')
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
);

/** The ids at the beginning of the titles in `source`, in tests, groups of tests, and the rows that become titles. */
function idsIn(source: string): ReadonlySet<string> {
  const beginnings = [...source.matchAll(/['"`]((?:[A-Z]\d{2}(?=[ '"`]) ?)+)/g)].map(([, ids = '']) => ids);
  return new Set(beginnings.flatMap((ids) => ids.trim().split(' ')).filter((id) => /^[XJMIUPWATHQSRLO]/.test(id)));
}

test('the table has every case of the classes once, and no other', () => {
  expect(cases.map(({ id }) => id)).toEqual(catalogue);
});

test.each(cases)('$id is told by a test in each file of its row', ({ id, files, measured = [], instead }) => {
  expect(files.length + measured.length > 0).toBe(instead === undefined);
  for (const file of files)
    expect([file, [...idsIn(sources.get(file) ?? '')]]).toEqual([file, expect.arrayContaining([id])]);
});

test.each([...sources])('the table knows each case that %s tells of', (file, source) => {
  const rows = cases.filter(({ files }) => files.includes(file)).map(({ id }) => id);
  expect(rows.toSorted()).toEqual([...idsIn(source)].toSorted());
});

const bench = join(root, '..', 'bench');

test.each(cases.filter(({ measured }) => measured !== undefined))('$id is measured where its row says', (row) => {
  for (const file of row.measured ?? []) {
    const path = join(bench, file);
    expect([file, existsSync(path) && idsMeasuredIn(path)]).toEqual([file, expect.arrayContaining([row.id])]);
  }
});

test('the table knows each case that a benchmark says it measures', () => {
  const workloads = readdirSync(join(bench, 'workloads')).map((file) => `workloads/${file}`);
  for (const file of workloads) {
    const rows = cases.filter(({ measured }) => measured?.includes(file)).map(({ id }) => id);
    expect([file, idsMeasuredIn(join(bench, file)).toSorted()]).toEqual([file, rows.toSorted()]);
  }
});

/** Those that its first line names. */
function idsMeasuredIn(path: string): readonly string[] {
  const [line = ''] = readFileSync(path, 'utf8').split('\n', 1);
  return line.match(/\b[A-Z]\d{2}\b(?=.*:)/g) ?? [];
}
