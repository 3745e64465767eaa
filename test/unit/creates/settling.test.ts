/** Creates whose answers are lost, on a fake clock. */
import { expect, test } from 'vitest';
import type { CreateTarget } from '../../../src/creates/create-record.ts';
import { demo } from '../../../src/emulator/demo.ts';
import { CreatesHarness, newDataSet } from '../../support/creates/creates-harness.ts';
import { dataExchangeDetails, manifests } from '../../support/examples.ts';

const key = 'order-4711-attempt-1';
const services = [
  { service: 'DATA_EXCHANGE', create: 'DataExchange.CreateJob', list: 'DataExchange.ListJobs', settlingMs: 6_000 },
  { service: 'IMPORT_EXPORT', create: 'ImportExport.CreateJob', list: 'ImportExport.ListJobs', settlingMs: 60_000 },
  { service: 'DATA_SET', create: 'DataExchange.CreateDataSet', list: 'DataExchange.ListDataSets', settlingMs: 30_000 },
  {
    service: 'REVISION',
    create: 'DataExchange.CreateRevision',
    list: 'DataExchange.ListDataSetRevisions',
    settlingMs: 30_000,
  },
] as const;

const createOperation: Readonly<Record<CreateTarget, string>> = {
  DATA_EXCHANGE: 'DataExchange.CreateJob',
  IMPORT_EXPORT: 'ImportExport.CreateJob',
  DATA_SET: 'DataExchange.CreateDataSet',
  REVISION: 'DataExchange.CreateRevision',
};

/** Import/Export checks a manifest first: the fault is for the create after that. */
async function failCreate(
  harness: CreatesHarness,
  service: CreateTarget,
  fault: Record<string, unknown>,
): Promise<void> {
  const operation = createOperation[service];
  if (service === 'IMPORT_EXPORT') await harness.fail(operation, { headers: { 'x-check': '1' } });
  await harness.fail(operation, fault);
}

/** Number of requests for one create without a repeat. */
const sendings = { DATA_EXCHANGE: 1, IMPORT_EXPORT: 2, DATA_SET: 1, REVISION: 1 } as const;

const lost = { reset: true, afterCommit: true };

for (const { service, create, list, settlingMs } of services) {
  test(`the same key of two tenants makes two jobs of ${service}`, async () => {
    const harness = new CreatesHarness();
    const a = await harness.finish(harness.create(service, { key, tenant: 'a' }));
    const b = await harness.finish(harness.create(service, { key, tenant: 'b' }));
    expect(b.awsJobId).not.toBe(a.awsJobId);
    expect(b.isReplay).toBe(false);
  });

  test.each([
    lost,
    { status: 500, afterCommit: true },
    { truncateAt: 20, afterCommit: true },
    { never: true, afterCommit: true },
  ])(`a create of ${service} that meets %j is found at once`, async (fault) => {
    const harness = new CreatesHarness();
    await failCreate(harness, service, fault);
    const result = await harness.finish(harness.create(service, { key }));
    expect(result.isReplay).toBe(false);
    expect(await harness.madeIds(service)).toEqual([result.awsJobId]);
    expect(await harness.finish(harness.create(service, { key }))).toEqual({ ...result, isReplay: true });
    expect((await harness.calls())[create]).toBe(sendings[service]);
  });

  test(`a create of ${service} that was not committed is sent again after the settling time`, async () => {
    const harness = new CreatesHarness();
    await failCreate(harness, service, { reset: true });
    const first = harness.finish(harness.create(service, { key }));
    await expect(first).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true, retryAfterMs: settlingMs });
    await harness.clock.advance(settlingMs - 1);
    const early = harness.finish(harness.create(service, { key }));
    await expect(early).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryAfterMs: 1 });
    expect((await harness.calls())[create]).toBe(sendings[service]);
    await harness.clock.advance(1);
    const result = await harness.finish(harness.create(service, { key }));
    expect(result.isReplay).toBe(false);
    expect(await harness.madeIds(service)).toHaveLength(1);
  });

  test(`without a key a lost create of ${service} is unknown, and is neither sent again nor searched`, async () => {
    const harness = new CreatesHarness();
    await harness.fail(create, lost);
    const attempt = harness.finish(harness.create(service, {}));
    await expect(attempt).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringMatching(/(`jobs`|`dataSets`|the `revisions` of its data set) first.* key/s),
    });
    expect(await harness.calls()).toEqual({ [create]: 1 });
  });

  test(`a failing list of ${service} leaves the outcome unknown, and a later repeat settles it`, async () => {
    const harness = new CreatesHarness();
    await failCreate(harness, service, lost);
    await harness.fail(list, { status: 500 }, 100);
    for (const _ of [1, 2]) {
      const attempt = harness.finish(harness.create(service, { key }));
      await expect(attempt).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
      await harness.clock.advance(settlingMs);
    }
    await harness.heal();
    const result = await harness.finish(harness.create(service, { key }));
    expect(result.isReplay).toBe(true);
    expect(await harness.madeIds(service)).toHaveLength(1);
  });

  test(`a key of ${service} is remembered for 24 h, and is new after that`, async () => {
    const harness = new CreatesHarness();
    const first = await harness.finish(harness.create(service, { key }));
    const sentAt = harness.clock.now();
    await harness.clock.advance(86_400_000 - 1_000);
    expect(await harness.finish(harness.create(service, { key }))).toEqual({ ...first, isReplay: true });
    await harness.clock.advance(sentAt + 86_400_000 + 1_000 - harness.clock.now());
    const later = await harness.finish(harness.create(service, { key }));
    expect(later.isReplay).toBe(false);
    expect(later.awsJobId).not.toBe(first.awsJobId);
  });

  test(`while the store is down a create of ${service} with a key is refused, and one without is not`, async () => {
    const harness = new CreatesHarness();
    harness.creates;
    harness.store.isDown = true;
    const attempt = harness.finish(harness.create(service, { key }));
    await expect(attempt).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_UNAVAILABLE', retryable: true });
    expect((await harness.calls())[create] ?? 0).toBe(0);
    expect((await harness.finish(harness.create(service, {}))).awsJobId).not.toBe('');
    harness.store.isDown = false;
    expect((await harness.finish(harness.create(service, { key }))).isReplay).toBe(false);
  });

  test(`a job of ${service} that cannot be recorded is not returned, and is found once it can`, async () => {
    const harness = new CreatesHarness();
    const { records } = harness.creates;
    const bind = records.bind.bind(records);
    records.bind = async () => {
      throw new Error('the disk is full');
    };
    await expect(harness.finish(harness.create(service, { key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    records.bind = bind;
    expect((await harness.finish(harness.create(service, { key }))).isReplay).toBe(true);
    expect(await harness.madeIds(service)).toHaveLength(1);
  });

  test(`a caller of ${service} whose deadline passes receives IDEMPOTENCY_IN_PROGRESS, and the create is completed all the same`, async () => {
    const harness = new CreatesHarness();
    const caller = new AbortController();
    const held = failCreate(harness, service, { delayMs: 2_000 });
    await held;
    const attempt = harness.create(service, { key, signal: caller.signal });
    for (let round = 0; round < 100; round += 1) await new Promise((resolve) => setImmediate(resolve));
    caller.abort(new DOMException('15 s have passed', 'TimeoutError'));
    await expect(attempt).rejects.toMatchObject({
      code: 'IDEMPOTENCY_IN_PROGRESS',
      retryable: true,
      retryAfterMs: 1_000,
    });
    await harness.finish(harness.creates.createOnce.settled());
    expect((await harness.finish(harness.create(service, { key }))).isReplay).toBe(true);
    expect(await harness.madeIds(service)).toHaveLength(1);
  });

  test(`the store contains no input of ${service}`, async () => {
    const harness = new CreatesHarness();
    const details = {
      importAssetFromApiGatewayApi: {
        ...dataExchangeDetails.IMPORT_ASSET_FROM_API_GATEWAY_API.importAssetFromApiGatewayApi,
        apiKey: 'PLANTED-api-key',
        apiDescription: 'PLANTED-description',
      },
    };
    const { importToS3 } = manifests.importToS3;
    const manifest = { importToS3: { ...importToS3, eraseDevice: true, encryption: { pinCode: 'PLANTED-pin' } } };
    await failCreate(harness, service, lost);
    const dataSet = { ...newDataSet, name: 'PLANTED-name', description: 'PLANTED-description' };
    const revision = { dataSetId: demo.dataSetId, comment: 'PLANTED-comment' };
    const result = await harness.finish(harness.create(service, { key, details, manifest, dataSet, revision }));
    const dump = harness.store.dump();
    expect(dump).toContain(result.awsJobId);
    expect(dump).not.toMatch(/PLANTED|order-4711|Any Street|Jane Roe|555-1111|X-Amz|AKID|wJalr/);
  });
}

test('a job created without a key is never bound to a lost create', async () => {
  const harness = new CreatesHarness();
  const other = await harness.finish(harness.dataExchange({}));
  await harness.fail('DataExchange.CreateJob', { reset: true });
  await expect(harness.finish(harness.dataExchange({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await harness.clock.advance(6_000);
  const result = await harness.finish(harness.dataExchange({ key }));
  expect(result.awsJobId).not.toBe(other.awsJobId);
});

test('a job that others created long after a lost create is neither bound to it nor cancelled', async () => {
  const harness = new CreatesHarness();
  await harness.fail('DataExchange.CreateJob', { reset: true });
  await expect(harness.finish(harness.dataExchange({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await harness.clock.advance(600_000);
  const { signal } = new AbortController();
  const other = await harness.finish(
    harness.backends.dataExchange.createJob(dataExchangeDetails.IMPORT_ASSETS_FROM_S3, { signal }),
  );
  await harness.clock.advance(600_000);
  const result = await harness.finish(harness.dataExchange({ key }));
  expect(result.awsJobId).not.toBe(other.awsJobId);
  await harness.clock.advance(6_000);
  await harness.finish(harness.creates.reconciliation.sweep());
  expect((await harness.dataExchangeJobs()).map(({ state }) => state)).toEqual(['WAITING', 'WAITING']);
});

test('a job created without a key while the store was down still belongs to its caller', async () => {
  const harness = new CreatesHarness();
  await failCreate(harness, 'DATA_EXCHANGE', lost);
  await harness.fail('DataExchange.ListJobs', { status: 500 }, 3);
  await expect(harness.finish(harness.dataExchange({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await harness.heal();
  harness.store.isDown = true;
  const other = await harness.finish(harness.dataExchange({}));
  harness.store.isDown = false;
  expect((await harness.finish(harness.dataExchange({ key }))).awsJobId).not.toBe(other.awsJobId);
  await harness.clock.advance(6_000);
  await harness.finish(harness.creates.reconciliation.sweep());
  harness.creates.reconciliation.start();
  await harness.finish(new Promise<void>((resolve) => harness.clock.schedule(resolve, 31_000)));
  expect((await harness.dataExchangeJobs()).map(({ state }) => state)).toEqual(['WAITING', 'WAITING']);
  // The note survives the process.
  harness.crash();
  expect(await harness.creates.records.taken.isTaken('another', 'DATA_EXCHANGE', other.awsJobId)).toBe(true);
});

test('a lost create is found behind hundreds of later jobs of others', async () => {
  const harness = new CreatesHarness();
  await failCreate(harness, 'IMPORT_EXPORT', { reset: true, afterCommit: true });
  await harness.fail('ImportExport.ListJobs', { status: 500 }, 3);
  await expect(harness.finish(harness.importExport({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await harness.heal();
  const [ours] = await harness.importExportJobs();
  await harness.clock.advance(30_000);
  await harness.control('POST', 'seed', { importExport: 700 });
  await harness.clock.advance(90_000);
  const result = await harness.finish(harness.importExport({ key }));
  expect([result.isReplay, result.awsJobId]).toEqual([true, ours?.awsJobId]);
  expect((await harness.calls())['ImportExport.CreateJob']).toBeLessThanOrEqual(2);
});

test('jobs that others created long after do not keep a create without a job from being sent again', async () => {
  const harness = new CreatesHarness();
  await failCreate(harness, 'IMPORT_EXPORT', { reset: true });
  await expect(harness.finish(harness.importExport({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await harness.clock.advance(3_600_000);
  await harness.control('POST', 'seed', { importExport: 30 });
  await harness.clock.advance(3_600_000);
  expect((await harness.finish(harness.importExport({ key }))).isReplay).toBe(false);
});

test.each(services)(
  'a create of $service that a crash left open is found even if the clock was set back',
  async ({ service }) => {
    const harness = new CreatesHarness();
    await failCreate(harness, service, { never: true, afterCommit: true });
    const attempt = harness.create(service, { key }).catch(() => undefined);
    await harness.clock.advance(1_000);
    harness.crash();
    await harness.finish(attempt);
    harness.clock.setBy(-3_600_000);
    expect((await harness.finish(harness.create(service, { key }))).isReplay).toBe(true);
  },
);

test('a sweep settles a create that a crash left open', async () => {
  const harness = new CreatesHarness();
  await harness.fail('DataExchange.CreateJob', { never: true, afterCommit: true });
  const attempt = harness.dataExchange({ key });
  for (let round = 0; round < 100; round += 1) await new Promise((resolve) => setImmediate(resolve));
  harness.crash();
  await expect(harness.finish(attempt)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  const { records, reconciliation } = harness.creates;
  expect(await records.list('unsettled', '', 10)).toMatchObject([{ record: { state: 'DISPATCHED' } }]);
  await harness.clock.advance(6_000);
  await harness.finish(reconciliation.sweep());
  expect(await records.list('unsettled', '', 10)).toEqual([]);
  const [job] = await harness.dataExchangeJobs();
  expect(await harness.finish(harness.dataExchange({ key }))).toEqual({ awsJobId: job?.awsJobId, isReplay: true });
});

test('a manifest that names its own generator is sent unchanged, and stays unknown if lost', async () => {
  const harness = new CreatesHarness();
  const own = `generator: mine\n${ownWords}`;
  await failCreate(harness, 'IMPORT_EXPORT', lost);
  const ask = () =>
    harness.finish(harness.importExport({ key, manifest: { text: { direction: 'IMPORT', text: own } } }));
  for (const waitMs of [61_000, 3_600_000, 0]) {
    await expect(ask()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false });
    await harness.clock.advance(waitMs);
  }
  expect(await harness.generators()).toEqual(['mine']);
});

test('a manifest given as text is marked by a line, and found by it', async () => {
  const harness = new CreatesHarness();
  await failCreate(harness, 'IMPORT_EXPORT', lost);
  const text = { direction: 'IMPORT', text: ownWords } as const;
  const result = await harness.finish(harness.importExport({ key, manifest: { text } }));
  expect((await harness.importExportJobs()).map(({ awsJobId }) => awsJobId)).toEqual([result.awsJobId]);
  expect(await harness.generators()).toEqual([expect.stringMatching(/^waybill\/[\w-]{32}$/)]);
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
  const harness = new CreatesHarness();
  const details = dataExchangeDetails.IMPORT_ASSETS_FROM_S3;
  await harness.fail('DataExchange.CreateJob', { status: 404 });
  for (const _ of [1, 2]) {
    await expect(harness.finish(harness.dataExchange({ key, details }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }
  const other = `${key}-other`;
  await harness.fail('DataExchange.CreateJob', { status: 429 });
  await expect(harness.finish(harness.dataExchange({ key: other }))).rejects.toMatchObject({
    code: 'UPSTREAM_THROTTLED',
  });
  expect((await harness.finish(harness.dataExchange({ key: other }))).isReplay).toBe(false);
  const bad = { importAssetsFromS3: { ...details.importAssetsFromS3, dataSetId: 'short' } };
  const third = `${key}-third`;
  await expect(harness.finish(harness.dataExchange({ key: third, details: bad }))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect((await harness.finish(harness.dataExchange({ key: third }))).isReplay).toBe(false);
  expect((await harness.calls())['DataExchange.CreateJob']).toBe(4);
});
