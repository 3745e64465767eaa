import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectRedis } from '../../../src/store/redis.ts';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.ts';

async function connected(settings: readonly string[] = []) {
  const server = await startRedis(settings);
  const lines: string[] = [];
  const redis = await connectRedis(server.url, (line) => lines.push(line));
  return { server, lines, redis };
}

/** The time until each of `count` commands fails. */
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

test.each([
  ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'what answers is no Redis, or expects rediss:'],
  ['TLS', Buffer.from([21, 3, 1, 0, 2, 2, 70]), 'what answers is no Redis, or expects rediss:'],
  ['nothing', '', 'Socket timeout'],
])('a server that answers with %s is named as what it is', async (_, reply, cause) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.write(reply));
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(connectRedis(`redis://127.0.0.1:${port}`, () => {})).rejects.toThrow(
    `WAYBILL_REDIS_URL: no Redis answers at 127.0.0.1:${port} (${cause}): expected one that can be written to.`,
  );
});

const outages: readonly { how: string; end: (server: TestRedis) => unknown; begin: (server: TestRedis) => unknown }[] =
  [
    { how: 'killed', end: (server) => server.kill(), begin: (server) => server.restart() },
    { how: 'paused', end: (server) => server.pause(), begin: (server) => server.resume() },
  ];

// Skipped without redis-server 7: apt-get install redis-server && npx vitest run test/process/store/redis.test.ts
describe.skipIf(!hasRedis)('the connection to a Redis', () => {
  test.each(outages)(
    'fails every command soon while Redis is $how, logs that once, and reconnects',
    async ({ end, begin }) => {
      const { server, lines, redis } = await connected();
      await end(server);
      // A hanging command would last until the end of the test.
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

  test('does not send a failed command again', async () => {
    const { server, redis } = await connected();
    await redis.set('count', 0);
    server.pause();
    await expect(redis.incr('count')).rejects.toThrow();
    server.resume();
    await answersAgain(redis);
    expect(Number(await redis.get('count'))).toBeLessThanOrEqual(1);
    redis.disconnect();
  });

  test('is refused at the start if nothing answers, with the name of its setting and without the password', async () => {
    const { server, redis } = await connected();
    redis.disconnect();
    await server.kill();
    const url = server.url.replace('//', '//user:PLANTED@');
    const refused = connectRedis(url, () => {});
    await expect(refused).rejects.toThrow(/^WAYBILL_REDIS_URL: no Redis answers at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
    await expect(refused).rejects.not.toThrow(/PLANTED/);
  });

  test('logs the missing settings of a Redis that may lose confirmed writes', async () => {
    const { lines, redis } = await connected(['--appendfsync', 'everysec', '--maxmemory-policy', 'allkeys-lru']);
    expect(lines).toEqual([expect.stringMatching(/set appendfsync always, maxmemory-policy noeviction\.$/)]);
    redis.disconnect();
  });

  test('logs nothing if Redis refuses CONFIG', async () => {
    const { lines, redis } = await connected(['--appendfsync', 'no', '--rename-command', 'CONFIG', '']);
    expect(lines).toEqual([]);
    redis.disconnect();
  });
});
