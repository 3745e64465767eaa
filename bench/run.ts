/**
 * The command `npm run bench -- <suite> [--quick] [--only <words> [--keep]]`: runs the workloads, prints a table, writes the results; with
 * `--keep` those of a part into the file of the whole, where they say that they were run by themselves. The suite `race` also takes
 * `--contenders <names>`, `--rounds <number>` and `--seconds <number>`, and runs only where it is named, as it installs the peers.
 */
import { parseArgs } from 'node:util';
import { addToResults, comparisonOf, tableOf, type WorkloadReport, writeResults } from './harness/report.ts';
import { changesSince, storedRun } from './harness/stored-run.ts';
import { reportOf, type Workload } from './harness/workload.ts';
import { isolationSuite } from './isolation.ts';
import { liveSuite } from './live.ts';
import { overloadSuite } from './overload.ts';
import { runRace } from './race/race.ts';
import { requestsSuite } from './requests.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const suites: ReadonlyMap<string, (isQuick: boolean) => readonly Workload[]> = new Map([
  ['live', liveSuite],
  ['isolation', isolationSuite],
  ['requests', requestsSuite],
  ['overload', overloadSuite],
]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
    contenders: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
});

/** Of a race that stands for itself: seven contenders in ten rows take ten minutes. */
const usualRace = values.quick ? { rounds: 1, seconds: 1 } : { rounds: 3, seconds: 3 };
const isUsual = values.rounds === undefined && values.seconds === undefined;
// A part of a suite must not stand in for the whole, nor a run of another length.
const isWhole = values.only === undefined && values.contenders === undefined && (isUsual || values.keep);

/** True if every workload ran to its end, whatever goals it missed. */
async function runSuite(name: string): Promise<boolean> {
  const reports = name === 'race' ? await raced() : await workloadsRun(name);
  const stored = storedRun(name);
  for (const change of changesSince(stored, reports)) say(change);
  if (isWhole) say(`written to ${writeResults(name, values.quick, reports)}`);
  else if (values.keep && !values.quick && stored !== undefined) say(`added to ${addToResults(stored, reports)}`);
  return reports.every(({ failure }) => failure === undefined);
}

async function workloadsRun(name: string): Promise<readonly WorkloadReport[]> {
  const suite = suites.get(name);
  if (suite === undefined)
    throw new Error(`expected one of ${[...suites.keys(), 'race'].join(', ')}, received ${name}`);
  const reports: WorkloadReport[] = [];
  const workloads = suite(values.quick);
  for (const workload of workloads.filter(isWanted)) {
    const report = await reportOf(workload);
    say(tableOf(report));
    reports.push(report);
  }
  for (const name of new Set(reports.map(({ workload }) => workload))) {
    const alike = reports.filter(({ workload }) => workload === name);
    if (alike.length > 1) say(`${comparisonOf(alike)}\n`);
  }
  return reports;
}

function raced(): Promise<readonly WorkloadReport[]> {
  const { only, contenders } = values;
  const rounds = numberOf('rounds') ?? usualRace.rounds;
  const seconds = numberOf('seconds') ?? usualRace.seconds;
  return runRace({ only, contenders, rounds, seconds }, say);
}

function numberOf(option: 'rounds' | 'seconds'): number | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Error(`--${option}: expected a whole number from 1 to 9999, received ${text}`);
  return Number(text);
}

function isWanted({ name, subject }: Workload): boolean {
  return values.only === undefined || `${name} ${subject}`.includes(values.only);
}

const names = positionals.length > 0 ? positionals : [...suites.keys()];
let hasRun = true;
for (const name of names) hasRun = (await runSuite(name)) && hasRun;
process.exit(hasRun ? 0 : 1);
