/**
 * The command `node bench/dist/heap.js [subscriptions [folder]]`: prints what a subscription keeps in the gateway's
 * heap, by constructor. With a folder the two snapshots are kept there, for the developer tools of a browser.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heapDifferences } from './harness/heap-snapshot.ts';
import { startGateway } from './harness/servers.ts';
import { planned, watchDocument } from './harness/subscription-plan.ts';
import { type Testbed, withTestbed } from './harness/testbed.ts';
import { counted, sleep } from './harness/waiting.ts';

const perSocket = 10;
const rowsShown = 40;

async function subscribe({ emulator, server, clients }: Testbed, subscriptions: number, folder: string): Promise<void> {
  const jobs = await emulator.seed({ dataExchange: subscriptions / 10, importExport: 0 });
  await clients.setJobs(jobs.map(({ id }) => id));
  await clients.connect(server.url, subscriptions / perSocket);
  const [first = [], rest = []] = [0, 1].map((part) =>
    planned(subscriptions / perSocket, perSocket, jobs).filter(
      ({ index }) => (index % perSocket === 0) === (part === 0),
    ),
  );
  const events = async (): Promise<number> => (await clients.status()).events;
  await clients.subscribe(watchDocument, first);
  await counted(events, first.length, { limitMs: 60_000, stallMs: 20_000 });
  await sleep(5_000);
  await server.writeHeapSnapshot(join(folder, 'before.heapsnapshot'));
  await clients.subscribe(watchDocument, rest);
  await counted(events, subscriptions, { limitMs: 60_000, stallMs: 20_000 });
  await sleep(5_000);
  await server.writeHeapSnapshot(join(folder, 'after.heapsnapshot'));
}

/** The first subscription of each socket is in both snapshots, so the difference is that of the others. */
function printDifference(folder: string, added: number): void {
  const differences = heapDifferences(join(folder, 'before.heapsnapshot'), join(folder, 'after.heapsnapshot'));
  const total = differences.reduce((sum, { bytes }) => sum + bytes, 0) / added;
  process.stdout.write(`${total.toFixed(0)} bytes a subscription\n   bytes  objects  kind\n`);
  for (const { name, count, bytes } of differences.slice(0, rowsShown)) {
    process.stdout.write(
      `${(bytes / added).toFixed(0).padStart(8)} ${(count / added).toFixed(2).padStart(8)}  ${name}\n`,
    );
  }
}

const subscriptions = Number(process.argv[2] ?? '2000');
const kept = process.argv[3];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'waybill-heap-'));
try {
  const polling = { intervalMs: 2_000, callsPerSecond: 200 };
  await withTestbed({ start: startGateway, polling, clientProcesses: 1 }, (testbed) =>
    subscribe(testbed, subscriptions, folder),
  );
  printDifference(folder, subscriptions - subscriptions / perSocket);
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true });
}
