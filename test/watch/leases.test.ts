/** Leases over a Redis of the test's own; the gateways' time is in the test's hands. */
import { describe, expect, test } from 'vitest';
import { Leases, leaseMs } from '../../src/watch/leases.ts';
import { redisKeys } from '../../src/watch/redis-keys.ts';
import { allShards, jobShards, sweepShards } from '../../src/watch/shard.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';

const sweep = sweepShards.DATA_EXCHANGE;

/** What time would do, without the wait for it. */
async function end(redis: TestRedis, name: string): Promise<void> {
  const client = redis.client();
  for (let shard = 0; shard < allShards; shard += 1) {
    const key = redisKeys.leasePrefix + shard;
    if ((await client.get(key)) === name) await client.del(key);
  }
  await client.zadd(redisKeys.members, 0, name);
}

async function setUp() {
  const redis = await startRedis();
  const clock = new FakeClock();
  const client = redis.client();
  return { redis, clock, one: new Leases(client, clock, 'one'), two: new Leases(client, clock, 'two') };
}

// Without Debian's redis-server these are left out: apt-get install redis-server, then npx vitest run test/watch.
describe.skipIf(!hasRedis)('leases', () => {
  test('are for whoever is alone, then shared out evenly, and no shard has two holders', async () => {
    const { one, two } = await setUp();
    await one.renew([]);
    expect(one.held.size).toBe(jobShards);
    expect((await two.renew([])).others.has('one')).toBe(true);
    expect(two.held.size).toBe(0);
    expect(await one.renew([])).toMatchObject({ gaveBack: true });
    await two.renew([]);
    expect([one.held.size, two.held.size]).toEqual([jobShards / 2, jobShards / 2]);
    expect(new Set([...one.held, ...two.held]).size).toBe(jobShards);
  });

  test('P14 are over by the clock that nobody sets, a little before Redis gives them to another', async () => {
    const { clock, one } = await setUp();
    await one.renew([]);
    clock.setBy(3_600_000);
    expect(one.has(0)).toBe(true);
    clock.setBy(-7_200_000);
    await clock.advance(leaseMs - 600);
    expect(one.has(0)).toBe(true);
    await clock.advance(200);
    expect([one.has(0), one.isOver]).toEqual([false, true]);
    await one.renew([]);
    expect(one.has(0)).toBe(true);
  });

  test('each new holder has a higher token, even where Redis has forgotten the last', async () => {
    const { redis, one, two } = await setUp();
    await one.renew([]);
    const [before = 0] = one.tokens;
    expect(await one.renew([])).toMatchObject({ gaveBack: false });
    expect(one.tokens[0]).toBe(before);
    await end(redis, 'one');
    await redis.client().hset(redisKeys.tokens, '0', before - 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    await two.renew([]);
    expect(two.has(0)).toBe(true);
    expect(two.tokens[0]).toBeGreaterThan(before);
  });

  test('of a shard wanted by name go to whoever comes first, and on from one who wants it no more', async () => {
    const { one, two } = await setUp();
    await one.renew([sweep]);
    const { firstFreeMs } = await two.renew([sweep]);
    expect([one.has(sweep), two.has(sweep)]).toEqual([true, false]);
    expect(firstFreeMs).toBeGreaterThan(leaseMs - 1_000);
    expect(await one.renew([])).toMatchObject({ gaveBack: true });
    await two.renew([sweep]);
    expect([one.has(sweep), two.has(sweep)]).toEqual([false, true]);
  });

  test('that are given back are there at once, with all that their holder left', async () => {
    const { redis, one, two } = await setUp();
    await one.renew([sweep]);
    await one.leave();
    expect(one.has(0)).toBe(false);
    expect((await two.renew([sweep])).others.size).toBe(0);
    expect(two.held.size).toBe(jobShards + 1);
    expect(await redis.client().zrange(redisKeys.members, 0, -1)).toEqual(['two']);
  });
});
