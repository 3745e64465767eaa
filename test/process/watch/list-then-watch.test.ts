/** A list of one gateway, and then the stream of another one over the same Redis. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RunningServer } from '../../../src/app/server.ts';
import type { JobService } from '../../../src/model/job-state.ts';
import { globalId } from '../../support/examples.ts';
import { ask, field } from '../../support/gateway.ts';
import { GatewayCluster } from '../../support/gateway-cluster.ts';
import { openSocket, stepsOf, until } from '../../support/live.ts';
import { hasRedis } from '../../support/redis.ts';

const activity = `subscription ($after: String) {
  jobActivity(after: $after) {
    __typename cursor
    ... on JobStateChange { previousState state job { id } }
  }
}`;

async function cursorAt({ url }: RunningServer): Promise<string | null> {
  const { data } = await ask(url, '{ jobs(first: 200) { activityCursor nodes { id state } } }');
  return field<{ activityCursor: string | null }>(data, 'jobs').activityCursor;
}

async function streamAt({ url }: RunningServer, after?: string | null) {
  const socket = await openSocket(url);
  socket.subscribe('s', activity, { after });
  return () => socket.resultsOf('s');
}

/** Jobs of both services that others create, by their global ids. */
async function strangers({ emulator }: GatewayCluster) {
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 2, importExport: 2 });
  return [
    ...dataExchange.map((id) => globalId('DataExchangeJob', id)),
    ...importExport.map((id) => globalId('ImportExportJob', id)),
  ];
}

/** Two gateways, and which of them holds the lease of a service. */
async function start(service: JobService) {
  const cluster = await GatewayCluster.start();
  const servers: RunningServer[] = [await cluster.startServer()];
  await cluster.joined(1);
  const first = await cluster.holderOf(service);
  servers.push(await cluster.startServer());
  await cluster.joined(2);
  const [one, other] = servers;
  if (one === undefined || other === undefined) throw new Error('expected two gateways');
  return (await cluster.holderOf(service)) === first
    ? { cluster, reader: one, other }
    : { cluster, reader: other, other: one };
}

// Skipped without Debian's redis-server: apt-get install redis-server, then npx vitest run test/process/watch.
describe.skipIf(!hasRedis)('with a Redis', () => {
  test.each(['the gateway that reads', 'the other gateway'])(
    'jobs that come between a list and the stream at %s are announced once, and changes delivered',
    async (where) => {
      const { cluster, reader, other } = await start('DATA_EXCHANGE');
      const { dataExchange } = await cluster.emulator.seed({ dataExchange: 1 });
      const [moved = ''] = dataExchange;
      await sleep(1_600);
      const isAtReader = where === 'the gateway that reads';
      const cursor = await cursorAt(isAtReader ? other : reader);
      const created = await strangers(cluster);
      await cluster.emulator.move(moved, { state: 'IN_PROGRESS' });
      const results = await streamAt(isAtReader ? reader : other, cursor);
      const ids = [...created, globalId('DataExchangeJob', moved)];
      await until(() => ids.every((id) => stepsOf(results(), id).length > 0));
      await sleep(1_000);
      expect(ids.map((id) => stepsOf(results(), id))).toEqual([
        ...created.map(() => ['null -> WAITING']),
        ['WAITING -> IN_PROGRESS'],
      ]);
    },
  );

  test('jobs that another gateway has taken for old, for a reader of its own, are announced once', async () => {
    const { cluster, reader, other } = await start('IMPORT_EXPORT');
    const cursor = await cursorAt(other);
    const created = await strangers(cluster);
    await sleep(1_600);
    const earlier = await streamAt(reader);
    await sleep(1_000);
    expect(earlier()).toEqual([]);
    const results = await streamAt(other, cursor);
    await until(() => created.every((id) => stepsOf(results(), id).length > 0));
    await sleep(1_000);
    expect(created.map((id) => stepsOf(results(), id))).toEqual(created.map(() => ['null -> WAITING']));
  });

  test('without Redis a list has no cursor, and again one once it is back', async () => {
    const cluster = await GatewayCluster.start();
    const server = await cluster.startServer();
    await cluster.joined(1);
    expect(await cursorAt(server)).toEqual(expect.any(String));
    await cluster.redis.kill();
    await expect.poll(() => cursorAt(server), { timeout: 15_000 }).toBeNull();
    await cluster.redis.restart();
    await expect.poll(() => cursorAt(server), { timeout: 15_000 }).toEqual(expect.any(String));
  });
});
