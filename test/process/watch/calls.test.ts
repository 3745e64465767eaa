/** Several gateways call the services as often as one does, however the readers are spread over them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { GatewayCluster } from '../../support/gateway-cluster.ts';
import { openSocket, until, watchJobs } from '../../support/live.ts';
import { hasRedis } from '../../support/redis.ts';

const jobs = 400;
const pages = 2;
const countedMs = 3_000;
/**
 * Number of ticks at the longest interval, less its jitter; one tick may have begun before the count, and one may be
 * late.
 */
const maxTicks = countedMs / (300 * 0.97) + 2;

const watchActivity =
  'subscription { jobActivity(filter: { service: DATA_EXCHANGE }) { ... on JobStateChange { state } } }';

/** Number of single reads within `ms`. */
async function readsIn({ emulator }: GatewayCluster, ms: number): Promise<number> {
  await emulator.forgetRequests();
  await sleep(ms);
  return (await emulator.requests())['DataExchange.GetJob'] ?? 0;
}

// Skipped without Debian's redis-server: apt-get install redis-server, then npx vitest run test/process/watch.
describe.skipIf(!hasRedis)('calls of several gateways over one Redis', () => {
  test.each([1, 2, 4])(
    '%d gateways list the jobs as often as one does, a page of 200 a call, and make no single read',
    { timeout: 60_000 },
    async (count) => {
      const cluster = await GatewayCluster.start();
      const { dataExchange } = await cluster.emulator.seed({ dataExchange: jobs });
      const ids = dataExchange.map((awsJobId) => globalId('DataExchangeJob', awsJobId));
      const servers = [];
      for (let started = 0; started < count; started += 1) servers.push(await cluster.startServer());
      await cluster.joined(count);
      const share = jobs / servers.length;
      for (const [index, { url }] of servers.entries()) {
        const socket = await openSocket(url);
        socket.subscribe('activity', watchActivity);
        const own = ids.slice(index * share, (index + 1) * share).slice(0, 100);
        socket.subscribe('s', watchJobs, { ids: own });
        await until(() => socket.resultsOf('s').length === own.length, 20_000);
      }
      // Until every interval is the longest, and the first read of each job is over.
      await expect.poll(() => readsIn(cluster, 2_500), { timeout: 30_000 }).toBe(0);
      await cluster.emulator.forgetRequests();
      await sleep(countedMs);
      const { 'DataExchange.ListJobs': lists = 0, 'DataExchange.GetJob': reads = 0 } =
        await cluster.emulator.requests();
      expect(lists).toBeGreaterThan(pages);
      expect(lists).toBeLessThanOrEqual(Math.ceil(pages * maxTicks));
      expect(reads).toBe(0);
    },
  );

  test('a new job is announced to the readers of each gateway, whichever has the lease', {
    timeout: 30_000,
  }, async () => {
    const cluster = await GatewayCluster.start();
    const servers = [await cluster.startServer(), await cluster.startServer()];
    await cluster.joined(2);
    // Only one gateway has a reader of the activity, and it may be the one without the lease.
    for (const { url } of servers) {
      const socket = await openSocket(url);
      socket.subscribe('activity', watchActivity);
      await sleep(1_000);
      await cluster.emulator.seed({ dataExchange: 1 });
      await until(() => socket.resultsOf('activity').length === 1);
      socket.socket.terminate();
      await sleep(500);
    }
  });
});
