/** Creates over two gateways that share a store, on a fake clock. */
import { beforeAll, expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { CreatesHarness, newDataSet } from '../../support/creates/creates-harness.ts';
import { settle } from '../../support/fake-clock.ts';

// The first request loads the signing code, which takes real time that the fake clock does not measure.
beforeAll(async () => {
  const { dataExchange, importExport } = new CreatesHarness().backends;
  const call = { signal: new AbortController().signal };
  await Promise.all([dataExchange.listJobs({ limit: 1 }, call), importExport.listJobs({ limit: 1 }, call)]);
});

const key = 'order-4711-attempt-1';
const otherKey = 'order-4712-attempt-1';
const services = [
  { service: 'DATA_EXCHANGE', create: 'DataExchange.CreateJob', sendings: 1, settlingMs: 6_000 },
  { service: 'IMPORT_EXPORT', create: 'ImportExport.CreateJob', sendings: 2, settlingMs: 60_000 },
  { service: 'DATA_SET', create: 'DataExchange.CreateDataSet', sendings: 1, settlingMs: 30_000 },
  { service: 'REVISION', create: 'DataExchange.CreateRevision', sendings: 1, settlingMs: 30_000 },
] as const;

/** Another input of each create. */
const otherInputs = {
  DATA_EXCHANGE: { start: true },
  IMPORT_EXPORT: { manifest: { text: { direction: 'IMPORT', text: '' } } },
  DATA_SET: { dataSet: { ...newDataSet, name: 'Other' } },
  REVISION: { revision: { dataSetId: demo.dataSetId, comment: 'Other' } },
} as const;

const lists = ['ListJobs', 'ListDataSets', 'ListDataSetRevisions'];

type Service = (typeof services)[number];

/** Import/Export checks a manifest first: the fault is for the create after that. */
async function failCreate(
  harness: CreatesHarness,
  { create, sendings }: Service,
  fault: Record<string, unknown>,
): Promise<void> {
  if (sendings === 2) await harness.fail(create, { headers: { 'x-check': '1' } });
  await harness.fail(create, fault);
}

/** Waits until `count` creates were sent; no time passes. */
async function sent(harness: CreatesHarness, { create }: Service, count: number): Promise<void> {
  for (let round = 0; round < 1_000; round += 1) {
    if (((await harness.calls())[create] ?? 0) >= count) return;
    await settle();
  }
  throw new Error(`expected ${count} calls of ${create}`);
}

/** Waits until the create is recorded and not yet sent. */
async function recorded(harness: CreatesHarness): Promise<void> {
  for (let round = 0; round < 1_000; round += 1) {
    if ((await harness.store.count('creates')) > 0) return;
    await settle();
  }
  throw new Error('expected a record');
}

for (const each of services) {
  const { service, create, sendings, settlingMs } = each;

  test(`the same key for ${service} to two gateways at once is one create, and one of them answers with a replay`, async () => {
    const harness = new CreatesHarness(2);
    const attempt = [0, 1, 0, 1].map((at) => harness.create(service, { key, at }));
    const result = await harness.finish(Promise.all(attempt));
    expect(new Set(result.map(({ awsJobId }) => awsJobId)).size).toBe(1);
    expect(new Set([result[0]?.isReplay, result[1]?.isReplay])).toEqual(new Set([true, false]));
    expect(await harness.madeIds(service)).toEqual([result[0]?.awsJobId]);
  });

  test(`while one gateway has a create of ${service} under way the other waits, and sends nothing`, async () => {
    const harness = new CreatesHarness(2);
    await failCreate(harness, each, { delayMs: 2_500 });
    const first = harness.create(service, { key });
    await sent(harness, each, sendings);
    const second = harness.create(service, { key, at: 1 });
    const result = await harness.finish(Promise.all([first, second]));
    expect(result[1]).toEqual({ ...result[0], isReplay: true });
    expect(await harness.calls()).toMatchObject({ [create]: sendings });
  });

  test(`the same key for ${service} with another input is refused by the other gateway as well`, async () => {
    const harness = new CreatesHarness(2);
    await failCreate(harness, each, { delayMs: 2_500 });
    const first = harness.create(service, { key });
    await sent(harness, each, sendings);
    await expect(
      harness.finish(harness.create(service, { key, at: 1, ...otherInputs[service] })),
    ).rejects.toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    });
    await harness.finish(first);
  });

  test(`a caller of ${service} whose deadline passes, or whose gateway stops, receives IDEMPOTENCY_IN_PROGRESS`, async () => {
    const harness = new CreatesHarness(2);
    await failCreate(harness, each, { never: true });
    const first = harness.create(service, { key });
    await sent(harness, each, sendings);
    harness.link(0).isCut = true;
    for (const list of lists) await harness.fail(`DataExchange.${list}`, { status: 500 }, 1_000);
    const caller = new AbortController();
    const second = harness.create(service, { key, at: 1, signal: caller.signal });
    const settled = second.catch((error: unknown) => error);
    for (let round = 0; round < 20; round += 1) await settle();
    caller.abort(new DOMException('15 s have passed', 'TimeoutError'));
    const inProgress = { code: 'IDEMPOTENCY_IN_PROGRESS', retryable: true, retryAfterMs: 1_000 };
    expect(await settled).toMatchObject(inProgress);
    const third = harness.create(service, { key, at: 1 }).catch((error: unknown) => error);
    const { createOnce } = harness.gateway(1);
    await harness.finish(createOnce.settled());
    expect(await third).toMatchObject(inProgress);
    await harness.finish(first.catch(() => {}));
  });

  test(`the other gateway finds the job of a create of ${service} that a killed gateway left open`, async () => {
    const harness = new CreatesHarness(2);
    await failCreate(harness, each, { never: true, afterCommit: true });
    const first = harness.create(service, { key }).catch(() => {});
    await sent(harness, each, sendings);
    harness.link(0).isCut = true;
    const result = await harness.finish(harness.create(service, { key, at: 1 }));
    expect(result.isReplay).toBe(true);
    expect(await harness.madeIds(service)).toEqual([result.awsJobId]);
    expect(await harness.calls()).toMatchObject({ [create]: sendings });
    await harness.finish(first);
  });

  test(`a gateway that was suspended between recording a create of ${service} and sending it does not send it`, async () => {
    const harness = new CreatesHarness(2);
    const link = harness.link(0);
    link.holds = 'writes';
    const first = harness.create(service, { key }).catch((error: unknown) => error);
    await recorded(harness);
    await harness.clock.advance(settlingMs);
    const result = await harness.finish(harness.create(service, { key, at: 1 }));
    const calls = await harness.calls();
    link.release();
    expect(await harness.finish(first)).toMatchObject({ code: 'IDEMPOTENCY_STORE_UNAVAILABLE', retryable: true });
    expect((await harness.calls())[create]).toBe(calls[create]);
    expect(await harness.madeIds(service)).toEqual([result.awsJobId]);
    expect(await harness.finish(harness.create(service, { key }))).toEqual({ ...result, isReplay: true });
  });

  test(`a final refusal of a create of ${service} is repeated by the other gateway, and after a temporary one it sends the create itself`, async () => {
    const harness = new CreatesHarness(2);
    if (service !== 'IMPORT_EXPORT') {
      await failCreate(harness, each, { status: 404 });
      for (const at of [0, 1]) {
        await expect(harness.finish(harness.create(service, { key, at }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
      expect((await harness.calls())[create]).toBe(1);
    }
    await failCreate(harness, each, { status: 429 });
    await expect(harness.finish(harness.create(service, { key: otherKey }))).rejects.toMatchObject({
      code: 'UPSTREAM_THROTTLED',
    });
    expect((await harness.finish(harness.create(service, { key: otherKey, at: 1 }))).isReplay).toBe(false);
  });
}

const [dataExchange] = services;

test('a job that a search of another gateway has bound to an equal create is not given to its own create', async () => {
  const harness = new CreatesHarness(2);
  await harness.fail('DataExchange.CreateJob', { delayMs: 2_000, afterCommit: true });
  await harness.fail('DataExchange.CreateJob', { reset: true });
  const unbound = harness.dataExchange({ key: otherKey, at: 1 });
  const refused = expect(unbound).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
  await sent(harness, dataExchange, 1);
  const result = [await harness.finish(harness.dataExchange({ key }))];
  await harness.finish(refused);
  await harness.clock.advance(6_000);
  result.push(await harness.finish(harness.dataExchange({ key: otherKey, at: 1 })));
  expect(result[1]?.awsJobId).not.toBe(result[0]?.awsJobId);
  expect((await harness.madeIds('DATA_EXCHANGE')).toSorted()).toEqual(
    result.map(({ awsJobId }) => awsJobId).toSorted(),
  );
});

test('the job of a create without a key that is under way at one gateway is never bound to the lost create of another', async () => {
  const harness = new CreatesHarness(2);
  await harness.fail('DataExchange.CreateJob', { delayMs: 2_000, afterCommit: true });
  await harness.fail('DataExchange.CreateJob', { reset: true });
  const without = harness.dataExchange({ at: 1 });
  await sent(harness, dataExchange, 1);
  const lost = harness.dataExchange({ key });
  await expect(harness.finish(lost)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
  const other = await harness.finish(without);
  await harness.clock.advance(6_000);
  expect((await harness.finish(harness.dataExchange({ key }))).awsJobId).not.toBe(other.awsJobId);
});

test('a job that is created after the attempt of another gateway was bound is cancelled and never started', async () => {
  const harness = new CreatesHarness(2);
  await harness.fail('DataExchange.CreateJob', { delayMs: 1_000, afterCommit: true });
  const first = harness.dataExchange({ key, start: true });
  await sent(harness, dataExchange, 1);
  harness.link(0).holds = 'everything';
  await harness.clock.advance(6_000);
  // The other gateway's search does not find the job yet.
  await harness.fail('DataExchange.ListJobs', { status: 200, body: '{"Jobs":[]}' }, 2);
  const second = await harness.finish(harness.dataExchange({ key, at: 1, start: true }));
  await harness.heal();
  harness.link(0).release();
  expect(await harness.finish(first)).toEqual({ ...second, isReplay: true });
  const states = (await harness.dataExchangeJobs()).map(({ awsJobId, state }) => [awsJobId === second.awsJobId, state]);
  expect(states.toSorted()).toEqual([
    [false, 'CANCELLED'],
    [true, 'IN_PROGRESS'],
  ]);
});

test('one of two gateways sweeps, and the other after that one has crashed', async () => {
  const harness = new CreatesHarness(2);
  await failCreate(harness, dataExchange, { never: true, afterCommit: true });
  const first = harness.dataExchange({ key }).catch(() => {});
  await sent(harness, dataExchange, 1);
  harness.crash(0);
  await harness.finish(first);
  const unsettled = async () => (await harness.gateway(1).records.list('unsettled', '', 10)).length;
  expect(await unsettled()).toBe(1);
  const { records } = harness.gateway(0);
  expect(await records.claimSweep('another', 60_000)).toBe(true);
  const { reconciliation } = harness.gateway(1);
  reconciliation.start();
  await harness.clock.advance(59_000);
  for (let round = 0; round < 50; round += 1) await settle();
  expect(await unsettled()).toBe(1);
  await harness.clock.advance(40_000);
  await expect.poll(unsettled).toBe(0);
  expect(await records.claimSweep('another', 60_000)).toBe(false);
  await harness.finish(reconciliation.stop());
  expect((await harness.finish(harness.dataExchange({ key }))).isReplay).toBe(true);
});
