/**
 * The command `npm run bench -- <suite> [--quick] [--only <words> [--keep]]`: runs the workloads, prints a table, writes the results; with
 * `--keep` those of a part into the file of the whole, where they say that they were run by themselves.
 */
import { parseArgs } from 'node:util';
import { addToResults, comparisonOf, tableOf, type WorkloadReport, writeResults } from './harness/report.ts';
import { changesSince, storedRun } from './harness/stored-run.ts';
import { reportOf, type Workload } from './harness/workload.ts';
import { isolationSuite } from './isolation.ts';
import { liveSuite } from './live.ts';
import { overloadSuite } from './overload.ts';
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
  },
});

/** True if every workload ran to its end, whatever goals it missed. */
async function runSuite(name: string): Promise<boolean> {
  const suite = suites.get(name);
  if (suite === undefined) throw new Error(`expected one of ${[...suites.keys()].join(', ')}, received ${name}`);
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
  for (const change of changesSince(storedRun(name), reports)) say(change);
  // A part of a suite must not stand in for the whole.
  const stored = storedRun(name);
  if (values.only === undefined) say(`written to ${writeResults(name, values.quick, reports)}`);
  else if (values.keep && !values.quick && stored !== undefined) say(`added to ${addToResults(stored, reports)}`);
  return reports.every(({ failure }) => failure === undefined);
}

function isWanted({ name, subject }: Workload): boolean {
  return values.only === undefined || `${name} ${subject}`.includes(values.only);
}

const names = positionals.length > 0 ? positionals : [...suites.keys()];
let hasRun = true;
for (const name of names) hasRun = (await runSuite(name)) && hasRun;
process.exit(hasRun ? 0 : 1);
