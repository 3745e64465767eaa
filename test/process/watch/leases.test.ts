/** Leases over a Redis of the test, on a fake clock. */
import { describe, expect, test } from 'vitest';
import { jobServices } from '../../../src/model/job-state.ts';
import { Leases, leaseMs } from '../../../src/watch/cluster/leases.ts';
import { redisKeys } from '../../../src/watch/cluster/redis-keys.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.ts';

/** Expires the leases of a gateway without waiting. */
async function expire(redis: TestRedis, name: string): Promise<void> {
  const client = redis.client();
  await client.del(jobServices.map((service) => redisKeys.leasePrefix + service));
  await client.zadd(redisKeys.members, 0, name);
}

async function setUp() {
  const redis = await startRedis();
  const clock = new FakeClock();
  const client = redis.client();
  return { redis, clock, one: new Leases(client, clock, 'one'), two: new Leases(client, clock, 'two') };
}

// Skipped without Debian's redis-server: apt-get install redis-server, then npx vitest run test/process/watch.
describe.skipIf(!hasRedis)('leases', () => {
  test('each service has one holder, which keeps the lease while it renews', async () => {
    const { one, two } = await setUp();
    await one.renew();
    expect([...one.held]).toEqual(jobServices);
    const { others, firstFreeMs } = await two.renew();
    expect([others.has('one'), two.held.size]).toEqual([true, 0]);
    expect(firstFreeMs).toBeGreaterThan(leaseMs - 1_000);
    await one.renew();
    expect([one.held.size, two.held.size]).toEqual([jobServices.length, 0]);
    expect(two.tokens).toEqual(one.tokens);
  });

  test('a lease ends by the monotonic clock, shortly before Redis gives it to another gateway', async () => {
    const { clock, one } = await setUp();
    await one.renew();
    clock.setBy(3_600_000);
    expect(one.has('DATA_EXCHANGE')).toBe(true);
    clock.setBy(-7_200_000);
    await clock.advance(leaseMs - 600);
    expect(one.has('DATA_EXCHANGE')).toBe(true);
    await clock.advance(200);
    expect([one.has('DATA_EXCHANGE'), one.isOver]).toEqual([false, true]);
    await one.renew();
    expect(one.has('DATA_EXCHANGE')).toBe(true);
  });

  test('each new holder has a higher token, even if Redis has forgotten the last one', async () => {
    const { redis, one, two } = await setUp();
    await one.renew();
    const before = one.tokens.DATA_EXCHANGE ?? 0;
    await one.renew();
    expect(one.tokens.DATA_EXCHANGE).toBe(before);
    await expire(redis, 'one');
    await redis.client().hset(redisKeys.tokens, 'DATA_EXCHANGE', before - 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    await two.renew();
    expect(two.has('DATA_EXCHANGE')).toBe(true);
    expect(two.tokens.DATA_EXCHANGE).toBeGreaterThan(before);
  });

  test('leases that are given back are free at once, and nothing of their holder remains', async () => {
    const { redis, one, two } = await setUp();
    await one.renew();
    await one.leave();
    expect(one.has('DATA_EXCHANGE')).toBe(false);
    expect((await two.renew()).others.size).toBe(0);
    expect(two.held.size).toBe(jobServices.length);
    expect(await redis.client().zrange(redisKeys.members, 0, -1)).toEqual(['two']);
  });

  test('the keys of versions that assigned single jobs have no effect on the leases', async () => {
    const { redis, one } = await setUp();
    const client = redis.client();
    await client.set('{waybill:watch}:lease:0', 'older');
    await client.hset('{waybill:watch}:tokens', '0', '9999999999999');
    await client.zadd('{waybill:watch}:members', Date.now() + leaseMs, 'older');
    expect((await one.renew()).others.size).toBe(0);
    expect(one.held.size).toBe(jobServices.length);
  });
});
