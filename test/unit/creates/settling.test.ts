/** Creates whose answers are lost, on a clock that moves at once. */
import { expect, test } from 'vitest';
import type { JobService } from '../../../src/model/job-state.ts';
import { World } from '../../support/creates/world.ts';
import { dataExchangeDetails, manifests } from '../../support/examples.ts';

const key = 'order-4711-attempt-1';
const services = [
  { service: 'DATA_EXCHANGE', create: 'DataExchange.CreateJob', list: 'DataExchange.ListJobs', settlingMs: 6_000 },
  { service: 'IMPORT_EXPORT', create: 'ImportExport.CreateJob', list: 'ImportExport.ListJobs', settlingMs: 60_000 },
] as const;

/** Import/Export checks a manifest before it creates: the fault is for the create. */
async function failCreate(world: World, service: JobService, fault: Record<string, unknown>): Promise<void> {
  const operation = service === 'DATA_EXCHANGE' ? 'DataExchange.CreateJob' : 'ImportExport.CreateJob';
  if (service === 'IMPORT_EXPORT') await world.fail(operation, { headers: { 'x-check': '1' } });
  await world.fail(operation, fault);
}

function jobsOf(world: World, service: JobService) {
  return service === 'DATA_EXCHANGE' ? world.dataExchangeJobs() : world.importExportJobs();
}

/** As many as are sent for one create that nobody repeats. */
const sendings = { DATA_EXCHANGE: 1, IMPORT_EXPORT: 2 } as const;

const lost = { reset: true, afterCommit: true };

for (const { service, create, list, settlingMs } of services) {
  test(`the same key of two tenants makes two jobs of ${service}`, async () => {
    const world = new World();
    const a = await world.finish(world.ask(service, { key, tenant: 'a' }));
    const b = await world.finish(world.ask(service, { key, tenant: 'b' }));
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
    const told = await world.finish(world.ask(service, { key }));
    expect(told.isReplay).toBe(false);
    expect((await jobsOf(world, service)).map(({ awsJobId }) => awsJobId)).toEqual([told.awsJobId]);
    expect(await world.finish(world.ask(service, { key }))).toEqual({ ...told, isReplay: true });
    expect((await world.calls())[create]).toBe(sendings[service]);
  });

  test(`a create of ${service} that was not committed is made again, once it can be said so`, async () => {
    const world = new World();
    await failCreate(world, service, { reset: true });
    const first = world.finish(world.ask(service, { key }));
    await expect(first).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true, retryAfterMs: settlingMs });
    await world.clock.advance(settlingMs - 1);
    const early = world.finish(world.ask(service, { key }));
    await expect(early).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryAfterMs: 1 });
    expect((await world.calls())[create]).toBe(sendings[service]);
    await world.clock.advance(1);
    const told = await world.finish(world.ask(service, { key }));
    expect(told.isReplay).toBe(false);
    expect(await jobsOf(world, service)).toHaveLength(1);
  });

  test(`without a key a lost create of ${service} is unknown, and never sent again or found`, async () => {
    const world = new World();
    await world.fail(create, lost);
    const asked = world.finish(world.ask(service, {}));
    await expect(asked).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringMatching(/`jobs` first.* key/s),
    });
    expect(await world.calls()).toEqual({ [create]: 1 });
  });

  test(`a list of ${service} that fails leaves it unknown, and a later repeat settles it`, async () => {
    const world = new World();
    await failCreate(world, service, lost);
    await world.fail(list, { status: 500 }, 100);
    for (const _ of [1, 2]) {
      const asked = world.finish(world.ask(service, { key }));
      await expect(asked).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
      await world.clock.advance(settlingMs);
    }
    await world.heal();
    const told = await world.finish(world.ask(service, { key }));
    expect(told.isReplay).toBe(true);
    expect(await jobsOf(world, service)).toHaveLength(1);
  });

  test(`a key of ${service} stands for its first use for 24 h, and is new after that`, async () => {
    const world = new World();
    const first = await world.finish(world.ask(service, { key }));
    const sentAt = world.clock.now();
    await world.clock.advance(86_400_000 - 1_000);
    expect(await world.finish(world.ask(service, { key }))).toEqual({ ...first, isReplay: true });
    await world.clock.advance(sentAt + 86_400_000 + 1_000 - world.clock.now());
    const later = await world.finish(world.ask(service, { key }));
    expect(later.isReplay).toBe(false);
    expect(later.awsJobId).not.toBe(first.awsJobId);
  });

  test(`while the store is down a create of ${service} with a key is refused, and one without is not`, async () => {
    const world = new World();
    world.creates;
    world.store.isDown = true;
    const asked = world.finish(world.ask(service, { key }));
    await expect(asked).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_UNAVAILABLE', retryable: true });
    expect((await world.calls())[create] ?? 0).toBe(0);
    expect((await world.finish(world.ask(service, {}))).awsJobId).not.toBe('');
    world.store.isDown = false;
    expect((await world.finish(world.ask(service, { key }))).isReplay).toBe(false);
  });

  test(`a job of ${service} that cannot be put on record is not told, and found once it can`, async () => {
    const world = new World();
    const { records } = world.creates;
    const bind = records.bind.bind(records);
    records.bind = async () => {
      throw new Error('the disk is full');
    };
    await expect(world.finish(world.ask(service, { key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    records.bind = bind;
    expect((await world.finish(world.ask(service, { key }))).isReplay).toBe(true);
    expect(await jobsOf(world, service)).toHaveLength(1);
  });

  test(`a caller of ${service} whose time is over is told that it is in progress, and the create ends all the same`, async () => {
    const world = new World();
    const caller = new AbortController();
    const held = failCreate(world, service, { delayMs: 2_000 });
    await held;
    const asked = world.ask(service, { key, signal: caller.signal });
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    caller.abort(new DOMException('15 s have passed', 'TimeoutError'));
    await expect(asked).rejects.toMatchObject({
      code: 'IDEMPOTENCY_IN_PROGRESS',
      retryable: true,
      retryAfterMs: 1_000,
    });
    await world.finish(world.creates.createOnce.settled());
    expect((await world.finish(world.ask(service, { key }))).isReplay).toBe(true);
    expect(await jobsOf(world, service)).toHaveLength(1);
  });

  test(`nothing of what was asked of ${service} lies in the store`, async () => {
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
    const told = await world.finish(world.ask(service, { key, details, manifest }));
    const dump = world.store.dump();
    expect(dump).toContain(told.awsJobId);
    expect(dump).not.toMatch(/PLANTED|order-4711|Any Street|Jane Roe|555-1111|X-Amz|AKID|wJalr/);
  });
}

test('a job made by a call without a key is never taken for that of a lost create', async () => {
  const world = new World();
  const other = await world.finish(world.dataExchange({}));
  await world.fail('DataExchange.CreateJob', { reset: true });
  await expect(world.finish(world.dataExchange({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await world.clock.advance(6_000);
  const told = await world.finish(world.dataExchange({ key }));
  expect(told.awsJobId).not.toBe(other.awsJobId);
});

test('a job that somebody else made long after is not taken for that of a lost create, nor cancelled as one too many', async () => {
  const world = new World();
  await world.fail('DataExchange.CreateJob', { reset: true });
  await expect(world.finish(world.dataExchange({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await world.clock.advance(600_000);
  const { signal } = new AbortController();
  const other = await world.finish(
    world.backends.dataExchange.createJob(dataExchangeDetails.IMPORT_ASSETS_FROM_S3, { signal }),
  );
  await world.clock.advance(600_000);
  const told = await world.finish(world.dataExchange({ key }));
  expect(told.awsJobId).not.toBe(other.awsJobId);
  await world.clock.advance(6_000);
  await world.finish(world.creates.reconciliation.sweep());
  expect((await world.dataExchangeJobs()).map(({ state }) => state)).toEqual(['WAITING', 'WAITING']);
});

test('a job of a call without a key is its caller’s, though the store was down when it was made', async () => {
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
  // The note outlives the process.
  world.crash();
  expect(await world.creates.records.isTaken('another', 'DATA_EXCHANGE', other.awsJobId)).toBe(true);
});

test('a lost create is found behind hundreds of jobs that others made after it', async () => {
  const world = new World();
  await failCreate(world, 'IMPORT_EXPORT', { reset: true, afterCommit: true });
  await world.fail('ImportExport.ListJobs', { status: 500 }, 3);
  await expect(world.finish(world.importExport({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await world.heal();
  const [ours] = await world.importExportJobs();
  await world.clock.advance(30_000);
  await world.control('POST', 'seed', { importExport: 700 });
  await world.clock.advance(90_000);
  const told = await world.finish(world.importExport({ key }));
  expect([told.isReplay, told.awsJobId]).toEqual([true, ours?.awsJobId]);
  expect((await world.calls())['ImportExport.CreateJob']).toBeLessThanOrEqual(2);
});

test('jobs that others made long after do not keep a create that left none from being made', async () => {
  const world = new World();
  await failCreate(world, 'IMPORT_EXPORT', { reset: true });
  await expect(world.finish(world.importExport({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await world.clock.advance(3_600_000);
  await world.control('POST', 'seed', { importExport: 30 });
  await world.clock.advance(3_600_000);
  expect((await world.finish(world.importExport({ key }))).isReplay).toBe(false);
});

test.each(services)(
  'a create of $service that a crash left open is found though the clock was set back',
  async ({ service }) => {
    const world = new World();
    await failCreate(world, service, { never: true, afterCommit: true });
    const asked = world.ask(service, { key }).catch(() => undefined);
    await world.clock.advance(1_000);
    world.crash();
    await world.finish(asked);
    world.clock.setBy(-3_600_000);
    expect((await world.finish(world.ask(service, { key }))).isReplay).toBe(true);
  },
);

test('a create that a crash left open is settled by the sweep as well', async () => {
  const world = new World();
  await world.fail('DataExchange.CreateJob', { never: true, afterCommit: true });
  const asked = world.dataExchange({ key });
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  world.crash();
  await expect(world.finish(asked)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  const { records, reconciliation } = world.creates;
  expect(await records.list('unsettled', '', 10)).toMatchObject([{ record: { state: 'DISPATCHED' } }]);
  await world.clock.advance(6_000);
  await world.finish(reconciliation.sweep());
  expect(await records.list('unsettled', '', 10)).toEqual([]);
  const [job] = await world.dataExchangeJobs();
  expect(await world.finish(world.dataExchange({ key }))).toEqual({ awsJobId: job?.awsJobId, isReplay: true });
});

test('a manifest that names its own generator is sent as it is, and a lost one stays unknown', async () => {
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

test('a manifest in the caller’s own words is marked by a line, and found by it', async () => {
  const world = new World();
  await failCreate(world, 'IMPORT_EXPORT', lost);
  const text = { direction: 'IMPORT', text: ownWords } as const;
  const told = await world.finish(world.importExport({ key, manifest: { text } }));
  expect((await world.importExportJobs()).map(({ awsJobId }) => awsJobId)).toEqual([told.awsJobId]);
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

test('a refusal by the service is told again, one that may pass frees the key, and so does what was never sent', async () => {
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
