/** A Redis that is emptied, while gateways run and before they start. */
import { describe, expect, test } from 'vitest';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { answered, codesIn, create, idIn, jobsSeenBy } from '../../support/creates/failover-world.ts';
import { globalId } from '../../support/examples.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { cursorsOf, openSocket, otherEventsOf, stepsOf, until, watchJobs } from '../../support/live.ts';
import { hasRedis, startRedis } from '../../support/redis.ts';

const name = 'createDataExchangeJob';
const key = 'order-4711-attempt-1';

async function world() {
  const [redis, emulator] = await Promise.all([startRedis(), startLastingEmulator()]);
  const env = { ...settingsOver(emulator.url), WAYBILL_REDIS_URL: redis.url };
  return { redis, emulator, start: () => startChildGateway(env) };
}

function linesOf({ stderr }: ChildGateway, level: string): readonly string[] {
  const records = stderr()
    .split('\n')
    .filter((line) => line !== '');
  return records.map((line) => JSON.parse(line)).flatMap((record) => (record.level === level && record.msg) || []);
}

const forgotten =
  'WAYBILL_REDIS_URL: the Redis was emptied or replaced: the idempotency keys, cursors and history of jobs that it held are ' +
  'forgotten. A create that is repeated with a key from before may happen twice: look through `jobs` first.';

async function readiness({ url }: ChildGateway): Promise<number> {
  return (await fetch(new URL('/readyz', url))).status;
}

// Skipped without redis-server 7: apt-get install redis-server && npx vitest run test/process/creates
describe.skipIf(!hasRedis)('a Redis that is emptied', { timeout: 60_000 }, () => {
  test('while gateways run leaves each create under way with one job, and each gateway says what is forgotten', async () => {
    const { redis, emulator, start } = await world();
    const gateways = [await start(), await start()] as const;
    const [first, second] = gateways;
    const [awsJobId = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
    const socket = await openSocket(first.url);
    socket.subscribe('s', watchJobs, { ids: [globalId('DataExchangeJob', awsJobId)] });
    await until(() => socket.resultsOf('s').length === 1);
    await emulator.fail('DataExchange.CreateJob', { delayMs: 1_000, afterCommit: true });
    const underWay = create(first, name, key);
    await expect.poll(async () => (await emulator.requests())['DataExchange.CreateJob']).toBe(1);
    await redis.client().flushall();
    const id = idIn(await underWay, name);
    expect(id).toBeDefined();
    for (const gateway of gateways)
      await expect.poll(() => linesOf(gateway, 'error'), { timeout: 10_000 }).toEqual([forgotten]);
    expect(idIn(await create(second, name, key), name)).toBe(id);
    const third = await start();
    expect(idIn(await create(third, name, key), name)).toBe(id);
    await until(() => otherEventsOf(socket.resultsOf('s')).includes('JobEventsMissed'));
    expect((await jobsSeenBy(first)).filter((each) => each !== globalId('DataExchangeJob', awsJobId))).toEqual([id]);
  });

  test('and begun anew by another gateway is not written to by those before it, until they are restarted', async () => {
    const { redis, emulator, start } = await world();
    const before = await start();
    const client = redis.client();
    await client.flushall();
    // As a gateway does that starts just then.
    await client.set('{waybill}:secret', Buffer.alloc(32, 7).toString('base64'));
    const after = await start();
    const id = await answered(after, name, key);
    expect(codesIn(await create(before, name, key))).toEqual(['IDEMPOTENCY_STORE_UNAVAILABLE']);
    expect([await readiness(before), await readiness(after)]).toEqual([503, 200]);
    expect(linesOf(before, 'error')).toContainEqual(
      expect.stringMatching(/another gateway has begun anew in it: restart this one\./),
    );
    await before.stop();
    const restarted = await start();
    expect(idIn(await create(restarted, name, key), name)).toBe(id);
    expect((await emulator.requests())['DataExchange.CreateJob']).toBe(1);
  });

  test('before a gateway starts is a new one: the start says so, and a cursor from before brings JobEventsMissed', async () => {
    const { redis, emulator, start } = await world();
    const [awsJobId = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
    const ids = [globalId('DataExchangeJob', awsJobId)];
    const first = await start();
    const begun = linesOf(first, 'info').filter((line) => line.startsWith('WAYBILL_REDIS_URL'));
    expect(begun).toEqual([expect.stringMatching(/^WAYBILL_REDIS_URL: the Redis holds nothing of a gateway yet\. /)]);
    const socket = await openSocket(first.url);
    socket.subscribe('s', watchJobs, { ids });
    await until(() => socket.resultsOf('s').length === 1);
    await first.stop();
    const second = await start();
    expect(linesOf(second, 'info').filter((line) => line.startsWith('WAYBILL_REDIS_URL'))).toEqual([]);
    await second.stop();
    await redis.client().flushall();
    const third = await start();
    const resumed = await openSocket(third.url);
    resumed.subscribe('s', watchJobs, { ids, after: cursorsOf(socket.resultsOf('s'))[0] });
    await until(() => resumed.resultsOf('s').length === 2);
    expect(otherEventsOf(resumed.resultsOf('s'))).toEqual(['JobEventsMissed']);
    expect(stepsOf(resumed.resultsOf('s'))).toEqual(['null -> WAITING']);
    expect(linesOf(third, 'info').filter((line) => line.startsWith('WAYBILL_REDIS_URL'))).toEqual(begun);
  });
});
