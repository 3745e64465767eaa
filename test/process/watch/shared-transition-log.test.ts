/** The shared log over a Redis of the test: each mirror emits the same, and no lost entry is skipped silently. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { ImportExportJob } from '../../../src/model/import-export-job.ts';
import { type JobState, jobServices } from '../../../src/model/job-state.ts';
import type { PeerNotice } from '../../../src/watch/cluster/poll-assignment.ts';
import { redisKeys } from '../../../src/watch/cluster/redis-keys.ts';
import { openSharedWatching, type SharedWatching } from '../../../src/watch/cluster/sharing.ts';
import {
  type FencingTokens,
  jobKey,
  type Transition,
  type TransitionLog,
} from '../../../src/watch/history/transition-log.ts';
import { noBackoffClock } from '../../support/no-backoff-clock.ts';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.ts';

const retention = { transitions: 30, ageMs: 86_400_000, inMemory: 8 };
const job: ImportExportJob = { service: 'IMPORT_EXPORT', awsJobId: 'AAAAA' };
const other: ImportExportJob = { service: 'IMPORT_EXPORT', awsJobId: 'BBBBB' };

interface Gateway extends SharedWatching {
  readonly emitted: Transition[];
  /** The collections of unreadable entries. */
  readonly unreadable: readonly string[];
  /** Number of losses that the log has reported. */
  readonly losses: () => number;
}

/** Waits until all gateways know the present tokens: before, appends may be refused. */
async function joinAll(redis: TestRedis, count: number): Promise<Gateway[]> {
  const gateways = await Promise.all(Array.from({ length: count }, () => join(redis)));
  const tokens = () => gateways.map(({ assignment }) => textOf(assignment.fencingTokens()));
  const client = redis.client();
  const isSettled = async (): Promise<boolean> => {
    const expected = await tokensIn(client);
    return tokens().every((each) => each === expected);
  };
  await expect.poll(isSettled, { timeout: 5_000 }).toBe(true);
  return gateways;
}

async function joinTwo(redis: TestRedis): Promise<readonly [Gateway, Gateway]> {
  const [one, two] = await joinAll(redis, 2);
  if (one === undefined || two === undefined) throw new Error('expected two gateways');
  return [one, two];
}

const textOf = (fencingTokens: FencingTokens): string =>
  jobServices.map((service) => fencingTokens[service] ?? 0).join();

async function tokensIn(client: Redis): Promise<string> {
  const tokens = await client.hgetall(redisKeys.tokens);
  return textOf(Object.fromEntries(Object.entries(tokens).map(([service, token]) => [service, Number(token)])));
}

async function join(redis: TestRedis, expected = retention): Promise<Gateway> {
  const client = redis.client();
  client.on('error', () => {});
  const unreadable: string[] = [];
  const onUnreadable = (collection: string) => void unreadable.push(collection);
  const watching = await openSharedWatching(client, noBackoffClock, { retention: expected, onUnreadable });
  onTestFinished(watching.close);
  const emitted: Transition[] = [];
  let losses = 0;
  watching.log.follow(
    (transition) => emitted.push(transition),
    () => {
      losses += 1;
    },
  );
  return { ...watching, emitted, unreadable, losses: () => losses };
}

async function observe({ log, assignment }: SharedWatching, of: ImportExportJob, to: JobState): Promise<Transition> {
  const appended = await appendTo(log, of, to, assignment.fencingTokens());
  if (appended === undefined) throw new Error('expected the sequence to be the last one');
  return appended;
}

function appendTo(log: TransitionLog, of: ImportExportJob, to: JobState, fencingTokens: FencingTokens) {
  const last = log.last(of);
  const kind = last === undefined ? 'first' : 'changed';
  const observed = { kind, job: of, from: last?.to ?? null, to, observedAt: new Date(0) } as const;
  return log.append(last?.sequence ?? 0, observed, fencingTokens);
}

/** Retries until the append succeeds. */
async function observeAgain(gateway: Gateway, of: ImportExportJob, to: JobState): Promise<Transition> {
  for (;;) {
    const appended = await observe(gateway, of, to).catch(() => undefined);
    if (appended !== undefined) return appended;
    await sleep(20);
  }
}

const stepsOf = (transitions: readonly Transition[] | undefined) =>
  transitions?.map(({ job: { awsJobId }, sequence, to }) => `${awsJobId} ${sequence} ${to}`);

// Skipped without Debian's redis-server: apt-get install redis-server, then npx vitest run test/process/watch.
describe.skipIf(!hasRedis)('the shared log', () => {
  test('an entry is in the mirror of its writer when its append resolves, and each gateway emits entries in the same order', async () => {
    const redis = await startRedis();
    const [one, two] = await joinTwo(redis);
    expect(two.log.id).toBe(one.log.id);
    const first = await observe(one, job, 'WAITING');
    expect(one.log.last(job)).toEqual({ kind: 'first', sequence: 1, to: 'WAITING' });
    expect(one.log.head).toBe(first.offset);
    await two.log.caughtUp(first.offset);
    await observe(two, job, 'IN_PROGRESS');
    const last = await observe(two, other, 'WAITING');
    await one.log.caughtUp(last.offset);
    const steps = ['AAAAA 1 WAITING', 'AAAAA 2 IN_PROGRESS', 'BBBBB 1 WAITING'];
    expect(stepsOf(one.emitted)).toEqual(steps);
    expect(stepsOf(two.emitted)).toEqual(steps);
    expect(stepsOf(one.log.since(first.offset))).toEqual(steps.slice(1));
    expect(await two.log.history(job, { limit: 1 })).toMatchObject([
      { sequence: 2, from: 'WAITING', to: 'IN_PROGRESS' },
    ]);
    expect(await one.log.history(job, { limit: 9, before: last.offset - 1 })).toMatchObject([{ sequence: 1 }]);
  });

  test('one of many concurrent appends of the same transition succeeds, and the others then know of it', async () => {
    const redis = await startRedis();
    const gateways = await joinAll(redis, 4);
    for (const to of ['WAITING', 'IN_PROGRESS', 'COMPLETED'] as const) {
      const appended = await Promise.all(
        gateways.map(({ log, assignment }) => appendTo(log, job, to, assignment.fencingTokens())),
      );
      expect(appended.filter((each) => each !== undefined)).toHaveLength(1);
      expect(gateways.map(({ log }) => log.last(job)?.to)).toEqual([to, to, to, to]);
    }
  });

  test('an append with a token below the highest is refused, and its gateway loses the lease', async () => {
    const redis = await startRedis();
    const gateway = await join(redis);
    const { offset } = await observe(gateway, job, 'WAITING');
    const fencingTokens = gateway.assignment.fencingTokens();
    expect(gateway.assignment.isOurs(job)).toBe(true);
    await redis.client().hincrby(redisKeys.tokens, job.service, 1);
    expect(await appendTo(gateway.log, job, 'IN_PROGRESS', fencingTokens)).toBeUndefined();
    expect(gateway.assignment.isOurs(job)).toBe(false);
    expect(gateway.log.last(job)).toMatchObject({ to: 'WAITING' });
    expect(await redis.client().hget(redisKeys.log, 'head')).toBe(`${offset}`);
  });

  test('the oldest entries are deleted with their history, and a cursor before them is too old in each gateway', async () => {
    const redis = await startRedis();
    const [one, two] = await joinTwo(redis);
    const first = await observe(one, other, 'WAITING');
    for (let round = 0; round < 60; round += 1) await observe(one, job, round % 2 === 0 ? 'WAITING' : 'IN_PROGRESS');
    await two.log.caughtUp(one.log.head);
    const client = redis.client();
    expect(await client.xlen(redisKeys.entries)).toBe(retention.transitions);
    expect(await one.log.history(job, { limit: 100 })).toHaveLength(retention.transitions);
    expect(await one.log.history(other, { limit: 100 })).toEqual([]);
    expect(await client.hkeys(redisKeys.heads)).toEqual(['IMPORT_EXPORT:AAAAA']);
    expect([one.log.since(first.offset), two.log.since(first.offset)]).toEqual([undefined, undefined]);
    const late = await join(redis);
    expect(late.log.since(one.log.head - 3)).toHaveLength(3);
    expect(late.log.since(first.offset)).toBeUndefined();
    expect(await observeAgain(one, other, 'COMPLETED')).toMatchObject({ sequence: 2 });
  });

  test('while Redis is down nothing is appended; when it is back the log continues', async () => {
    const redis = await startRedis();
    const [one, two] = await joinTwo(redis);
    const first = await observe(one, job, 'WAITING');
    await redis.kill();
    await expect(observe(one, job, 'IN_PROGRESS')).rejects.toThrow();
    expect(one.log.last(job)).toMatchObject({ to: 'WAITING' });
    await redis.restart();
    await observeAgain(one, job, 'IN_PROGRESS');
    // A failed connection is retried a second later.
    const emitted = () => stepsOf(two.emitted);
    await expect.poll(emitted, { timeout: 5_000 }).toEqual(['AAAAA 1 WAITING', 'AAAAA 2 IN_PROGRESS']);
    expect([one.losses(), two.losses()]).toEqual([0, 0]);
    expect(stepsOf(two.log.since(first.offset))).toEqual(['AAAAA 2 IN_PROGRESS']);
  });

  test('a Redis that lost its last writes never issues an offset twice, and gateways with lost entries report a loss', async () => {
    const redis = await startRedis();
    const [one, two] = await joinTwo(redis);
    const kept = await observe(one, job, 'WAITING');
    await two.log.caughtUp(kept.offset);
    const copy = await redis.client().dumpBuffer(redisKeys.entries);
    const heads = await redis.client().hgetall(redisKeys.heads);
    const lost = [await observe(one, job, 'IN_PROGRESS'), await observe(one, other, 'WAITING')];
    await two.close();
    // Restores an older copy.
    const client = redis.client();
    await client.restore(redisKeys.entries, 0, copy, 'REPLACE');
    await client.hset(redisKeys.log, 'head', kept.offset);
    await client.del(redisKeys.heads);
    await client.hset(redisKeys.heads, heads);
    await redis.restart();
    const again = await observeAgain(one, job, 'COMPLETED');
    expect(again.offset).toBeGreaterThan(Math.max(...lost.map(({ offset }) => offset)));
    expect(again).toMatchObject({ sequence: 2, from: 'WAITING' });
    expect(one.losses()).toBe(1);
    const late = await join(redis);
    for (const { log } of [one, late]) {
      expect(lost.map(({ offset }) => log.since(offset))).toEqual([undefined, undefined]);
      expect(stepsOf(log.since(kept.offset))).toEqual(['AAAAA 2 COMPLETED']);
    }
  });

  test('emptying a running Redis is a loss in each gateway, and all continue with one new log', async () => {
    const redis = await startRedis();
    const [one, two] = await joinTwo(redis);
    const lost = [await observe(one, job, 'WAITING'), await observe(one, job, 'IN_PROGRESS')];
    await two.log.caughtUp(one.log.head);
    await redis.client().flushall();
    const again = await observeAgain(one, job, 'COMPLETED');
    await expect.poll(() => two.log.id, { timeout: 5_000 }).toBe(one.log.id);
    for (const { log, losses } of [one, two]) {
      expect(losses()).toBe(1);
      expect(log.last(job)).toEqual({ kind: 'first', sequence: 1, to: 'COMPLETED' });
      expect(lost.map(({ offset }) => log.since(offset))).toEqual([undefined, undefined]);
    }
    const next = await observeAgain(two, other, 'WAITING');
    expect(stepsOf(two.log.since(again.offset))).toEqual(['BBBBB 1 WAITING']);
    await one.log.caughtUp(next.offset);
    for (const { emitted } of [one, two]) expect(stepsOf(emitted)?.at(-1)).toBe('BBBBB 1 WAITING');
  });

  test('if a new gateway comes to an emptied Redis before the others notice, they follow its log', async () => {
    const redis = await startRedis();
    const [one, two] = await joinTwo(redis);
    const first = await observe(one, job, 'WAITING');
    await two.log.caughtUp(first.offset);
    const before = one.log.id;
    await redis.client().flushall();
    const late = await join(redis);
    const begun = await observe(late, job, 'IN_PROGRESS');
    expect(late.log.id).not.toBe(before);
    await expect
      .poll(() => [one, two].map(({ log }) => log.id), { timeout: 5_000 })
      .toEqual([late.log.id, late.log.id]);
    for (const { log, losses } of [one, two]) {
      expect(losses()).toBe(1);
      expect(log.last(job)).toEqual({ kind: 'first', sequence: 1, to: 'IN_PROGRESS' });
    }
    await observeAgain(two, job, 'COMPLETED');
    await expect.poll(() => stepsOf(late.emitted)).toEqual(['AAAAA 1 IN_PROGRESS', 'AAAAA 2 COMPLETED']);
    expect(late.losses()).toBe(0);
    expect(stepsOf(one.log.since(begun.offset))).toEqual(['AAAAA 2 COMPLETED']);
  });

  test('a full Redis refuses appends, and stores no part of them', async () => {
    const redis = await startRedis();
    const gateway = await join(redis);
    const { offset } = await observe(gateway, job, 'WAITING');
    const client = redis.client();
    await client.config('SET', 'maxmemory-policy', 'noeviction');
    await client.config('SET', 'maxmemory', '1');
    await expect(observe(gateway, job, 'IN_PROGRESS')).rejects.toThrow('OOM');
    expect(await client.hgetall(redisKeys.log)).toMatchObject({ head: `${offset}` });
    await client.config('SET', 'maxmemory', '0');
    await observe(gateway, job, 'IN_PROGRESS');
    expect(stepsOf(gateway.emitted)).toEqual(['AAAAA 1 WAITING', 'AAAAA 2 IN_PROGRESS']);
  });

  test('a Redis that does not answer for two seconds loses no transition and repeats none', async () => {
    const redis = await startRedis();
    const [one, two] = await joinTwo(redis);
    await observe(one, job, 'WAITING');
    redis.pause();
    const refused = expect(observe(one, job, 'IN_PROGRESS')).rejects.toThrow();
    const steps = ['AAAAA 1 WAITING', 'AAAAA 2 IN_PROGRESS'];
    await sleep(2_000);
    redis.resume();
    await refused;
    await expect
      .poll(
        async () => {
          if (one.log.last(job)?.to !== 'IN_PROGRESS') await observe(one, job, 'IN_PROGRESS').catch(() => {});
          return [one, two].map(({ emitted }) => stepsOf(emitted));
        },
        { timeout: 5_000 },
      )
      .toEqual([steps, steps]);
  });

  test('unknown members of an entry are ignored, and an unreadable entry is skipped', async () => {
    const redis = await startRedis();
    const [one, two] = await joinTwo(redis);
    await observe(one, job, 'WAITING');
    const client = redis.client();
    const write = async (change: object, sequence: number): Promise<void> => {
      const [[, fields] = ['', []]] = await client.xrevrange(redisKeys.entries, '+', '-', 'COUNT', 1);
      const entry = JSON.parse(fields[fields.indexOf('transition') + 1] ?? '');
      const previous = Number(await client.hget(redisKeys.log, 'head'));
      const text = JSON.stringify({ ...entry, sequence, from: 'WAITING', to: 'IN_PROGRESS', ...change });
      await client
        .multi()
        .hset(redisKeys.log, 'head', previous + 1)
        .xadd(
          redisKeys.entries,
          `${previous + 1}-0`,
          'previous',
          previous,
          'at',
          Date.now(),
          'job',
          'x',
          'transition',
          text,
          'newer',
          '1',
        )
        .hset(redisKeys.heads, jobKey(job), `${previous + 1} ${sequence} changed IN_PROGRESS`)
        .exec();
    };
    await write({ kind: 'changed', newer: { member: 1 } }, 2);
    await write({ kind: 'of a newer version' }, 3);
    // A mirror that has skipped it is refused once, and then knows the job's head.
    expect(await observe(two, job, 'COMPLETED').catch(() => undefined)).toBeUndefined();
    const last = await observe(two, job, 'COMPLETED');
    await one.log.caughtUp(last.offset);
    for (const { emitted, losses, unreadable } of [one, two]) {
      expect(stepsOf(emitted)).toEqual(['AAAAA 1 WAITING', 'AAAAA 2 IN_PROGRESS', 'AAAAA 4 COMPLETED']);
      expect([losses(), unreadable]).toEqual([0, ['transitions']]);
    }
    const late = await join(redis);
    expect(stepsOf(late.log.since(last.offset - 2))).toEqual(['AAAAA 4 COMPLETED']);
    expect(stepsOf(late.log.since(last.offset - 1))).toEqual(['AAAAA 4 COMPLETED']);
  });

  test('unknown members of notices are ignored, and unknown notices are skipped', async () => {
    const redis = await startRedis();
    const one = await join(redis);
    const received: PeerNotice[] = [];
    one.assignment.assignTo({
      onReassigned: () => {},
      onPeerInterest: () => {},
      onPeerNotice: (notice) => received.push(notice),
    });
    const client = redis.client();
    const publish = (notice: object) => client.publish(redisKeys.channel, JSON.stringify({ from: 'newer', ...notice }));
    await publish({ about: 'of a newer version', job });
    await publish({ about: 'gone', job: { ...job, newer: 1 }, newer: 2 });
    await client.publish(redisKeys.channel, 'not JSON');
    await publish({ about: 'stale', jobs: 'all' });
    const staleness = { since: new Date('2026-01-01T00:00:00Z'), nextInMs: 1_000 };
    await publish({ about: 'stale', jobs: [{ ...other, newer: 1 }], ...staleness, newer: 2 });
    await publish({ about: 'fresh activity', service: 'IMPORT_EXPORT' });
    const { service, awsJobId } = other;
    await expect
      .poll(() => received)
      .toEqual([
        { about: 'gone', job: { service: job.service, awsJobId: job.awsJobId } },
        { about: 'stale', jobs: [{ service, awsJobId }], ...staleness },
        { about: 'fresh activity', service: 'IMPORT_EXPORT' },
      ]);
  });

  test('a notice contains only the ids of jobs, and an older gateway ignores it', async () => {
    const redis = await startRedis();
    const one = await join(redis);
    const received: string[] = [];
    const channel = redis.client();
    await channel.subscribe(redisKeys.channel);
    channel.on('message', (_channel: string, text: string) => received.push(text));
    const staleness = { since: new Date('2026-01-01T00:00:00Z'), nextInMs: 1_000 };
    one.assignment.notifyPeers({ about: 'stale', jobs: [job, other], ...staleness });
    await expect.poll(() => received.some((text) => text.includes('stale'))).toBe(true);
    const notice = JSON.parse(received.find((text) => text.includes('stale')) ?? '');
    const named = [job, other].map(({ service, awsJobId }) => ({ service, awsJobId }));
    expect(notice).toEqual({
      from: expect.any(String),
      about: 'stale',
      jobs: named,
      since: staleness.since.toISOString(),
      nextInMs: 1_000,
    });
    // The format of gateways that only knew notices about one job.
    const older = z.object({
      from: z.string(),
      about: z.enum(['gone', 'stale']),
      job: z.object({ service: z.string(), awsJobId: z.string() }),
    });
    expect(older.safeParse(notice).success).toBe(false);
  });
});
