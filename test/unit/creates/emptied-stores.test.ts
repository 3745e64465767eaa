/** Creates under way while the store is emptied: what the gateway still knows of them is recorded again. */
import { expect, test } from 'vitest';
import { CreatesHarness } from '../../support/creates/creates-harness.ts';
import { settle } from '../../support/fake-clock.ts';

const key = 'order-4711-attempt-1';
const services = [
  { service: 'DATA_EXCHANGE', create: 'DataExchange.CreateJob', list: 'DataExchange.ListJobs', sendings: 1 },
  { service: 'IMPORT_EXPORT', create: 'ImportExport.CreateJob', list: 'ImportExport.ListJobs', sendings: 2 },
  { service: 'DATA_SET', create: 'DataExchange.CreateDataSet', list: 'DataExchange.ListDataSets', sendings: 1 },
  {
    service: 'REVISION',
    create: 'DataExchange.CreateRevision',
    list: 'DataExchange.ListDataSetRevisions',
    sendings: 1,
  },
] as const;

type Service = (typeof services)[number];

/** Import/Export checks a manifest first: the fault is for the create after that. */
async function failCreate(harness: CreatesHarness, { create, sendings }: Service, fault: object): Promise<void> {
  if (sendings === 2) await harness.fail(create, { headers: { 'x-check': '1' } });
  await harness.fail(create, { ...fault });
}

async function called(harness: CreatesHarness, operation: string, count: number): Promise<void> {
  for (let round = 0; round < 1_000; round += 1) {
    if (((await harness.calls())[operation] ?? 0) >= count) return;
    await settle();
  }
  throw new Error(`expected ${count} calls of ${operation}`);
}

for (const each of services) {
  const { service, create, list, sendings } = each;

  test.each([
    ['is answered', { delayMs: 1_000, afterCommit: true }],
    ['is lost', { never: true, afterCommit: true }],
  ])(`a create of ${service} that %s after the store was emptied is recorded, at each gateway`, async (_, fault) => {
    const harness = new CreatesHarness(2);
    await failCreate(harness, each, fault);
    const attempt = harness.create(service, { key });
    await called(harness, create, sendings);
    harness.store.empty();
    const result = await harness.finish(attempt);
    for (const at of [0, 1]) {
      expect(await harness.finish(harness.create(service, { key, at }))).toEqual({ ...result, isReplay: true });
    }
    expect(await harness.madeIds(service)).toEqual([result.awsJobId]);
  });

  test(`the store is emptied during the search for a lost create of ${service}, and its key still makes one`, async () => {
    const harness = new CreatesHarness();
    await failCreate(harness, each, { reset: true, afterCommit: true });
    await harness.fail(list, { status: 500 }, 3);
    await harness.finish(harness.create(service, { key })).catch(() => {});
    await harness.clock.advance(1_000);
    const lists = (await harness.calls())[list] ?? 0;
    await harness.fail(list, { delayMs: 500 });
    const repeat = harness.create(service, { key }).catch(() => undefined);
    await called(harness, list, lists + 1);
    harness.store.empty();
    await harness.finish(repeat);
    const result = await harness.finish(harness.create(service, { key }));
    expect(await harness.madeIds(service)).toEqual([result.awsJobId]);
  });
}
