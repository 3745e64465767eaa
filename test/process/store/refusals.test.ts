/** A Redis that answers and refuses writes: nothing is sent to AWS, and the log says why. */
import { rmSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { codesIn, create, idIn } from '../../support/creates/failover-world.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { hasRedis, startRedis } from '../../support/redis.ts';

interface Refusal {
  readonly how: string;
  readonly begin: (client: Redis) => Promise<unknown>;
  readonly end: (client: Redis) => Promise<unknown>;
  readonly reason: string;
}

const refusals: readonly Refusal[] = [
  {
    how: 'full',
    begin: (client) => client.config('SET', 'maxmemory', '1'),
    end: (client) => client.config('SET', 'maxmemory', '0'),
    reason: 'the Redis is full (OOM): raise its `maxmemory`, or delete what others keep in it. ',
  },
  {
    how: 'without the replicas that it asks for',
    begin: (client) => client.config('SET', 'min-replicas-to-write', '1'),
    end: (client) => client.config('SET', 'min-replicas-to-write', '0'),
    reason: 'the Redis has fewer replicas than its `min-replicas-to-write` (NOREPLICAS): start them. ',
  },
  {
    how: 'closed to its user',
    begin: (client) => client.acl('SETUSER', 'default', '-@write'),
    end: (client) => client.acl('SETUSER', 'default', '+@all'),
    reason: 'the user of the URL may not write (NOPERM): allow it all commands on keys that begin with `{waybill`. ',
  },
  {
    how: 'a replica',
    begin: (client) => client.replicaof('127.0.0.1', 1),
    end: (client) => client.replicaof('NO', 'ONE'),
    reason: 'the Redis is a replica (READONLY): WAYBILL_REDIS_URL has to lead to the primary. ',
  },
  {
    how: 'unable to save',
    begin: async (client) => {
      const [, folder = ''] = (await client.config('GET', 'dir')) as string[];
      rmSync(folder, { recursive: true });
      await client.config('SET', 'appendonly', 'no', 'save', '3600 1');
      await client.bgsave();
      await expect.poll(() => client.info('persistence')).toContain('rdb_last_bgsave_status:err');
    },
    end: (client) => client.config('SET', 'save', ''),
    reason:
      'the Redis cannot save to its disk (MISCONF): mend that disk, or make room on it; the log of Redis says more. ',
  },
];

function complaintsIn(stderr: string): readonly string[] {
  const records = stderr.split('\n').filter((line) => line !== '');
  return records.map((line) => JSON.parse(line)).flatMap(({ level, msg }) => (level === 'error' ? [msg] : []));
}

const consequence = 'Until then creates with an idempotency key are refused, and nothing is sent for them.';

// Skipped without redis-server 7: apt-get install redis-server && npx vitest run test/process/store
test.skipIf(!hasRedis)(
  'while Redis refuses writes no create with a key is sent, the log says why, and both end with the refusal',
  async () => {
    const [redis, emulator] = await Promise.all([startRedis(), startLastingEmulator()]);
    const gateway = await startChildGateway({ ...settingsOver(emulator.url), WAYBILL_REDIS_URL: redis.url });
    const client = redis.client();
    const name = 'createDataExchangeJob';
    const readiness = async () => (await fetch(new URL('/readyz', gateway.url))).status;
    for (const [at, { how, begin, end, reason }] of refusals.entries()) {
      const key = `order-4711-attempt-${at}`;
      const before = complaintsIn(gateway.stderr()).length;
      const complaints = () => complaintsIn(gateway.stderr()).slice(before);
      await begin(client);
      for (const _ of [1, 2, 3]) {
        expect([how, codesIn(await create(gateway, name, key))]).toEqual([how, ['IDEMPOTENCY_STORE_UNAVAILABLE']]);
      }
      expect(await readiness()).toBe(503);
      expect((await emulator.requests())['DataExchange.CreateJob'] ?? 0).toBe(at);
      await expect.poll(complaints).toEqual([`WAYBILL_REDIS_URL: ${reason}${consequence}`]);
      await end(client);
      await expect.poll(readiness, { timeout: 10_000 }).toBe(200);
      expect(idIn(await create(gateway, name, key), name)).toBeDefined();
      expect((await emulator.requests())['DataExchange.CreateJob']).toBe(at + 1);
      expect(complaints().slice(1)).toEqual(['WAYBILL_REDIS_URL: the store takes writes again.']);
    }
  },
  60_000,
);
