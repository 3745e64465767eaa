import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { connectRedis } from '../../../src/store/redis.ts';
import { openRedisStore } from '../../../src/store/redis-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { testStore } from '../../support/any-store.ts';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.ts';

async function open(server: TestRedis): Promise<Store> {
  const redis = await connectRedis(server.url, () => {});
  onTestFinished(() => redis.disconnect());
  return openRedisStore(redis, systemClock);
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

  test('writes its secret again into a Redis that was emptied, unless another gateway was first', async () => {
    const server = await startRedis();
    const first = await open(server);
    await server.client().flushall();
    await first.write([{ collection: 'values', key: 'a', value: 1 }], 'durable');
    const second = await open(server);
    expect(second.secret).toEqual(first.secret);
    await server.client().flushall();
    const third = await open(server);
    await first.write([{ collection: 'values', key: 'a', value: 1 }], 'durable');
    expect((await open(server)).secret).toEqual(third.secret);
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
});
