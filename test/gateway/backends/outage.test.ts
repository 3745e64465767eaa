/** Both services fail under a thousand subscribers and recover, without a rush of calls. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { EmulatorControl } from '../../support/emulator-control.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { changesOf, openSocket, outagesOf, type RawSocket, until, watchJobs } from '../../support/live.ts';

const cadence = {
  WAYBILL_POLL_MIN_MS: '200',
  WAYBILL_POLL_MAX_MS: '200',
  WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: '20',
  WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND: '20',
};

/** Long enough that one poll more or less is less than a tenth. */
const windowMs = 4_000;

async function pollsWithin(emulator: EmulatorControl, ms: number): Promise<number> {
  await emulator.forgetRequests();
  await sleep(ms);
  return Object.values(await emulator.requests()).reduce((sum, count) => sum + count, 0);
}

/** A hundred sockets with ten subscriptions each, to one of `ids` in turn. */
async function thousandSubscribers(url: string, ids: readonly string[]): Promise<RawSocket[]> {
  const sockets = await Promise.all(Array.from({ length: 100 }, () => openSocket(url)));
  for (const [place, socket] of sockets.entries())
    for (let each = 0; each < 10; each += 1)
      socket.subscribe(`s${each}`, watchJobs, { ids: [ids[(place + each) % ids.length]] });
  await until(() => sockets.every(({ frames }) => frames.filter(({ type }) => type === 'next').length === 10));
  return sockets;
}

test('After an outage under a thousand subscribers nobody reconnects, and no job is polled more often than before', async () => {
  const { url, emulator, watcher } = await startGateway(cadence);
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 2, importExport: 2 });
  const ids = [
    ...dataExchange.map((id) => globalId('DataExchangeJob', id)),
    ...importExport.map((id) => globalId('ImportExportJob', id)),
  ];
  const sockets = await thousandSubscribers(url, ids);
  expect(watcher.subscribers).toBe(1_000);
  const steady = await pollsWithin(emulator, windowMs);
  await emulator.fail('*', { status: 503 }, 1_000_000);
  // Sixty intervals.
  const failing = await pollsWithin(emulator, 3 * windowMs);
  await emulator.heal();
  const healed = await pollsWithin(emulator, windowMs);
  expect(steady).toBeGreaterThan(10);
  expect(failing / 3).toBeLessThan(1.2 * steady);
  expect(healed).toBeLessThan(1.2 * steady);

  for (const id of importExport) await emulator.move(id, { progressCode: 'Complete' });
  for (const id of dataExchange) await emulator.move(id, { state: 'CANCELLED' });
  await until(() => sockets.every(({ frames }) => frames.filter(({ type }) => type === 'complete').length === 10));
  for (const socket of sockets) {
    expect(socket.closed).toBeUndefined();
    for (let each = 0; each < 10; each += 1) {
      const results = socket.resultsOf(`s${each}`);
      expect(changesOf(results)).toHaveLength(2);
      expect(outagesOf(results).map((outage) => outage.split(' ')[0])).toEqual(['JobsStale', 'JobsFresh']);
    }
  }
}, 90_000);
