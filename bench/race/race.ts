/**
 * The race: Waybill and its peers do the same work over one emulator in one run. Each round of a row goes once through all contenders,
 * so that what else the machine does in those minutes meets all of them.
 */
import { loadavg } from 'node:os';
import type { WorkloadReport } from '../harness/report.ts';
import type { Server } from '../harness/servers.ts';
import { sleep } from '../harness/waiting.ts';
import { serviceCalls } from '../requests/calls.ts';
import { assertAgreement, factsOf } from './agreement.ts';
import { type Cell, reportsOf, tableOf } from './cells.ts';
import { type Contender, callsTo, contenders, withTokens } from './contenders.ts';
import { type Field, onField } from './field.ts';
import { type Entrant, type Round, roundOf, warmUp } from './measuring.ts';
import { newestIds, type Row, rows } from './rows.ts';

export interface RaceOptions {
  /** Numbers of rows, or words of their names, separated by commas. Absent: all. */
  readonly only?: string | undefined;
  /** Their names, separated by commas. Absent: all. */
  readonly contenders?: string | undefined;
  readonly rounds: number;
  readonly seconds: number;
}

const warmUpMs = 2_000;
const pauseMs = 100;
const serviceItself = 'the service itself';

/** Prints each row once it is run. Throws where an option names nothing, or Waybill itself cannot be asked. */
export async function runRace(options: RaceOptions, say: (text: string) => void): Promise<readonly WorkloadReport[]> {
  const wantedRows = chosen(rows, options.only, ({ number, name }, word) => word === `${number}` || isIn(name, word));
  const wanted = chosen(contenders, options.contenders, ({ name }, word) => name === word);
  // Answers are held against Waybill's, whether or not it runs.
  const started = contenders.filter((each) => each.name === 'waybill' || wanted.includes(each));
  return onField(started, say, async (field) => {
    const reports: WorkloadReport[] = [];
    for (const row of wantedRows) {
      const { rounds } = options;
      const seconds = row.seconds ?? options.seconds;
      const cells = await cellsOf(field, row, wanted.filter(takesPart(row)), { rounds, ms: seconds * 1_000 });
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

/** A number is the number of a row only. */
function isIn(name: string, word: string): boolean {
  return !/^\d+$/.test(word) && name.includes(word);
}

function takesPart({ contenders: names, isAlsoWithTokens = false }: Row) {
  return ({ name }: Contender): boolean => names?.includes(name) ?? (name !== withTokens || isAlsoWithTokens);
}

interface Entry {
  readonly name: string;
  readonly isPeer: boolean;
  readonly entrant: Entrant | { readonly absence: string } | { readonly failure: string };
  readonly rounds: Round[];
  tookMs: number;
}

async function cellsOf(
  field: Field,
  row: Row,
  wanted: readonly Contender[],
  { rounds, ms }: { readonly rounds: number; readonly ms: number },
): Promise<readonly Cell[]> {
  const loadBefore = loadavg()[0] ?? 0;
  const entries = await entriesOf(field, row, wanted);
  for (let round = 0; round <= rounds; round += 1) {
    for (const entry of entries) {
      const { entrant } = entry;
      if (!('server' in entrant)) continue;
      const startedAt = performance.now();
      if (round === 0) await warmUp(field.track, entrant, row.pace, warmUpMs);
      else entry.rounds.push(await roundOf(field.track, entrant, row.pace, ms));
      entry.tookMs += performance.now() - startedAt;
      entrant.server.assertAlive();
      await sleep(pauseMs);
    }
  }
  return entries.map(({ name, isPeer, entrant, rounds: done, tookMs }) => ({
    contender: name,
    isPeer,
    rounds: done,
    tookMs,
    loadBefore,
    ...('server' in entrant ? {} : entrant),
  }));
}

/** Asks each contender once, before anything is measured, whether it says what Waybill says. */
async function entriesOf(field: Field, row: Row, wanted: readonly Contender[]): Promise<readonly Entry[]> {
  const variables = row.variables(newestIds(field.jobs));
  const [waybill] = contenders;
  const reference = waybill && (await answerOf(waybill, serverOf(field, waybill), row, variables));
  if (reference === undefined) throw new Error('expected Waybill to answer, received nothing');
  const entries: Entry[] = [];
  for (const contender of wanted) {
    const entry = { name: contender.name, isPeer: contender.isPeer, rounds: [], tookMs: 0 };
    try {
      const server = serverOf(field, contender);
      const answer = await answerOf(contender, server, row, variables);
      if (answer !== undefined) assertAgreement(reference.facts, answer.facts, contender.otherFields);
      const entrant = answer === undefined ? { absence: 'it has no such field' } : { server, calls: answer.calls };
      entries.push({ ...entry, entrant });
    } catch (error) {
      entries.push({ ...entry, entrant: { failure: error instanceof Error ? error.message : String(error) } });
    }
  }
  return row.isBesideService === true ? [await serviceEntry(field), ...entries] : entries;
}

async function answerOf(contender: Contender, server: Server, row: Row, variables: ReturnType<Row['variables']>) {
  const calls = callsTo(contender, server.url, row.operation, variables);
  const [first] = calls ?? [];
  if (calls === undefined || first === undefined) return undefined;
  return { calls, facts: await factsOf(row.operation, new URL(server.url).origin, first) };
}

function serverOf({ servers }: Field, { name }: Contender): Server {
  const server = servers.get(name);
  if (server instanceof Error) throw server;
  if (server === undefined) throw new Error(`expected ${name} to have been started, received nothing`);
  return server;
}

async function serviceEntry({ track, jobs }: Field): Promise<Entry> {
  const dataExchangeJobs = jobs.filter(({ service }) => service === 'DATA_EXCHANGE');
  const server = track.emulatorServer;
  const calls = await serviceCalls(server.url, dataExchangeJobs);
  return { name: serviceItself, isPeer: false, entrant: { server, calls }, rounds: [], tookMs: 0 };
}
