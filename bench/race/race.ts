/**
 * The race: Waybill and its peers do the same work against one emulator in one run. Each round of a row visits all
 * contenders in turn, so that other load on the machine affects all of them alike.
 */
import { loadavg } from 'node:os';
import type { WorkloadReport } from '../harness/report.ts';
import { sleep } from '../harness/waiting.ts';
import { type Cell, reportsOf } from './cells.ts';
import { type Contender, contenders, withTokens } from './contenders.ts';
import { type Entry, entriesOf, messageOf } from './entries.ts';
import { roundOf, type SharedProcesses, warmUp } from './measuring.ts';
import { type RaceTestbed, withRaceTestbed } from './race-testbed.ts';
import { tableOf } from './row-table.ts';
import { type Row, rows } from './rows.ts';

export interface RaceOptions {
  /** Row numbers, or parts of row names, separated by commas. Absent: all. */
  readonly only?: string | undefined;
  /** Contender names, separated by commas. Absent: all. */
  readonly contenders?: string | undefined;
  readonly rounds: number;
  readonly seconds: number;
}

const warmUpMs = 2_000;
const pauseMs = 100;

/** Prints each row when it is done. Throws if an option matches nothing, or if Waybill itself does not answer. */
export async function runRace(options: RaceOptions, say: (text: string) => void): Promise<readonly WorkloadReport[]> {
  const wantedRows = chosen(rows, options.only, ({ number, name }, word) => word === `${number}` || isIn(name, word));
  const wanted = chosen(contenders, options.contenders, ({ name }, word) => name === word);
  // Answers are compared with Waybill's, whether or not it is in the race.
  const started = contenders.filter((each) => each.name === 'waybill' || wanted.includes(each));
  return withRaceTestbed(started, say, async (testbed) => {
    const reports: WorkloadReport[] = [];
    for (const row of wantedRows) {
      const { rounds } = options;
      const seconds = row.seconds ?? options.seconds;
      const cells = await cellsOf(testbed, row, wanted.filter(takesPart(row)), { rounds, ms: seconds * 1_000 });
      say(tableOf(row, cells));
      reports.push(...reportsOf(row, cells, { rounds, seconds, ...row.pace }));
    }
    return reports;
  });
}

function chosen<T>(all: readonly T[], words: string | undefined, isMeant: (each: T, word: string) => boolean) {
  if (words === undefined) return all;
  const wanted = words.split(',').map((word) => word.trim());
  for (const word of wanted)
    if (!all.some((each) => isMeant(each, word))) throw new Error(`expected a row or a contender, received ${word}`);
  return all.filter((each) => wanted.some((word) => isMeant(each, word)));
}

/** A number only ever matches a row's number. */
function isIn(name: string, word: string): boolean {
  return !/^\d+$/.test(word) && name.includes(word);
}

function takesPart({ contenders: names, isAlsoWithTokens = false }: Row) {
  return ({ name }: Contender): boolean => names?.includes(name) ?? (name !== withTokens || isAlsoWithTokens);
}

async function cellsOf(
  testbed: RaceTestbed,
  row: Row,
  wanted: readonly Contender[],
  { rounds, ms }: { readonly rounds: number; readonly ms: number },
): Promise<readonly Cell[]> {
  const loadBefore = loadavg()[0] ?? 0;
  const entries = await entriesOf(testbed, row, wanted);
  for (let round = 0; round <= rounds; round += 1) {
    for (const entry of entries) {
      const startedAt = performance.now();
      await runRound(testbed.shared, entry, row.pace, { isWarmUp: round === 0, ms });
      entry.tookMs += performance.now() - startedAt;
    }
  }
  return entries.map(({ name, isPeer, target, rounds: done, tookMs }) => ({
    contender: name,
    isPeer,
    rounds: done,
    tookMs,
    loadBefore,
    ...('server' in target ? {} : target),
  }));
}

/** Does nothing if the entry has no target. An entry that fails loses its target. */
async function runRound(
  shared: SharedProcesses,
  entry: Entry,
  pace: Row['pace'],
  { isWarmUp, ms }: { readonly isWarmUp: boolean; readonly ms: number },
): Promise<void> {
  const { target, rounds } = entry;
  if (!('server' in target)) return;
  try {
    if (isWarmUp) await warmUp(shared, target, pace, warmUpMs);
    else rounds.push(await roundOf(shared, target, pace, ms));
    target.server.assertAlive();
  } catch (error) {
    entry.target = { failure: messageOf(error) };
  }
  await sleep(pauseMs);
}
