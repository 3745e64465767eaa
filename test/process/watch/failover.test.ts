/**
 * The gateway that reads a job is killed, suspended or disconnected; another takes over, and readers receive each
 * change once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { GatewayCluster, type Member } from '../../support/gateway-cluster.ts';
import { openSocket, outagesOf, type RawSocket, stepsOf, until, watchJobs } from '../../support/live.ts';
import { hasRedis } from '../../support/redis.ts';
import { startSeverableProxy } from '../../support/severable-proxy.ts';

/** A lease and two seconds: by then another gateway has read the job. */
const failoverMs = 12_000;

interface World {
  readonly cluster: GatewayCluster;
  readonly awsJobId: string;
  /** The gateway that reads the job, and a reader of its own. */
  readonly leader: Member;
  readonly own: RawSocket;
  /** A reader of each other gateway. */
  readonly others: readonly RawSocket[];
  readonly move: (state: string) => Promise<unknown>;
}

/** Three gateways, each with a reader of one job, which has been observed as running. */
async function setUp(redisUrlOf: (cluster: GatewayCluster) => Promise<string>): Promise<World> {
  const cluster = await GatewayCluster.start();
  for (const _ of [1, 2, 3]) await cluster.startMember({ WAYBILL_REDIS_URL: await redisUrlOf(cluster) });
  const { members } = cluster;
  await cluster.joined(members.length);
  const { dataExchange } = await cluster.emulator.seed({ dataExchange: 1 });
  const [awsJobId = ''] = dataExchange;
  const holder = await cluster.holderOf('DATA_EXCHANGE');
  const sockets = await Promise.all(members.map(({ url }) => openSocket(url)));
  for (const socket of sockets) socket.subscribe('s', watchJobs, { ids: [globalId('DataExchangeJob', awsJobId)] });
  await until(() => sockets.every((socket) => socket.resultsOf('s').length === 1));
  const move = (state: string) => cluster.emulator.move(awsJobId, { state });
  await move('IN_PROGRESS');
  await until(() => sockets.every((socket) => socket.resultsOf('s').length === 2));
  const index = members.findIndex(({ name }) => name === holder);
  const [leader, own] = [members[index], sockets[index]];
  if (leader === undefined || own === undefined)
    throw new Error(`expected a gateway to read the job, received ${holder}`);
  return { cluster, awsJobId, leader, own, others: sockets.filter((socket) => socket !== own), move };
}

const direct = async (cluster: GatewayCluster) => cluster.redis.url;

const allSteps = ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'];

// Skipped without Debian's redis-server: apt-get install redis-server, then npx vitest run test/process/watch.
describe.skipIf(!hasRedis)('several gateways', () => {
  test('another gateway takes over in time from one that was killed', { timeout: 60_000 }, async () => {
    const { cluster, leader, own, others, move, awsJobId } = await setUp(direct);
    const cursor = Object.values(own.resultsOf('s').at(-1)?.data ?? {})[0]?.cursor;
    leader.kill('SIGKILL');
    await leader.exit;
    await move('COMPLETED');
    await until(() => others.every((socket) => socket.typesOf('s').at(-1) === 'complete'), failoverMs);
    for (const socket of others) expect(stepsOf(socket.resultsOf('s'))).toEqual(allSteps);
    expect(await cluster.entries()).toBe(3);
    const [next] = others;
    next?.subscribe('again', watchJobs, { ids: [globalId('DataExchangeJob', awsJobId)], after: cursor });
    await until(() => next?.typesOf('again').at(-1) === 'complete');
    expect(stepsOf(next?.resultsOf('again') ?? [])).toEqual(allSteps.slice(2));
  });

  test('a suspended gateway appends nothing when it resumes', { timeout: 60_000 }, async () => {
    const { cluster, leader, own, others, move } = await setUp(direct);
    leader.kill('SIGSTOP');
    const resumed = sleep(15_000).then(() => leader.kill('SIGCONT'));
    await move('COMPLETED');
    await until(() => others.every((socket) => socket.typesOf('s').at(-1) === 'complete'), failoverMs);
    expect(await cluster.holderOf('DATA_EXCHANGE')).not.toBe(leader.name);
    await resumed;
    await until(() => own.typesOf('s').at(-1) === 'complete');
    for (const socket of [own, ...others]) expect(stepsOf(socket.resultsOf('s'))).toEqual(allSteps);
    expect(await cluster.entries()).toBe(3);
  });

  test('a gateway without Redis reads no job, and emits every change once Redis is back', {
    timeout: 60_000,
  }, async () => {
    const proxies: Awaited<ReturnType<typeof startSeverableProxy>>[] = [];
    const { cluster, leader, own, others, move } = await setUp(async ({ redis }) => {
      const proxy = await startSeverableProxy(Number(new URL(redis.url).port));
      proxies.push(proxy);
      return `redis://127.0.0.1:${proxy.port}`;
    });
    const proxy = proxies[cluster.members.findIndex(({ name }) => name === leader.name)];
    proxy?.sever();
    await move('COMPLETED');
    await until(() => others.every((socket) => socket.typesOf('s').at(-1) === 'complete'), failoverMs);
    await until(() => outagesOf(own.resultsOf('s')).length === 1);
    expect(stepsOf(own.resultsOf('s'))).toEqual(allSteps.slice(0, 2));
    expect(await cluster.holderOf('DATA_EXCHANGE')).not.toBe(leader.name);
    proxy?.heal();
    await until(() => own.typesOf('s').at(-1) === 'complete');
    for (const socket of [own, ...others]) expect(stepsOf(socket.resultsOf('s'))).toEqual(allSteps);
    expect(outagesOf(own.resultsOf('s'))).toEqual(['JobsStale DATA_EXCHANGE all', 'JobsFresh DATA_EXCHANGE all']);
    expect(await cluster.entries()).toBe(3);
  });

  test('a gateway that is killed during an outage leaves no reader stale: the next one emits JobsFresh', {
    timeout: 60_000,
  }, async () => {
    const { cluster, leader, others } = await setUp(direct);
    await cluster.emulator.fail('DataExchange.*', { status: 500 }, 10_000);
    await until(() => others.every((socket) => outagesOf(socket.resultsOf('s')).length === 1));
    leader.kill('SIGKILL');
    await leader.exit;
    await cluster.emulator.heal();
    await until(() => others.every((socket) => outagesOf(socket.resultsOf('s')).length === 2), failoverMs);
    await sleep(2_000);
    for (const socket of others)
      expect(outagesOf(socket.resultsOf('s'))).toEqual(['JobsStale DATA_EXCHANGE all', 'JobsFresh DATA_EXCHANGE all']);
  });
});
