/** What callers may ask in a minute, counted over all gateways by one Redis, which may be away. */
import type { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { RateLimit, type Verdict } from '../../../src/limits/rate-limit.ts';
import { connectRedis } from '../../../src/store/redis.ts';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.ts';

const points = 30;

/** As many gateways count together as there are limits. */
async function limitsOver(server: TestRedis, count: number): Promise<readonly RateLimit[]> {
  const connections = await connectionsTo(server, count);
  return connections.map(limitBy);
}

function connectionsTo(server: TestRedis, count: number): Promise<readonly Redis[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const redis = await connectRedis(server.url, () => {});
      onTestFinished(() => redis.disconnect());
      return redis;
    }),
  );
}

function limitBy(redis: Redis): RateLimit {
  return new RateLimit({ points, windowMs: 60_000, maxKeys: 100 }, systemClock.monotonicMs, redis);
}

/** How many of `count` charges at once pass. Rejects if one is answered by an error. */
async function passed(limit: RateLimit | undefined, key: string, count: number): Promise<number> {
  const verdicts = await Promise.all(Array.from({ length: count }, () => limit?.charge(key, 1)));
  for (const verdict of verdicts) expect(waitOf(verdict)).toBeLessThanOrEqual(60_000);
  return verdicts.filter((verdict) => verdict === undefined).length;
}

function waitOf(verdict: Verdict): number {
  return verdict?.retryAfterMs ?? 0;
}

const outages: readonly { how: string; end: (server: TestRedis) => unknown; begin: (server: TestRedis) => unknown }[] =
  [
    { how: 'killed', end: (server) => server.kill(), begin: (server) => server.restart() },
    { how: 'paused', end: (server) => server.pause(), begin: (server) => server.resume() },
  ];

// Without redis-server 7 on the machine: apt-get install redis-server && npx vitest run test/process/limits
describe.skipIf(!hasRedis)('points that gateways count together', () => {
  test('of the charges of one caller to three gateways as many pass as there are points', async () => {
    const limits = await limitsOver(await startRedis(), 3);
    const each = await Promise.all(limits.map((limit) => passed(limit, 'a', 25)));
    expect(each.reduce((sum, count) => sum + count)).toBe(points);
    expect(await passed(limits[0], 'b', points)).toBe(points);
    expect(waitOf(await limits[1]?.charge('b', 1))).toBeGreaterThan(0);
  });

  test('nobody’s name lies in Redis, and nothing stays there', async () => {
    const server = await startRedis();
    const [limit] = await limitsOver(server, 1);
    await limit?.charge('jane.roe@example.com', 1);
    const client = server.client();
    const [key = '', ...others] = await client.keys('*');
    expect(others).toEqual([]);
    expect(key).toMatch(/^\{waybill\}:points:[\w-]{43}$/);
    expect(await client.pttl(key)).toBeGreaterThan(0);
  });

  test.each(outages)(
    'with a Redis that is $how each gateway limits by itself, and together again after',
    async ({ end, begin }) => {
      const server = await startRedis();
      const connections = await connectionsTo(server, 2);
      const limits = connections.map(limitBy);
      const [first, second] = limits;
      expect(await passed(first, 'before', 20)).toBe(20);
      await end(server);
      for (const limit of limits) {
        expect(await passed(limit, 'during', 2 * points)).toBe(points);
        expect(await passed(limit, 'during', points)).toBe(0);
      }
      await begin(server);
      const answers = () => Promise.all(connections.map((redis) => redis.ping().catch(() => '')));
      await expect.poll(answers, { timeout: 10_000 }).toEqual(['PONG', 'PONG']);
      // What was asked of the one before the outage counts for the other.
      expect(waitOf(await second?.charge('before', points - 20 + 1))).toBeGreaterThan(0);
      expect(await passed(first, 'before', 1)).toBe(0);
    },
  );
});
