/** The manifest of a job is replaced before the create that has made it has found it. */
import { expect, test } from 'vitest';
import { CreatesHarness, replacedDevice, replacedText } from '../../support/creates/creates-harness.ts';
import { manifests } from '../../support/examples.ts';

const key = 'order-4711-attempt-1';
const typed = { importToS3: { ...manifests.importToS3.importToS3, deviceId: replacedDevice, eraseDevice: true } };
const withOwnGenerator = { text: { direction: 'IMPORT', text: replacedText } } as const;
const replacements = { 'a typed manifest': typed, 'a text with a generator of its own': withOwnGenerator };

const emptyList =
  '<ListJobsResponse><ListJobsResult><Jobs/><IsTruncated>false</IsTruncated></ListJobsResult></ListJobsResponse>';

/** A create whose answer is lost and whose job cannot be looked for. Returns the id of its job, which the caller sees in a list. */
async function lostCreate(harness: CreatesHarness): Promise<string> {
  await harness.fail('ImportExport.CreateJob', { headers: { 'x-check': '1' } });
  await harness.fail('ImportExport.CreateJob', { reset: true, afterCommit: true });
  await harness.fail('ImportExport.ListJobs', { status: 500 }, 3);
  const outcome = harness.importExport({ key }).catch(({ code }: { code: string }) => code);
  expect(await harness.finish(outcome)).toBe('OUTCOME_UNKNOWN');
  await harness.heal();
  const [awsJobId = ''] = await harness.madeIds('IMPORT_EXPORT');
  return awsJobId;
}

test.each(Object.entries(replacements))(
  'by %s: the key still finds it, and no second job is made',
  async (_, manifest) => {
    const harness = new CreatesHarness(2);
    const awsJobId = await lostCreate(harness);
    await harness.finish(harness.updateManifest(awsJobId, manifest, 1));
    await harness.clock.advance(70_000);
    for (const at of [0, 1]) {
      expect(await harness.finish(harness.importExport({ key, at }))).toEqual({ awsJobId, isReplay: true });
    }
    expect(await harness.madeIds('IMPORT_EXPORT')).toEqual([awsJobId]);
    const shown = await harness.finish(
      harness.backends.importExport.getDocuments(awsJobId, { signal: new AbortController().signal }),
    );
    expect(shown.manifest?.reveal()).toContain(replacedDevice);
  },
);

test.each(Object.entries(replacements))(
  'by %s after a sweep has looked for it in vain: the same',
  async (_, manifest) => {
    const harness = new CreatesHarness();
    const awsJobId = await lostCreate(harness);
    // It stays so, and can be updated.
    await harness.control('POST', `jobs/${awsJobId}`, { progressCode: 'Pending' });
    await harness.clock.advance(70_000);
    // A list that lags behind.
    await harness.fail('ImportExport.ListJobs', { status: 200, body: emptyList });
    await harness.finish(harness.creates.reconciliation.sweep());
    expect(await harness.creates.records.list('unsettled', '', 10)).toEqual([]);
    await harness.finish(harness.updateManifest(awsJobId, manifest));
    expect(await harness.finish(harness.importExport({ key }))).toEqual({ awsJobId, isReplay: true });
    expect(await harness.madeIds('IMPORT_EXPORT')).toEqual([awsJobId]);
  },
);

test('a manifest that carries the mark already is sent as it is', async () => {
  const harness = new CreatesHarness();
  const awsJobId = await lostCreate(harness);
  const [generator = ''] = await harness.generators();
  const text = replacedText.replace('Text editor', generator);
  await harness.finish(harness.updateManifest(awsJobId, { text: { direction: 'IMPORT', text } }));
  expect(await harness.finish(harness.importExport({ key }))).toEqual({ awsJobId, isReplay: true });
});

test('without the store the mark is carried over, and a manifest without a place for it is not sent', async () => {
  const harness = new CreatesHarness();
  const awsJobId = await lostCreate(harness);
  harness.store.isDown = true;
  await expect(harness.finish(harness.updateManifest(awsJobId, withOwnGenerator))).rejects.toMatchObject({
    code: 'IDEMPOTENCY_STORE_UNAVAILABLE',
  });
  await harness.finish(harness.updateManifest(awsJobId, typed));
  harness.store.isDown = false;
  expect(await harness.finish(harness.importExport({ key }))).toEqual({ awsJobId, isReplay: true });
});

test('where no create is open, no job is read before its update', async () => {
  const harness = new CreatesHarness();
  const { awsJobId } = await harness.finish(harness.importExport({ key }));
  await harness.finish(harness.updateManifest(awsJobId, typed));
  expect(await harness.calls()).not.toHaveProperty('ImportExport.GetStatus');
});

test.each(Object.entries(replacements))(
  'by %s while no replica has what binds it, and a failover follows: the same',
  async (_, manifest) => {
    const harness = new CreatesHarness(2);
    const awsJobId = await lostCreate(harness);
    harness.store.cutReplicaOff();
    // It is bound, which a failover undoes.
    const outcome = harness.importExport({ key }).catch(({ code }: { code: string }) => code);
    expect(await harness.finish(outcome)).toBe('OUTCOME_UNKNOWN');
    const update = harness.updateManifest(awsJobId, manifest).catch(({ code }: { code: string }) => code);
    expect(await harness.finish(update)).toBe('text' in manifest ? 'IDEMPOTENCY_STORE_UNAVAILABLE' : undefined);
    harness.store.failOver();
    await harness.clock.advance(70_000);
    expect(await harness.finish(harness.importExport({ key, at: 1 }))).toEqual({ awsJobId, isReplay: true });
    expect(await harness.madeIds('IMPORT_EXPORT')).toEqual([awsJobId]);
  },
);
