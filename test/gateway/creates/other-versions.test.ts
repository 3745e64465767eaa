/** Records of creates in the store that another version of the gateway has written. */
import { expect, test } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import { CreatesHarness } from '../../support/creates/creates-harness.ts';
import { dataExchangeDetails } from '../../support/examples.ts';
import { field, scraped, startGateway } from '../../support/gateway.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const key = 'order-4711-attempt-1';
const otherKey = 'order-4712-attempt-1';
const services = [
  { service: 'DATA_EXCHANGE', sendings: 1 },
  { service: 'IMPORT_EXPORT', sendings: 2 },
] as const;

type Envelope = { readonly v: unknown; readonly value: Readonly<Record<string, unknown>> };

/** Replaces each value of `collection` by what `change` makes of it. */
async function rewrite(store: Store, collection: string, change: (kept: Envelope) => unknown): Promise<void> {
  for (const [at, value] of await store.list(collection, {})) {
    await store.write([{ collection, key: at, value: change(value as Envelope) }], 'durable');
  }
}

/** The ways in which a record may be unreadable for this version. */
const unreadable: readonly [string, (kept: Envelope) => unknown][] = [
  ['a state that it does not know', ({ value, ...kept }) => ({ ...kept, value: { ...value, state: 'PARKED' } })],
  ['a version that it does not know', (kept) => ({ ...kept, v: 9 })],
  ['a shape that it does not know', (kept) => ({ ...kept, value: ['planted-4711'] })],
  ['no attempts', ({ value, ...kept }) => ({ ...kept, value: { ...value, attempts: 0 } })],
];

async function lose(harness: CreatesHarness, service: 'DATA_EXCHANGE' | 'IMPORT_EXPORT', of: string): Promise<void> {
  const [create, list] =
    service === 'DATA_EXCHANGE'
      ? ['DataExchange.CreateJob', 'DataExchange.ListJobs']
      : ['ImportExport.CreateJob', 'ImportExport.ListJobs'];
  if (service === 'IMPORT_EXPORT') await harness.fail(create, { headers: { 'x-check': '1' } });
  await harness.fail(create, { reset: true, afterCommit: true });
  await harness.fail(list, { status: 500 }, 3);
  await expect(harness.finish(harness.create(service, { key: of }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await harness.heal();
}

test.each(services)('unknown members of a $service record are accepted and kept', async ({ service }) => {
  const harness = new CreatesHarness();
  await lose(harness, service, key);
  await rewrite(harness.store, 'creates', ({ value, ...kept }) => ({
    ...kept,
    newer: 'beside',
    value: { ...value, newer: { a: ['within'] }, trace: { ...(value['trace'] as object), newer: 'in the trace' } },
  }));
  const result = await harness.finish(harness.create(service, { key }));
  expect(await harness.finish(harness.create(service, { key }))).toEqual({ ...result, isReplay: true });
  const [record] = await harness.store.list('creates', {});
  expect(record?.[1]).toMatchObject({
    value: { state: 'BOUND', newer: { a: ['within'] }, trace: { newer: 'in the trace' } },
  });
});

test.each(unreadable)('the create of a record with %s is not sent again', async (_what, change) => {
  for (const { service } of services) {
    const harness = new CreatesHarness();
    const result = await harness.finish(harness.create(service, { key }));
    await rewrite(harness.store, 'creates', change);
    const before = await harness.calls();
    for (const _ of [1, 2]) {
      await expect(harness.finish(harness.create(service, { key }))).rejects.toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        retryable: false,
      });
    }
    expect(await harness.calls()).toEqual(before);
    expect((await harness.finish(harness.create(service, { key: otherKey }))).awsJobId).not.toBe(result.awsJobId);
  }
});

test.each(unreadable)(
  'a record with %s keeps no other from being settled, also after a restart',
  async (_what, change) => {
    const harness = new CreatesHarness();
    await lose(harness, 'DATA_EXCHANGE', key);
    await rewrite(harness.store, 'creates', change);
    const manifest = { service: 'IMPORT_EXPORT', key: otherKey } as const;
    await lose(harness, manifest.service, manifest.key);
    harness.crash();
    await harness.clock.advance(61_000);
    await harness.finish(harness.creates.reconciliation.sweep());
    await harness.finish(harness.creates.reconciliation.sweep());
    const listed = await harness.creates.records.list('unsettled', '', 10);
    expect(listed.map(({ record }) => record)).toEqual(['unreadable']);
    expect((await harness.finish(harness.create(manifest.service, manifest))).isReplay).toBe(true);
  },
);

test('a job whose owner cannot be read is not bound to another create', async () => {
  const harness = new CreatesHarness();
  const other = await harness.finish(harness.dataExchange({}));
  await rewrite(harness.store, 'taken', (kept) => ({ ...kept, v: 9 }));
  await harness.fail('DataExchange.CreateJob', { reset: true });
  await expect(harness.finish(harness.dataExchange({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await harness.clock.advance(6_000);
  expect((await harness.finish(harness.dataExchange({ key }))).awsJobId).not.toBe(other.awsJobId);
});

test('a lost create with marks of an older version is found all the same', async () => {
  const harness = new CreatesHarness();
  await lose(harness, 'DATA_EXCHANGE', key);
  await rewrite(harness.store, 'creates', ({ value, ...kept }) => {
    const { said: _, version: __, ...trace } = value['trace'] as Record<string, unknown>;
    return { ...kept, value: { ...value, trace: { ...trace, work: 'of-an-older-version' } } };
  });
  await harness.clock.advance(7_000);
  await harness.finish(harness.creates.reconciliation.sweep());
  const result = await harness.finish(harness.dataExchange({ key }));
  expect((await harness.dataExchangeJobs()).map(({ awsJobId }) => awsJobId)).toEqual([result.awsJobId]);
});

test('a running gateway reports an unreadable record once, in its log and its metrics', async () => {
  const store = new MemoryStore();
  const gateway = await startGateway({ WAYBILL_METRICS_PORT: '0' }, { store });
  const create = async (idempotencyKey: string) =>
    gateway.ask(
      `mutation ($input: CreateDataExchangeJobInput!) {
        createDataExchangeJob(input: $input) { job { id } userErrors { code } } }`,
      { input: { idempotencyKey, details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 } },
    );
  await create(key);
  await rewrite(store, 'creates', (kept) => ({ ...kept, value: ['planted-4711'] }));
  for (const _ of [1, 2, 3]) {
    const { errors } = await create(key);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false });
  }
  expect(field<{ job: unknown }>((await create(otherKey)).data, 'createDataExchangeJob').job).not.toBeNull();
  expect(gateway.complaints).toEqual([expect.stringMatching(/idempotency key cannot be read.*another version/)]);
  expect(gateway.complaints.join()).not.toMatch(/planted|4711/);
  expect(await scraped(gateway.metricsUrl)).toMatch(/^waybill_unreadable_records_total\{collection="creates"\} 1$/m);
});
