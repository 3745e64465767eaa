/** Gateways are replaced one after the other, behind a load balancer and under load. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Balancer } from '../../support/balancer.ts';
import { globalId } from '../../support/examples.ts';
import { ask } from '../../support/gateway.ts';
import { GatewayCluster } from '../../support/gateway-cluster.ts';
import { cursorsOf, type LiveResult, openSocket, stepsOf, watchJobs } from '../../support/live.ts';
import { hasRedis } from '../../support/redis.ts';

/** Reads the job's changes until it is finished, on as many sockets as needed. */
async function readAll(url: string, id: string): Promise<{ results: LiveResult[]; sockets: number }> {
  const results: LiveResult[] = [];
  for (let sockets = 1; ; sockets += 1) {
    const socket = await openSocket(url).catch(() => undefined);
    const after = cursorsOf(results).at(-1);
    socket?.subscribe('s', watchJobs, { ids: [id], ...(after && { after }) });
    const last = (): string | undefined => socket?.typesOf('s').at(-1);
    while (socket && !socket.closed && last() !== 'complete' && last() !== 'error') await sleep(10);
    results.push(...(socket?.resultsOf('s') ?? []));
    if (last() === 'complete') return { results, sockets };
    await sleep(50);
  }
}

// Skipped without Debian's redis-server: apt-get install redis-server, then npm run test:rest.
describe.skipIf(!hasRedis)('behind a balancer', () => {
  test('while three gateways are replaced no request fails, and each reader receives each change once', {
    timeout: 90_000,
  }, async () => {
    const cluster = await GatewayCluster.start();
    const balancer = await Balancer.start();
    const start = () => cluster.startMember();
    for (const _ of [1, 2, 3]) await balancer.add((await start()).url);
    await cluster.joined(3);
    const [awsJobId = ''] = (await cluster.emulator.seed({ importExport: 1 })).importExport;
    const id = globalId('ImportExportJob', awsJobId);
    const readers = Array.from({ length: 6 }, () => readAll(balancer.url, id));

    const load = { isDone: false, answered: 0, failures: [] as unknown[] };
    const query = 'query ($id: ID!) { job(id: $id) { id state } }';
    const asking = Array.from({ length: 4 }, async () => {
      while (!load.isDone) {
        const answer = await ask(balancer.url, query, { id }).catch((error: unknown) => ({ errors: [error] }));
        load.answered += 1;
        if (answer.errors !== undefined) load.failures.push(answer.errors);
        await sleep(20);
      }
    });
    const moving = (async () => {
      for (let round = 0; !load.isDone; round += 1) {
        const progressCode = round % 2 === 0 ? 'InProgress' : 'Pending';
        await cluster.emulator.move(awsJobId, { progressCode, locationCode: 'AtAWS' });
        await sleep(500);
      }
      await cluster.emulator.move(awsJobId, { progressCode: 'Complete' });
    })();

    for (const old of [...cluster.members]) {
      await balancer.add((await start()).url);
      expect(await old.stop()).toEqual({ code: 0, signal: null });
      balancer.remove(old.url);
    }
    load.isDone = true;
    await Promise.all([...asking, moving]);
    const read = await Promise.all(readers);
    expect(load.failures).toEqual([]);
    expect(load.answered).toBeGreaterThan(100);
    const observed = await cluster.observed();
    expect(observed.length).toBeGreaterThan(10);
    for (const { results, sockets } of read) {
      expect(sockets).toBeGreaterThan(1);
      expect(results.flatMap(({ errors = [] }) => errors)).toEqual([]);
      const [, ...steps] = stepsOf(results);
      expect(steps).toEqual(observed.slice(-steps.length));
      expect(steps.length).toBeGreaterThan(5);
    }
  });
});
