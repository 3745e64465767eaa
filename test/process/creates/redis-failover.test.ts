/** A Redis is lost and its replica takes its place: what becomes of creates and of streams. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  answered,
  codesIn,
  create,
  createNames,
  idIn,
  jobsSeenBy,
  startFailoverWorld,
} from '../../support/creates/failover-world.ts';
import { globalId } from '../../support/examples.ts';
import { cursorsOf, openSocket, otherEventsOf, stepsOf, until, watchJobs } from '../../support/live.ts';
import { hasRedis } from '../../support/redis.ts';

const key = 'order-4711-attempt-1';
const refusal = ['IDEMPOTENCY_STORE_UNAVAILABLE'];
const restarts = { timeout: 15_000 };

// Skipped without Debian's redis-server: apt-get install redis-server, then npx vitest run test/process/creates.
describe.skipIf(!hasRedis)('gateways over a Redis with a replica', { timeout: 120_000 }, () => {
  test.each(createNames)(
    'send no %s whose record the replica lacks, so that a failover makes no second job',
    async (name) => {
      const { redis, gateways } = await startFailoverWorld();
      const [gateway, other] = gateways;
      const before = await answered(gateway, name, `${key}-before`);
      redis.cutReplicaOff();
      expect(codesIn(await create(gateway, name, key))).toEqual(refusal);
      // The refused attempt has left nothing behind for which a repeat would have to wait.
      expect(codesIn(await create(other, name, key))).toEqual(refusal);
      await redis.failOver();
      const id = await answered(gateway, name, key);
      expect(await answered(other, name, `${key}-before`)).toBe(before);
      expect(await answered(other, name, key)).toBe(id);
      expect(await jobsSeenBy(gateway)).toEqual([before, id].toSorted());
    },
  );

  test('send one create where one of them is still at the old Redis and the other at the new one', async () => {
    const { redis, gateways } = await startFailoverWorld();
    const [gateway, other] = gateways;
    const name = 'createDataExchangeJob';
    // The second gateway loses its connections, and finds the new Redis at the address.
    await redis.splitBrain();
    other.kill('SIGSTOP');
    const stranded = await create(gateway, name, key);
    expect(codesIn(stranded)).toEqual(refusal);
    other.kill('SIGCONT');
    redis.endSplitBrain();
    const id = await answered(other, name, key);
    expect(await answered(gateway, name, key)).toBe(id);
    expect(await jobsSeenBy(gateway)).toEqual([id]);
  });

  test('with WAYBILL_REDIS_REPLICAS=1 send nothing after a failover until there is a replica again', async () => {
    const { redis, gateways } = await startFailoverWorld({ WAYBILL_REDIS_REPLICAS: '1' });
    const [gateway] = gateways;
    const name = 'createDataExchangeJob';
    const before = await answered(gateway, name, key);
    await redis.failOver();
    await expect.poll(async () => (await fetch(new URL('/readyz', gateway.url))).status, restarts).toBe(200);
    expect(codesIn(await create(gateway, name, `${key}-2`))).toEqual(refusal);
    expect(idIn(await create(gateway, name, key), name)).toBe(before);
    await redis.primary.restart();
    await redis.primary.client().replicaof('127.0.0.1', new URL(redis.replica.url).port);
    const id = await answered(gateway, name, `${key}-2`);
    expect(await jobsSeenBy(gateway)).toEqual([before, id].toSorted());
  });

  test('give each change of a job once to readers where the replica has it, and JobEventsMissed where it does not', async () => {
    const { redis, emulator, gateways } = await startFailoverWorld();
    const [awsJobId = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
    const ids = [globalId('DataExchangeJob', awsJobId)];
    const sockets = await Promise.all(gateways.map(({ url }) => openSocket(url)));
    for (const socket of sockets) socket.subscribe('s', watchJobs, { ids });
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 1));
    const primary = redis.primary.client();
    primary.on('error', () => {});
    await primary.wait(1, 1_000);
    redis.cutReplicaOff();
    await emulator.move(awsJobId, { state: 'IN_PROGRESS' });
    await until(() => sockets.every((socket) => socket.resultsOf('s').length === 2));
    const [lost] = cursorsOf(sockets[0]?.resultsOf('s') ?? []).slice(1);
    await redis.failOver();
    await until(
      () => sockets.every((socket) => otherEventsOf(socket.resultsOf('s')).includes('JobEventsMissed')),
      20_000,
    );
    const late = await openSocket(gateways[1].url);
    late.subscribe('s', watchJobs, { ids, after: lost });
    await until(() => otherEventsOf(late.resultsOf('s')).includes('JobEventsMissed'));
    await sleep(200);
    await emulator.move(awsJobId, { state: 'COMPLETED' });
    await until(() => [...sockets, late].every((socket) => socket.typesOf('s').at(-1) === 'complete'), 20_000);
    const present = ['null -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'];
    expect(stepsOf(late.resultsOf('s'))).toEqual(present);
    for (const socket of sockets) {
      expect(stepsOf(socket.resultsOf('s'))).toEqual(['null -> WAITING', 'WAITING -> IN_PROGRESS', ...present]);
      expect(otherEventsOf(socket.resultsOf('s')).filter((type) => type === 'JobEventsMissed')).toHaveLength(1);
    }
  });
});
