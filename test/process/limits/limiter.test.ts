/** The points of callers, counted by several gateways in one Redis, which may be down. */
import type { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { RateLimit, type Verdict } from '../../../src/limits/rate-limit.ts';
import { connectRedis } from '../../../src/store/redis.ts';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.ts';

const points = 30;

/** The limits of `count` gateways. */
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

/** The number of `count` simultaneous charges that are accepted. Rejects if one fails. */
async function accepted(limit: RateLimit | undefined, key: string, count: number): Promise<number> {
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

// Skipped without redis-server 7: apt-get install redis-server && npx vitest run test/process/limits
describe.skipIf(!hasRedis)('points that gateways count together', () => {
  test('of the charges of one caller to three gateways as many as there are points are accepted', async () => {
    const limits = await limitsOver(await startRedis(), 3);
    const each = await Promise.all(limits.map((limit) => accepted(limit, 'a', 25)));
    expect(each.reduce((sum, count) => sum + count)).toBe(points);
    expect(await accepted(limits[0], 'b', points)).toBe(points);
    expect(waitOf(await limits[1]?.charge('b', 1))).toBeGreaterThan(0);
  });

  test('Redis contains no caller’s name, and its keys expire', async () => {
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
    'while Redis is $how each gateway counts by itself, and afterwards they count together',
    async ({ end, begin }) => {
      const server = await startRedis();
      const connections = await connectionsTo(server, 2);
      const limits = connections.map(limitBy);
      const [first, second] = limits;
      expect(await accepted(first, 'before', 20)).toBe(20);
      await end(server);
      for (const limit of limits) {
        expect(await accepted(limit, 'during', 2 * points)).toBe(points);
        expect(await accepted(limit, 'during', points)).toBe(0);
      }
      await begin(server);
      const answers = () => Promise.all(connections.map((redis) => redis.ping().catch(() => '')));
      await expect.poll(answers, { timeout: 10_000 }).toEqual(['PONG', 'PONG']);
      // Charges at one gateway before the outage count at the other.
      expect(waitOf(await second?.charge('before', points - 20 + 1))).toBeGreaterThan(0);
      expect(await accepted(first, 'before', 1)).toBe(0);
    },
  );
});
