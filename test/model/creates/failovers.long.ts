/**
 * Redis is lost at a random point of many creates, and a replica that may lack the last writes takes its place. Part of the long run
 * only: until a superfluous job is cancelled takes a minute.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  answered,
  create,
  createNames,
  idIn,
  jobsSeenBy,
  startFailoverWorld,
} from '../../support/creates/failover-world.ts';
import { hasRedis } from '../../support/redis.ts';
import { failoverRuns } from '../runs.ts';

const keys = Array.from({ length: 12 }, (_, at) => `key-${at}`.padStart(16, '0'));
const faults = [{ reset: true, afterCommit: true }, { delayMs: 150, afterCommit: true }, { reset: true }] as const;

const course = fc.record({
  /** When the replica is cut off, and when the primary is lost after that. */
  cutOffAfterMs: fc.option(fc.nat(250)),
  lostAfterMs: fc.nat(250),
  isSplit: fc.boolean(),
  /** Whether a gateway is killed just then, and another one started. */
  isKilled: fc.boolean(),
  fault: fc.constantFrom(...faults),
});

// Skipped without Debian's redis-server: apt-get install redis-server, then npm run test:long.
test.skipIf(!hasRedis)(
  'whenever Redis is lost, and whatever its replica lacks, each key has one job',
  async () => {
    const courses = fc.sample(course, failoverRuns);
    for (const { cutOffAfterMs, lostAfterMs, isSplit, isKilled, fault } of courses) {
      const { redis, emulator, gateways, startGateway } = await startFailoverWorld();
      const ids = new Map<string, string>();
      const note = (name: string, id: string | undefined): void => {
        if (id === undefined) return;
        expect([name, id]).toEqual([name, ids.get(name) ?? id]);
        ids.set(name, id);
      };
      for (let round = 0; round < 4; round += 1) await emulator.fail('DataExchange.CreateJob', fault);
      await emulator.fail('ImportExport.CreateJob', fault);
      const attempts = keys.flatMap((key, at) =>
        createNames.flatMap((name) =>
          gateways.map(async (gateway) => {
            await sleep(at * 40);
            const answer = await create(gateway, name, key).catch(() => ({}));
            note(`${name} ${key}`, idIn(answer, name));
          }),
        ),
      );
      if (cutOffAfterMs !== null) {
        await sleep(cutOffAfterMs);
        redis.cutReplicaOff();
      }
      await sleep(lostAfterMs);
      if (isKilled) await gateways[0].die();
      if (isSplit) {
        await redis.splitBrain();
        await sleep(100);
        redis.endSplitBrain();
      } else await redis.failOver();
      await Promise.all(attempts);
      await emulator.heal();
      const present = [isKilled ? await startGateway() : gateways[0], gateways[1]] as const;
      const repeats = keys.flatMap((key, at) =>
        createNames.map(async (name) => {
          const gateway = present[at % 2 === 0 ? 0 : 1];
          note(`${name} ${key}`, await answered(gateway, name, key));
        }),
      );
      await Promise.all(repeats);
      expect(new Set(ids.values()).size).toBe(2 * keys.length);
      // A superfluous job of a create that was sent twice is cancelled by a sweep.
      const isOnce = async () => (await jobsSeenBy(present[0])).join();
      await expect.poll(isOnce, { timeout: 90_000, interval: 2_000 }).toBe([...ids.values()].toSorted().join());
      await Promise.all([...gateways, ...present].map((gateway) => gateway.die()));
      await Promise.all([redis.primary.kill(), redis.replica.kill()]);
    }
  },
  failoverRuns * 240_000,
);
