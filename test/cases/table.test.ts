/** The table of cases against the catalogue and against the tests that there are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cases } from './table.ts';

/**
 * The ids of four classes of the catalogue, gaps in the numbering included, and those of three more that can be told without a
 * durable store, several instances and access control.
 */
const catalogue = [
  'X01 X02 X03 X04 X05 X06 X08 X09 X10 X11 X12 X13 X14 X15 X18 X19 X20 X21 X23 X24 X25 X27 X29 X30',
  'J01 J03 J05 J06 J07 J10',
  'M01 M02 M03 M04 M05 M06 M08 M09 M10 M13 M14 M15 M16 M18 M19 M21 M22',
  'U01 U02 U03 U04 U05 U06 U07 U08 U09 U10 U12 U13 U15 U16 U17 U19 U21 U22 U23 U24',
  'P01 P03 P04 P05 P06 P08 P09 P10 P16',
  'W06 W08 W09 W14 W19 W26 W27',
  'R01 R02 R03 R04 R05 R06 R07 R09 R10 R11 R13 R15',
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
  return new Set(beginnings.flatMap((ids) => ids.trim().split(' ')).filter((id) => /^[XJMUPWR]/.test(id)));
}

test('the table has every case of the seven classes once, and no other', () => {
  expect(cases.map(({ id }) => id)).toEqual(catalogue);
});

test.each(cases)('$id is told by a test in each file of its row', ({ id, files }) => {
  expect(files.length).toBeGreaterThan(0);
  for (const file of files)
    expect([file, [...idsIn(sources.get(file) ?? '')]]).toEqual([file, expect.arrayContaining([id])]);
});

test.each([...sources])('the table knows each case that %s tells of', (file, source) => {
  const rows = cases.filter(({ files }) => files.includes(file)).map(({ id }) => id);
  expect(rows.toSorted()).toEqual([...idsIn(source)].toSorted());
});
