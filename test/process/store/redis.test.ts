import { describe, expect, test } from 'vitest';
import { connectRedis } from '../../../src/store/redis.ts';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.ts';

async function connected(settings: readonly string[] = []) {
  const server = await startRedis(settings);
  const lines: string[] = [];
  const redis = await connectRedis(server.url, (line) => lines.push(line));
  return { server, lines, redis };
}

/** How long each of some commands takes to be refused. */
async function refusals(redis: Awaited<ReturnType<typeof connectRedis>>, count: number): Promise<readonly number[]> {
  const refused = Array.from({ length: count }, async () => {
    const since = performance.now();
    await expect(redis.set('a', '1')).rejects.toThrow();
    return performance.now() - since;
  });
  return Promise.all(refused);
}

async function answersAgain(redis: Awaited<ReturnType<typeof connectRedis>>): Promise<void> {
  await expect.poll(() => redis.ping().catch(() => undefined), { timeout: 10_000 }).toBe('PONG');
}

const outages: readonly { how: string; end: (server: TestRedis) => unknown; begin: (server: TestRedis) => unknown }[] =
  [
    { how: 'killed', end: (server) => server.kill(), begin: (server) => server.restart() },
    { how: 'paused', end: (server) => server.pause(), begin: (server) => server.resume() },
  ];

// Without redis-server 7 on the machine: apt-get install redis-server && npx vitest run test/process/store/redis.test.ts
describe.skipIf(!hasRedis)('the connection to a Redis', () => {
  test.each(outages)(
    'that is $how refuses every command soon, says so once, and comes back',
    async ({ end, begin }) => {
      const { server, lines, redis } = await connected();
      await end(server);
      // A hang would last until the end of the test.
      for (const _ of [1, 2]) expect(Math.max(...(await refusals(redis, 20)))).toBeLessThan(5_000);
      await expect
        .poll(() => lines)
        .toEqual([expect.stringMatching(/^WAYBILL_REDIS_URL: the Redis at 127\.0\.0\.1:\d+ is away.*/)]);
      await begin(server);
      await answersAgain(redis);
      await expect.poll(() => lines.slice(1)).toEqual([expect.stringMatching(/ is back$/)]);
      redis.disconnect();
    },
  );

  test('does not send again what it gave up', async () => {
    const { server, redis } = await connected();
    await redis.set('count', 0);
    server.pause();
    await expect(redis.incr('count')).rejects.toThrow();
    server.resume();
    await answersAgain(redis);
    expect(Number(await redis.get('count'))).toBeLessThanOrEqual(1);
    redis.disconnect();
  });

  test('is refused at the start where nothing answers, by the name of its setting and without the password', async () => {
    const { server, redis } = await connected();
    redis.disconnect();
    await server.kill();
    const url = server.url.replace('//', '//user:PLANTED@');
    const refused = connectRedis(url, () => {});
    await expect(refused).rejects.toThrow(/^WAYBILL_REDIS_URL: no Redis answers at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
    await expect(refused).rejects.not.toThrow(/PLANTED/);
  });

  test('says what is missing where confirmed writes may be forgotten', async () => {
    const { lines, redis } = await connected(['--appendfsync', 'everysec', '--maxmemory-policy', 'allkeys-lru']);
    expect(lines).toEqual([expect.stringMatching(/set appendfsync always, maxmemory-policy noeviction\.$/)]);
    redis.disconnect();
  });

  test('says nothing where it may not ask', async () => {
    const { lines, redis } = await connected(['--appendfsync', 'no', '--rename-command', 'CONFIG', '']);
    expect(lines).toEqual([]);
    redis.disconnect();
  });
});
