/**
 * The command `node bench/dist/heap.js [subscriptions [folder]]`: what a subscription keeps in the gateway's heap, by
 * constructor. With a folder, the two snapshots stay there, for the developer tools of a browser.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from './harness/servers.ts';
import { planned, watchDocument } from './harness/subscription-plan.ts';
import { counted, sleep } from './harness/waiting.ts';
import { inWorld, type World } from './harness/world.ts';

const perSocket = 10;
const rowsShown = 40;

/** As V8 writes it, as far as it is read here. */
interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly unknown[] };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

interface Kind {
  count: number;
  bytes: number;
}

function kindsIn(file: string): Map<string, Kind> {
  const { snapshot, nodes, strings }: HeapSnapshot = JSON.parse(readFileSync(file, 'utf8'));
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const typeNames = types[0] as readonly string[];
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field));
  const kinds = new Map<string, Kind>();
  for (let offset = 0; offset < nodes.length; offset += fields.length) {
    const read = (field = 0): number => nodes[offset + field] ?? 0;
    const typeName = typeNames[read(type)] ?? '';
    const isNamed = typeName !== 'string' && typeName !== 'concatenated string' && typeName !== 'sliced string';
    const key = isNamed ? `${typeName} ${(strings[read(name)] ?? '').slice(0, 70)}` : typeName;
    const kind = kinds.get(key) ?? { count: 0, bytes: 0 };
    kind.count += 1;
    kind.bytes += read(size);
    kinds.set(key, kind);
  }
  return kinds;
}

async function subscribe({ emulator, server, clients }: World, subscriptions: number, folder: string): Promise<void> {
  const jobs = await emulator.seed({ dataExchange: subscriptions / 10, importExport: 0 });
  await clients.know(jobs.map(({ id }) => id));
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

/** The first subscription of each socket is in both snapshots: what differs is the others. */
function printDifference(folder: string, added: number): void {
  const before = kindsIn(join(folder, 'before.heapsnapshot'));
  const after = kindsIn(join(folder, 'after.heapsnapshot'));
  const rows = [...after].map(([name, { count, bytes }]) => {
    const old = before.get(name) ?? { count: 0, bytes: 0 };
    return { name, count: (count - old.count) / added, bytes: (bytes - old.bytes) / added };
  });
  const total = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  process.stdout.write(`${total.toFixed(0)} bytes a subscription\n   bytes  objects  kind\n`);
  for (const { name, count, bytes } of rows.sort((a, b) => b.bytes - a.bytes).slice(0, rowsShown)) {
    process.stdout.write(`${bytes.toFixed(0).padStart(8)} ${count.toFixed(2).padStart(8)}  ${name}\n`);
  }
}

const subscriptions = Number(process.argv[2] ?? '2000');
const kept = process.argv[3];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'waybill-heap-'));
try {
  const polling = { intervalMs: 2_000, callsPerSecond: 200 };
  await inWorld({ start: startGateway, polling, clientProcesses: 1 }, (world) =>
    subscribe(world, subscriptions, folder),
  );
  printDifference(folder, subscriptions - subscriptions / perSocket);
} finally {
  if (kept === undefined) rmSync(folder, { recursive: true });
}
