/** Creates over two gateway processes that share one Redis and one emulator. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import type { EmulatorControl } from '../../support/emulator-control.ts';
import { dataExchangeDetails, manifests } from '../../support/examples.ts';
import { type Answer, ask, field, temporaryFolder } from '../../support/gateway.ts';
import { startLastingEmulator } from '../../support/lasting-emulator.ts';
import { hasRedis, startRedis, type TestRedis } from '../../support/redis.ts';

const services = {
  dataExchange: {
    name: 'createDataExchangeJob',
    operation: 'DataExchange.CreateJob',
    sendings: 1,
    query: `mutation ($input: CreateDataExchangeJobInput!) {
      createDataExchangeJob(input: $input) { job { id state } userErrors { code } } }`,
    input: { start: true, details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 },
  },
  importExport: {
    name: 'createImportExportJob',
    operation: 'ImportExport.CreateJob',
    sendings: 2,
    query: `mutation ($input: CreateImportExportJobInput!) {
      createImportExportJob(input: $input) { job { id state } userErrors { code } } }`,
    input: { manifest: manifests.importToS3 },
  },
} as const;

type Service = (typeof services)[keyof typeof services];

function startOver(
  redis: Pick<TestRedis, 'url'>,
  emulator: EmulatorControl,
  more: Readonly<Record<string, string>> = {},
): Promise<ChildGateway> {
  return startChildGateway({
    ...more,
    WAYBILL_BACKEND: 'aws',
    WAYBILL_REDIS_URL: redis.url,
    WAYBILL_LOG_LEVEL: 'error',
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  });
}

async function twoGateways(stepMs?: number) {
  const [redis, emulator] = await Promise.all([startRedis(), startLastingEmulator(stepMs)]);
  // The first gateway creates the secret; they start at once.
  const gateways = await Promise.all([startOver(redis, emulator), startOver(redis, emulator)]);
  return { redis, emulator, gateways };
}

function create({ url }: ChildGateway, { query, input }: Service, idempotencyKey: string): Promise<Answer> {
  return ask(url, query, { input: { idempotencyKey, ...input } });
}

interface Job {
  readonly id: string;
  readonly state: string;
}

function jobIn({ data }: Answer, { name }: Service): Job | undefined {
  return (data?.[name] as { readonly job: Job | null } | null | undefined)?.job ?? undefined;
}

/** All jobs of the services. */
async function jobsSeenBy({ url }: ChildGateway): Promise<readonly (Job & { service: string })[]> {
  const jobs: (Job & { service: string })[] = [];
  for (let after: string | null = null; ; ) {
    const query = `query ($after: String) { jobs(first: 100, after: $after) {
      nodes { id service state } pageInfo { endCursor hasNextPage } } }`;
    const { data } = await ask(url, query, { after });
    const page = field<{ nodes: (Job & { service: string })[]; pageInfo: { endCursor: string; hasNextPage: boolean } }>(
      data,
      'jobs',
    );
    jobs.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return jobs;
    after = page.pageInfo.endCursor;
  }
}

/** Whether the create is complete: Data Exchange refuses to start more jobs at once than it may run. */
function isMade(answer: Answer, service: Service): boolean {
  const payload = answer.data?.[service.name] as { readonly userErrors: readonly unknown[] } | null | undefined;
  return jobIn(answer, service) !== undefined && answer.errors === undefined && payload?.userErrors.length === 0;
}

/** Repeats the create until it is complete; returns the job's id. */
async function jobOf(gateway: () => ChildGateway, service: Service, key: string): Promise<string> {
  let answer: Answer = {};
  const codes = async () => {
    answer = await create(gateway(), service, key).catch(() => ({}));
    return [key, isMade(answer, service) ? 'made' : JSON.stringify(answer)];
  };
  await expect.poll(codes, { timeout: 60_000, interval: 1_000 }).toEqual([key, 'made']);
  return jobIn(answer, service)?.id ?? '';
}

const key = 'order-4711-attempt-1';

// Without redis-server 7 on the machine: apt-get install redis-server && npx vitest run test/process/creates
describe.skipIf(!hasRedis)('two gateways', { timeout: 60_000 }, () => {
  test.each(Object.entries(services))(
    'each of the same keys of %s to both gateways at once makes one job',
    async (_, service) => {
      const { emulator, gateways } = await twoGateways();
      const [first, second] = gateways;
      const keys = Array.from({ length: 10 }, (_each, at) => `${key}-${at}`);
      await emulator.forgetRequests();
      const answers = await Promise.all(
        keys.map((each) => Promise.all([create(first, service, each), create(second, service, each)])),
      );
      for (const pair of answers) {
        expect(jobIn(pair[0], service)?.id).toBeDefined();
        expect(jobIn(pair[1], service)?.id).toBe(jobIn(pair[0], service)?.id);
        expect(pair.filter((answer) => 'extensions' in answer)).toHaveLength(1);
      }
      expect(await jobsSeenBy(first)).toHaveLength(keys.length);
      const sendings = (await emulator.requests())[service.operation] ?? 0;
      // Both may check a manifest.
      expect(sendings).toBeLessThanOrEqual(service.sendings === 1 ? keys.length : 3 * keys.length);
      for (const gateway of gateways) expect(gateway.stderr()).toBe('');
    },
  );

  test.each(Object.entries(services))(
    'after a gateway was killed between sending a create of %s and its reply, the other answers with its job',
    async (_, service) => {
      const { emulator, gateways } = await twoGateways();
      const [first, second] = gateways;
      if (service.sendings === 2) await emulator.fail(service.operation, { headers: { 'x-check': '1' } });
      await emulator.fail(service.operation, { never: true, afterCommit: true });
      const attempt = create(first, service, key).catch(() => undefined);
      await expect.poll(async () => (await emulator.requests())[service.operation] ?? 0).toBe(service.sendings);
      first.kill('SIGKILL');
      expect(await attempt).toBeUndefined();
      const answer = await create(second, service, key);
      expect(answer).toMatchObject({ extensions: { replayed: true } });
      expect((await jobsSeenBy(second)).map(({ id }) => id)).toEqual([jobIn(answer, service)?.id]);
      expect((await emulator.requests())[service.operation]).toBe(service.sendings);
    },
  );

  test('while Redis is down both refuse creates with a key, are not ready and still read; afterwards they continue', async () => {
    const { redis, gateways } = await twoGateways();
    const jobId = await jobOf(() => gateways[0], services.dataExchange, key);
    for (const { end, begin } of [
      { end: redis.kill, begin: redis.restart },
      { end: async () => redis.pause(), begin: async () => redis.resume() },
    ]) {
      await end();
      for (const gateway of gateways) {
        const { errors } = await create(gateway, services.dataExchange, `${key}-2`);
        expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_STORE_UNAVAILABLE', retryable: true } }]);
        expect((await fetch(gateway.url.replace('graphql', 'readyz'))).status).toBe(503);
        expect((await jobsSeenBy(gateway)).map(({ id }) => id)).toEqual([jobId]);
      }
      await begin();
      for (const gateway of gateways) {
        const readiness = async () => (await fetch(gateway.url.replace('graphql', 'readyz'))).status;
        await expect.poll(readiness, { timeout: 10_000 }).toBe(200);
        const again = await create(gateway, services.dataExchange, key);
        expect([jobIn(again, services.dataExchange)?.id, again]).toMatchObject([
          jobId,
          { extensions: { replayed: true } },
        ]);
      }
    }
  });

  test('with a Redis the folder is not used, and a gateway without an answer of Redis ends with one line', async () => {
    const [redis, emulator] = await Promise.all([startRedis(), startLastingEmulator()]);
    const folder = join(temporaryFolder(), 'unused');
    const gateway = await startOver(redis, emulator, { WAYBILL_DATA_DIR: folder });
    await jobOf(() => gateway, services.dataExchange, key);
    expect(existsSync(folder)).toBe(false);
    await redis.kill();
    const url = redis.url.replace('//', '//:PLANTED@');
    const refused = startOver({ url }, emulator);
    await expect(refused).rejects.toThrow(/received exit 1: waybill: WAYBILL_REDIS_URL: no Redis answers at [^\n]+\n$/);
    await expect(refused).rejects.not.toThrow(/PLANTED/);
  });

  test('hundreds of creates to both make one job per key, with lost answers, a Redis restart and a killed gateway', async () => {
    // Data Exchange runs ten jobs at a time: each is soon over.
    const { redis, emulator, gateways } = await twoGateways(20);
    const [, steady] = gateways;
    const gateway = { first: gateways[0] };
    const faults = [
      { reset: true },
      { reset: true, afterCommit: true },
      { delayMs: 200, afterCommit: true },
      { status: 500, afterCommit: true },
    ];
    const results = new Map<string, string>();
    const note = (each: string, id: string | undefined): void => {
      if (id === undefined) return;
      expect([each, id]).toEqual([each, results.get(each) ?? id]);
      results.set(each, id);
    };
    // Few of Import/Export, which takes fifty new jobs a day, and needs a minute to exclude that a job was created.
    const keys = [
      ...Array.from({ length: 200 }, (_, at) => ({ service: services.dataExchange, each: `data-exchange-key-${at}` })),
      ...Array.from({ length: 20 }, (_, at) => ({ service: services.importExport, each: `import-export-key-${at}` })),
    ];
    for (let at = 0; at < keys.length; at += 20) {
      for (let fault = 0; fault < 4; fault += 1) await emulator.fail('DataExchange.CreateJob', faults[fault] ?? {});
      await emulator.fail('ImportExport.CreateJob', { reset: true, afterCommit: true });
      const attempts = keys.slice(at, at + 20).flatMap(({ service, each }) =>
        [gateway.first, steady].map(async (server) => {
          const answer = await create(server, service, each).catch(() => ({}));
          note(each, jobIn(answer, service)?.id);
        }),
      );
      if (at === 60) gateway.first.kill('SIGKILL');
      if (at === 100) gateway.first = await startOver(redis, emulator);
      if (at === 140) await redis.restart();
      await Promise.all(attempts);
    }
    await emulator.heal();
    const again = keys.map(async ({ service, each }, at) =>
      note(each, await jobOf(() => (at % 2 === 0 ? steady : gateway.first), service, each)),
    );
    await Promise.all(again);

    expect(new Set(results.values()).size).toBe(keys.length);
    const jobs = await jobsSeenBy(steady);
    const begun = jobs
      .filter(({ service, state }) => service === 'DATA_EXCHANGE' && !['WAITING', 'CANCELLED'].includes(state))
      .map(({ id }) => id);
    const parcels = jobs.filter(({ service }) => service === 'IMPORT_EXPORT').map(({ id }) => id);
    const idsOf = (start: string) => [...results].filter(([each]) => each.startsWith(start)).map(([, id]) => id);
    expect(begun.toSorted()).toEqual(idsOf('data-exchange').toSorted());
    expect(parcels.toSorted()).toEqual(idsOf('import-export').toSorted());
    expect(steady.stderr()).not.toMatch(/redis:\/\/[^ ]*@|AKIDEXAMPLE/);
  }, 240_000);
});
