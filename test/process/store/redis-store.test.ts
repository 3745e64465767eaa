import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { connectRedis } from '../../../src/store/redis.ts';
import { openRedisStore, type RedisStoreOptions } from '../../../src/store/redis-store.ts';
import { ReplacedStoreError, type Store, UnconfirmedWriteError } from '../../../src/store/store.ts';
import { testStore } from '../../support/any-store.ts';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.ts';
import { startRedisPair } from '../../support/redis-pair.ts';

async function open(server: Pick<TestRedis, 'url'>, options: RedisStoreOptions = {}): Promise<Store> {
  const redis = await connectRedis(server.url, () => {});
  onTestFinished(() => redis.disconnect());
  return openRedisStore(redis, systemClock, options);
}

// Skipped without redis-server 7: apt-get install redis-server && npx vitest run test/process/store/redis-store.test.ts
describe.skipIf(!hasRedis)('a store in Redis', () => {
  testStore(async () => open(await startRedis()));

  test('is the same for all gateways, with one secret', async () => {
    const server = await startRedis();
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(server)));
    expect(new Set(stores.map(({ secret }) => Buffer.from(secret).toString('hex'))).size).toBe(1);
    expect(stores[0]?.secret).toHaveLength(32);
    await stores[0]?.write([{ collection: 'values', key: 'a', value: 1 }], 'durable');
    expect(await stores[4]?.read('values', 'a')).toBe(1);
  });

  test('has the written values and its secret after Redis was killed', async () => {
    const server = await startRedis();
    const first = await open(server);
    await first.write([{ collection: 'values', key: 'a', value: 1 }], 'durable');
    await server.restart();
    const second = await open(server);
    expect(await second.read('values', 'a')).toBe(1);
    expect(second.secret).toEqual(first.secret);
  });

  test('writes its secret again into a Redis that was emptied', async () => {
    const server = await startRedis();
    const first = await open(server);
    await server.client().flushall();
    await first.write([{ collection: 'values', key: 'a', value: 1 }], 'durable');
    const second = await open(server);
    expect(second.secret).toEqual(first.secret);
  });

  test('writes nothing into a Redis that was emptied and begun anew by another gateway', async () => {
    const server = await startRedis();
    const first = await open(server);
    const value = { collection: 'values', key: 'a', value: 1 };
    await first.write([value], 'durable');
    await server.client().flushall();
    const third = await open(server);
    for (const durability of ['durable', 'lazy'] as const) {
      await expect(first.write([value], durability)).rejects.toBeInstanceOf(ReplacedStoreError);
    }
    expect(await first.isReachable()).toBe(false);
    expect((await open(server)).secret).toEqual(third.secret);
    expect(await third.read('values', 'a')).toBeUndefined();
  });

  test('uses only keys of its own, in one slot', async () => {
    const server = await startRedis();
    const store = await open(server);
    await store.write([{ collection: 'values', key: 'a', value: 1 }], 'durable');
    const keys = await server.client().keys('*');
    expect(keys.toSorted()).toEqual(['{waybill}:secret', '{waybill}:values:order', '{waybill}:values:values']);
  });

  test('is not reachable while Redis is paused, down or full, and is again afterwards', async () => {
    const server = await startRedis();
    const store = await open(server);
    const again = () => expect.poll(() => store.isReachable(), { timeout: 10_000 }).toBe(true);
    expect(await Promise.all([store.isReachable(), store.isReachable()])).toEqual([true, true]);
    server.pause();
    expect(await store.isReachable()).toBe(false);
    server.resume();
    await again();
    await server.kill();
    expect(await store.isReachable()).toBe(false);
    await server.restart();
    await again();
    await server.client().config('SET', 'maxmemory', '1');
    expect(await store.isReachable()).toBe(false);
  });

  test('is refused at the start with the name of its setting if it takes no writes', async () => {
    const server = await startRedis();
    await server.client().config('SET', 'maxmemory', '1');
    await expect(open(server)).rejects.toThrow(/^WAYBILL_REDIS_URL: expected a Redis 7 that can be written to/);
  });

  const at = { collection: 'values', key: 'a' };
  /** A conditional write of `to` over `from`. */
  const step = (store: Store, from: number | undefined, to: number): Promise<unknown> =>
    store.writeIf([{ ...at, value: from }], [{ ...at, value: to }]).catch((error: unknown) => error);

  test('confirms a durable write only once a replica has it, and reads and lazy writes go on meanwhile', async () => {
    const redis = await startRedisPair();
    const store = await open(redis);
    expect(await step(store, undefined, 1)).toBe(true);
    redis.cutReplicaOff();
    const waiting = Promise.all([step(store, 1, 2), step(store, undefined, 9)]);
    await store.write([{ ...at, key: 'b', value: 1 }], 'lazy');
    expect(await store.read('values', 'b')).toBe(1);
    const [written, refused] = await waiting;
    expect(written).toBeInstanceOf(UnconfirmedWriteError);
    expect((written as Error).message).toBe('expected one replica to confirm a write within 400 ms, received 0');
    expect(refused).toBe(false);
    redis.reconnectReplica();
    await expect.poll(() => step(store, 2, 2), { timeout: 10_000 }).toBe(true);
  });

  test('that never had a replica confirms at once, and after a failover to one without logs that', async () => {
    const alone = await open(await startRedis());
    expect(await step(alone, undefined, 1)).toBe(true);
    const redis = await startRedisPair();
    const lines: string[] = [];
    const store = await open(redis, { log: (line) => lines.push(line) });
    expect(await step(store, undefined, 1)).toBe(true);
    await redis.failOver();
    await expect.poll(() => step(store, 1, 1), { timeout: 10_000 }).toBe(true);
    expect(lines).toEqual([expect.stringMatching(/^WAYBILL_REDIS_URL: the Redis has no replica any more: /)]);
  });

  test('takes a replica that comes later into account', async () => {
    const redis = await startRedisPair({ isLinked: false });
    const store = await open(redis);
    expect(await step(store, undefined, 1)).toBe(true);
    await redis.link();
    expect(await step(store, 1, 2)).toBe(true);
    redis.cutReplicaOff();
    expect(await step(store, 2, 3)).toBeInstanceOf(UnconfirmedWriteError);
  });

  test.each([
    { replicas: 0, expected: true },
    { replicas: 1, expected: true },
    { replicas: 2, expected: expect.any(UnconfirmedWriteError) },
  ])('with one replica and WAYBILL_REDIS_REPLICAS=$replicas a durable write ends as the number says', async (each) => {
    const redis = await startRedisPair();
    const store = await open(redis, { replicas: each.replicas });
    expect(await step(store, undefined, 1)).toEqual(each.expected);
    redis.cutReplicaOff();
    if (each.replicas === 0) expect(await step(store, 1, 2)).toBe(true);
  });
});
