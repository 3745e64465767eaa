/** A half-open socket. The test has its own file because it waits for two rounds of the keep-alive. */
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { openSocket, until, watchJobs } from '../../support/live.ts';

test('a socket whose peer no longer answers is closed, and its polling stops', { timeout: 60_000 }, async () => {
  const gateway = await startGateway({ WAYBILL_POLL_MIN_MS: '3600000', WAYBILL_POLL_MAX_MS: '3600000' });
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
  const id = globalId('DataExchangeJob', dataExchange[0] ?? '');
  const socket = await openSocket(gateway.url);
  socket.subscribe('s', watchJobs, { ids: [id] });
  await until(() => socket.resultsOf('s').length === 1);
  socket.socket.pause();
  expect(gateway.watcher.watchedJobs).toBe(1);
  await until(() => gateway.watcher.watchedJobs === 0, 50_000);
});
