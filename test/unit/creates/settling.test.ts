/** Creates whose answers are lost, on a fake clock. */
import { expect, test } from 'vitest';
import type { JobService } from '../../../src/model/job-state.ts';
import { World } from '../../support/creates/world.ts';
import { dataExchangeDetails, manifests } from '../../support/examples.ts';

const key = 'order-4711-attempt-1';
const services = [
  { service: 'DATA_EXCHANGE', create: 'DataExchange.CreateJob', list: 'DataExchange.ListJobs', settlingMs: 6_000 },
  { service: 'IMPORT_EXPORT', create: 'ImportExport.CreateJob', list: 'ImportExport.ListJobs', settlingMs: 60_000 },
] as const;

/** Import/Export checks a manifest first: the fault is for the create after that. */
async function failCreate(world: World, service: JobService, fault: Record<string, unknown>): Promise<void> {
  const operation = service === 'DATA_EXCHANGE' ? 'DataExchange.CreateJob' : 'ImportExport.CreateJob';
  if (service === 'IMPORT_EXPORT') await world.fail(operation, { headers: { 'x-check': '1' } });
  await world.fail(operation, fault);
}

function jobsOf(world: World, service: JobService) {
  return service === 'DATA_EXCHANGE' ? world.dataExchangeJobs() : world.importExportJobs();
}

/** Number of requests for one create without a repeat. */
const sendings = { DATA_EXCHANGE: 1, IMPORT_EXPORT: 2 } as const;

const lost = { reset: true, afterCommit: true };

for (const { service, create, list, settlingMs } of services) {
  test(`the same key of two tenants makes two jobs of ${service}`, async () => {
    const world = new World();
    const a = await world.finish(world.create(service, { key, tenant: 'a' }));
    const b = await world.finish(world.create(service, { key, tenant: 'b' }));
    expect(b.awsJobId).not.toBe(a.awsJobId);
    expect(b.isReplay).toBe(false);
  });

  test.each([
    lost,
    { status: 500, afterCommit: true },
    { truncateAt: 20, afterCommit: true },
    { never: true, afterCommit: true },
  ])(`a create of ${service} that meets %j is found at once`, async (fault) => {
    const world = new World();
    await failCreate(world, service, fault);
    const result = await world.finish(world.create(service, { key }));
    expect(result.isReplay).toBe(false);
    expect((await jobsOf(world, service)).map(({ awsJobId }) => awsJobId)).toEqual([result.awsJobId]);
    expect(await world.finish(world.create(service, { key }))).toEqual({ ...result, isReplay: true });
    expect((await world.calls())[create]).toBe(sendings[service]);
  });

  test(`a create of ${service} that was not committed is sent again after the settling time`, async () => {
    const world = new World();
    await failCreate(world, service, { reset: true });
    const first = world.finish(world.create(service, { key }));
    await expect(first).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true, retryAfterMs: settlingMs });
    await world.clock.advance(settlingMs - 1);
    const early = world.finish(world.create(service, { key }));
    await expect(early).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryAfterMs: 1 });
    expect((await world.calls())[create]).toBe(sendings[service]);
    await world.clock.advance(1);
    const result = await world.finish(world.create(service, { key }));
    expect(result.isReplay).toBe(false);
    expect(await jobsOf(world, service)).toHaveLength(1);
  });

  test(`without a key a lost create of ${service} is unknown, and is neither sent again nor searched`, async () => {
    const world = new World();
    await world.fail(create, lost);
    const attempt = world.finish(world.create(service, {}));
    await expect(attempt).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringMatching(/`jobs` first.* key/s),
    });
    expect(await world.calls()).toEqual({ [create]: 1 });
  });

  test(`a failing list of ${service} leaves the outcome unknown, and a later repeat settles it`, async () => {
    const world = new World();
    await failCreate(world, service, lost);
    await world.fail(list, { status: 500 }, 100);
    for (const _ of [1, 2]) {
      const attempt = world.finish(world.create(service, { key }));
      await expect(attempt).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
      await world.clock.advance(settlingMs);
    }
    await world.heal();
    const result = await world.finish(world.create(service, { key }));
    expect(result.isReplay).toBe(true);
    expect(await jobsOf(world, service)).toHaveLength(1);
  });

  test(`a key of ${service} is remembered for 24 h, and is new after that`, async () => {
    const world = new World();
    const first = await world.finish(world.create(service, { key }));
    const sentAt = world.clock.now();
    await world.clock.advance(86_400_000 - 1_000);
    expect(await world.finish(world.create(service, { key }))).toEqual({ ...first, isReplay: true });
    await world.clock.advance(sentAt + 86_400_000 + 1_000 - world.clock.now());
    const later = await world.finish(world.create(service, { key }));
    expect(later.isReplay).toBe(false);
    expect(later.awsJobId).not.toBe(first.awsJobId);
  });

  test(`while the store is down a create of ${service} with a key is refused, and one without is not`, async () => {
    const world = new World();
    world.creates;
    world.store.isDown = true;
    const attempt = world.finish(world.create(service, { key }));
    await expect(attempt).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_UNAVAILABLE', retryable: true });
    expect((await world.calls())[create] ?? 0).toBe(0);
    expect((await world.finish(world.create(service, {}))).awsJobId).not.toBe('');
    world.store.isDown = false;
    expect((await world.finish(world.create(service, { key }))).isReplay).toBe(false);
  });

  test(`a job of ${service} that cannot be recorded is not returned, and is found once it can`, async () => {
    const world = new World();
    const { records } = world.creates;
    const bind = records.bind.bind(records);
    records.bind = async () => {
      throw new Error('the disk is full');
    };
    await expect(world.finish(world.create(service, { key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    records.bind = bind;
    expect((await world.finish(world.create(service, { key }))).isReplay).toBe(true);
    expect(await jobsOf(world, service)).toHaveLength(1);
  });

  test(`a caller of ${service} whose deadline passes receives IDEMPOTENCY_IN_PROGRESS, and the create is completed all the same`, async () => {
    const world = new World();
    const caller = new AbortController();
    const held = failCreate(world, service, { delayMs: 2_000 });
    await held;
    const attempt = world.create(service, { key, signal: caller.signal });
    for (let round = 0; round < 100; round += 1) await new Promise((resolve) => setImmediate(resolve));
    caller.abort(new DOMException('15 s have passed', 'TimeoutError'));
    await expect(attempt).rejects.toMatchObject({
      code: 'IDEMPOTENCY_IN_PROGRESS',
      retryable: true,
      retryAfterMs: 1_000,
    });
    await world.finish(world.creates.createOnce.settled());
    expect((await world.finish(world.create(service, { key }))).isReplay).toBe(true);
    expect(await jobsOf(world, service)).toHaveLength(1);
  });

  test(`the store contains no input of ${service}`, async () => {
    const world = new World();
    const details = {
      importAssetFromApiGatewayApi: {
        ...dataExchangeDetails.IMPORT_ASSET_FROM_API_GATEWAY_API.importAssetFromApiGatewayApi,
        apiKey: 'PLANTED-api-key',
        apiDescription: 'PLANTED-description',
      },
    };
    const { importToS3 } = manifests.importToS3;
    const manifest = { importToS3: { ...importToS3, eraseDevice: true, encryption: { pinCode: 'PLANTED-pin' } } };
    await failCreate(world, service, lost);
    const result = await world.finish(world.create(service, { key, details, manifest }));
    const dump = world.store.dump();
    expect(dump).toContain(result.awsJobId);
    expect(dump).not.toMatch(/PLANTED|order-4711|Any Street|Jane Roe|555-1111|X-Amz|AKID|wJalr/);
  });
}

test('a job created without a key is never bound to a lost create', async () => {
  const world = new World();
  const other = await world.finish(world.dataExchange({}));
  await world.fail('DataExchange.CreateJob', { reset: true });
  await expect(world.finish(world.dataExchange({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await world.clock.advance(6_000);
  const result = await world.finish(world.dataExchange({ key }));
  expect(result.awsJobId).not.toBe(other.awsJobId);
});

test('a job that others created long after a lost create is neither bound to it nor cancelled', async () => {
  const world = new World();
  await world.fail('DataExchange.CreateJob', { reset: true });
  await expect(world.finish(world.dataExchange({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await world.clock.advance(600_000);
  const { signal } = new AbortController();
  const other = await world.finish(
    world.backends.dataExchange.createJob(dataExchangeDetails.IMPORT_ASSETS_FROM_S3, { signal }),
  );
  await world.clock.advance(600_000);
  const result = await world.finish(world.dataExchange({ key }));
  expect(result.awsJobId).not.toBe(other.awsJobId);
  await world.clock.advance(6_000);
  await world.finish(world.creates.reconciliation.sweep());
  expect((await world.dataExchangeJobs()).map(({ state }) => state)).toEqual(['WAITING', 'WAITING']);
});

test('a job created without a key while the store was down still belongs to its caller', async () => {
  const world = new World();
  await failCreate(world, 'DATA_EXCHANGE', lost);
  await world.fail('DataExchange.ListJobs', { status: 500 }, 3);
  await expect(world.finish(world.dataExchange({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await world.heal();
  world.store.isDown = true;
  const other = await world.finish(world.dataExchange({}));
  world.store.isDown = false;
  expect((await world.finish(world.dataExchange({ key }))).awsJobId).not.toBe(other.awsJobId);
  await world.clock.advance(6_000);
  await world.finish(world.creates.reconciliation.sweep());
  world.creates.reconciliation.start();
  await world.finish(new Promise<void>((resolve) => world.clock.schedule(resolve, 31_000)));
  expect((await world.dataExchangeJobs()).map(({ state }) => state)).toEqual(['WAITING', 'WAITING']);
  // The note survives the process.
  world.crash();
  expect(await world.creates.records.isTaken('another', 'DATA_EXCHANGE', other.awsJobId)).toBe(true);
});

test('a lost create is found behind hundreds of later jobs of others', async () => {
  const world = new World();
  await failCreate(world, 'IMPORT_EXPORT', { reset: true, afterCommit: true });
  await world.fail('ImportExport.ListJobs', { status: 500 }, 3);
  await expect(world.finish(world.importExport({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await world.heal();
  const [ours] = await world.importExportJobs();
  await world.clock.advance(30_000);
  await world.control('POST', 'seed', { importExport: 700 });
  await world.clock.advance(90_000);
  const result = await world.finish(world.importExport({ key }));
  expect([result.isReplay, result.awsJobId]).toEqual([true, ours?.awsJobId]);
  expect((await world.calls())['ImportExport.CreateJob']).toBeLessThanOrEqual(2);
});

test('jobs that others created long after do not keep a create without a job from being sent again', async () => {
  const world = new World();
  await failCreate(world, 'IMPORT_EXPORT', { reset: true });
  await expect(world.finish(world.importExport({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await world.clock.advance(3_600_000);
  await world.control('POST', 'seed', { importExport: 30 });
  await world.clock.advance(3_600_000);
  expect((await world.finish(world.importExport({ key }))).isReplay).toBe(false);
});

test.each(services)(
  'a create of $service that a crash left open is found even if the clock was set back',
  async ({ service }) => {
    const world = new World();
    await failCreate(world, service, { never: true, afterCommit: true });
    const attempt = world.create(service, { key }).catch(() => undefined);
    await world.clock.advance(1_000);
    world.crash();
    await world.finish(attempt);
    world.clock.setBy(-3_600_000);
    expect((await world.finish(world.create(service, { key }))).isReplay).toBe(true);
  },
);

test('a sweep settles a create that a crash left open', async () => {
  const world = new World();
  await world.fail('DataExchange.CreateJob', { never: true, afterCommit: true });
  const attempt = world.dataExchange({ key });
  for (let round = 0; round < 100; round += 1) await new Promise((resolve) => setImmediate(resolve));
  world.crash();
  await expect(world.finish(attempt)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  const { records, reconciliation } = world.creates;
  expect(await records.list('unsettled', '', 10)).toMatchObject([{ record: { state: 'DISPATCHED' } }]);
  await world.clock.advance(6_000);
  await world.finish(reconciliation.sweep());
  expect(await records.list('unsettled', '', 10)).toEqual([]);
  const [job] = await world.dataExchangeJobs();
  expect(await world.finish(world.dataExchange({ key }))).toEqual({ awsJobId: job?.awsJobId, isReplay: true });
});

test('a manifest that names its own generator is sent unchanged, and stays unknown if lost', async () => {
  const world = new World();
  const own = `generator: mine\n${ownWords}`;
  await failCreate(world, 'IMPORT_EXPORT', lost);
  const ask = () => world.finish(world.importExport({ key, manifest: { text: { direction: 'IMPORT', text: own } } }));
  for (const waitMs of [61_000, 3_600_000, 0]) {
    await expect(ask()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false });
    await world.clock.advance(waitMs);
  }
  expect(await world.generators()).toEqual(['mine']);
});

test('a manifest given as text is marked by a line, and found by it', async () => {
  const world = new World();
  await failCreate(world, 'IMPORT_EXPORT', lost);
  const text = { direction: 'IMPORT', text: ownWords } as const;
  const result = await world.finish(world.importExport({ key, manifest: { text } }));
  expect((await world.importExportJobs()).map(({ awsJobId }) => awsJobId)).toEqual([result.awsJobId]);
  expect(await world.generators()).toEqual([expect.stringMatching(/^waybill\/[\w-]{32}$/)]);
});

const ownWords = [
  'manifestVersion: 2.0',
  'deviceId: DISK-0001',
  'eraseDevice: yes',
  `bucket: ${manifests.importToS3.importToS3.bucket}`,
  'returnAddress:',
  ...Object.entries(manifests.importToS3.importToS3.returnAddress).map(([name, value]) => `    ${name}: ${value}`),
  '',
].join('\n');

test('a final refusal is repeated; a temporary one frees the key, and so does a create that was never sent', async () => {
  const world = new World();
  const details = dataExchangeDetails.IMPORT_ASSETS_FROM_S3;
  await world.fail('DataExchange.CreateJob', { status: 404 });
  for (const _ of [1, 2]) {
    await expect(world.finish(world.dataExchange({ key, details }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }
  const other = `${key}-other`;
  await world.fail('DataExchange.CreateJob', { status: 429 });
  await expect(world.finish(world.dataExchange({ key: other }))).rejects.toMatchObject({ code: 'UPSTREAM_THROTTLED' });
  expect((await world.finish(world.dataExchange({ key: other }))).isReplay).toBe(false);
  const bad = { importAssetsFromS3: { ...details.importAssetsFromS3, dataSetId: 'short' } };
  const third = `${key}-third`;
  await expect(world.finish(world.dataExchange({ key: third, details: bad }))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect((await world.finish(world.dataExchange({ key: third }))).isReplay).toBe(false);
  expect((await world.calls())['DataExchange.CreateJob']).toBe(4);
});
