/**
 * The command `npm run soak -- [--minutes <n>] [--snapshots <folder>]`: one long run under load and faults, with its
 * table and results.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { heapDifferences } from './harness/heap-snapshot.ts';
import { tableOf, writeResults } from './harness/report.ts';
import { startGateway } from './harness/servers.ts';
import { reportOf } from './harness/workload.ts';
import { soak } from './workloads/soak.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, snapshots: { type: 'string' } },
});

function minutesFrom(text: string): number {
  const minutes = Number(text);
  if (!(minutes >= 0.5 && minutes <= 1_440)) throw new Error(`--minutes: expected 0.5 to 1440, received ${text}`);
  return minutes;
}

/** The growth of the gateway's heap at rest, from before the load to after it. */
function differencesIn(folder: string): string {
  const file = (name: string): string => join(folder, `${name}.heapsnapshot`);
  const rows = heapDifferences(file('before'), file('after')).slice(0, 30);
  const lines = rows.map(
    ({ name, count, bytes }) => `${String(bytes).padStart(9)} ${String(count).padStart(8)}  ${name}`,
  );
  return ['    bytes  objects  kind', ...lines].join('\n');
}

const minutes = minutesFrom(values.minutes);
const settings = { requestsPerSecond: 300, sockets: 100, perSocket: 10 };
const report = await reportOf({
  name: `soak of ${minutes} minutes`,
  subject: 'waybill',
  settings: { ...settings, minutes },
  testbed: { start: startGateway, polling: { intervalMs: 2_000, callsPerSecond: 100 }, clientProcesses: 0 },
  run: (testbed) => soak(testbed, { ...settings, durationMs: minutes * 60_000, snapshots: values.snapshots }),
});
say(tableOf(report));
if (values.snapshots !== undefined && report.failure === undefined) say(differencesIn(values.snapshots));
say(
  `load averages at the end: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')}`,
);
// A short run only shows that the program works; it must not replace the results of a long one.
say(`written to ${writeResults('soak', minutes < 10, [report])}`);
process.exit(report.failure === undefined ? 0 : 1);
