/** Forward steps of a list are believed; other steps are confirmed beside the polling, which they do not delay. */
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { openSocket, stepsOf, until, watchJobs } from '../../support/live.ts';

const hour = '3600000';

/** Jobs that were observed in `state` and are no longer watched. */
async function observedJobs(gateway: TestGateway, count: number, state: string) {
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: count });
  for (const awsJobId of dataExchange) await gateway.emulator.move(awsJobId, { state });
  const ids = dataExchange.map((awsJobId) => globalId('DataExchangeJob', awsJobId));
  const socket = await openSocket(gateway.url);
  socket.subscribe('s', watchJobs, { ids });
  await until(() => socket.resultsOf('s').length === count);
  socket.socket.terminate();
  await until(() => gateway.watcher.watchedJobs === 0);
  return { dataExchange, ids };
}

async function watch(gateway: TestGateway, ids: readonly string[]) {
  const socket = await openSocket(gateway.url);
  socket.subscribe('s', watchJobs, { ids });
  return socket;
}

test('a hundred jobs that went forward without watchers are read by one list and no GetJob', async () => {
  const gateway = await startGateway({ WAYBILL_POLL_MIN_MS: hour, WAYBILL_POLL_MAX_MS: hour });
  const { dataExchange, ids } = await observedJobs(gateway, 100, 'WAITING');
  for (const awsJobId of dataExchange) await gateway.emulator.move(awsJobId, { state: 'IN_PROGRESS' });
  await gateway.emulator.forgetRequests();
  await gateway.emulator.fail('DataExchange.GetJob', { never: true }, 1_000);
  const socket = await watch(gateway, ids);
  await until(() => socket.resultsOf('s').length === 100);
  expect(new Set(stepsOf(socket.resultsOf('s')))).toEqual(new Set(['null -> IN_PROGRESS']));
  expect(await gateway.emulator.requests()).toEqual({ 'DataExchange.ListJobs': 1 });
});

test('the reader of other jobs is served while a confirmation waits for a GetJob that never answers', async () => {
  const gateway = await startGateway();
  const { dataExchange, ids } = await observedJobs(gateway, 30, 'IN_PROGRESS');
  const others = await observedJobs(gateway, 3, 'WAITING');
  for (const awsJobId of dataExchange) await gateway.emulator.move(awsJobId, { state: 'WAITING' });
  await gateway.emulator.forgetRequests();
  await gateway.emulator.fail('DataExchange.GetJob', { never: true }, 1_000);
  const doubted = await watch(gateway, ids);
  await expect.poll(async () => (await gateway.emulator.requests())['DataExchange.GetJob'] ?? 0).toBeGreaterThan(0);
  const unrelated = await watch(gateway, others.ids);
  await until(() => unrelated.resultsOf('s').length === 3);
  await gateway.emulator.move(others.dataExchange[0] ?? '', { state: 'IN_PROGRESS' });
  await until(() => unrelated.resultsOf('s').length === 4);
  expect(doubted.resultsOf('s')).toEqual([]);
  // Two at once, of three attempts each.
  expect((await gateway.emulator.requests())['DataExchange.GetJob']).toBeLessThanOrEqual(6);
  await gateway.emulator.heal();
  await until(() => doubted.resultsOf('s').length >= 30, 15_000);
  expect(new Set(stepsOf(doubted.resultsOf('s')))).toEqual(new Set(['null -> WAITING']));
}, 30_000);
