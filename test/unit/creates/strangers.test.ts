/** Lost creates beside equal jobs of others, and replies that do not show the whole request. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { DataExchangeJobRequest } from '../../../src/model/data-exchange-request.ts';
import { CreatesHarness } from '../../support/creates/creates-harness.ts';
import { dataExchangeDetails, md5OfHello } from '../../support/examples.ts';
import { isOptional, reversed, withDetails, without } from '../../support/reply-edits.ts';

const key = 'order-4711-attempt-1';
const lost = { reset: true, afterCommit: true };
const call = { signal: new AbortController().signal };

let harness: CreatesHarness;
beforeEach(() => {
  harness = new CreatesHarness();
});

/** Loses the answer of a create, and fails the first search for its job. */
async function lose(details: DataExchangeJobRequest, fault: Record<string, unknown> = lost): Promise<void> {
  await harness.fail('DataExchange.CreateJob', fault);
  await harness.fail('DataExchange.ListJobs', { status: 500 }, 3);
  await expect(harness.finish(harness.dataExchange({ key, details, start: true }))).rejects.toMatchObject({
    code: 'OUTCOME_UNKNOWN',
  });
  await harness.heal();
}

function repeated(details: DataExchangeJobRequest) {
  return harness.finish(harness.dataExchange({ key, details, start: true }));
}

async function sweepLater(): Promise<void> {
  for (const ms of [6_000, 31_000]) {
    await harness.clock.advance(ms);
    await harness.finish(harness.creates.reconciliation.sweep());
  }
}

async function states(): Promise<ReadonlyMap<string, string>> {
  return new Map((await harness.dataExchangeJobs()).map(({ awsJobId, state }) => [awsJobId, state]));
}

const more = {
  EXPORT_ASSETS_TO_S3: {
    exportAssetsToS3: {
      ...dataExchangeDetails.EXPORT_ASSETS_TO_S3.exportAssetsToS3,
      destinations: ['b', 'a', 'c'].map((letter) => ({
        ...dataExchangeDetails.EXPORT_ASSETS_TO_S3.exportAssetsToS3.destinations[0],
        ...(letter === 'a' ? { key: null } : { key: `out/${letter}.csv` }),
      })),
    },
  },
  IMPORT_ASSETS_FROM_S3: {
    importAssetsFromS3: {
      ...dataExchangeDetails.IMPORT_ASSETS_FROM_S3.importAssetsFromS3,
      sources: ['b', 'a', 'c'].map((letter) => ({ bucket: 'waybill-demo-data', key: `prices/${letter}.csv` })),
    },
  },
};

describe.each(Object.entries({ ...dataExchangeDetails, ...more }))('%s', (_type, details: DataExchangeJobRequest) => {
  test.each([
    ['leave out optional members', (given: unknown) => without(given, isOptional)],
    ['have lists in another order', reversed],
  ])('a lost job is found if replies %s', async (_what, edit) => {
    harness.edits.job = (job) => withDetails(job, (given) => ({ ...(edit(given) as object) }));
    await lose(details);
    await harness.clock.advance(7_000);
    const result = await repeated(details);
    expect(await states()).toEqual(new Map([[result.awsJobId, 'IN_PROGRESS']]));
    expect((await harness.calls())['DataExchange.CreateJob']).toBe(1);
  });
});

test.each([
  ['a source without a key', { AssetSources: [{ Bucket: 'waybill-demo-source' }] }],
  ['a data set whose id is a number', { DataSetId: 5 }],
])(
  'a lost job that every reply shows with %s is not bound to another, and no second one is created',
  async (_what, broken) => {
    const details = dataExchangeDetails.IMPORT_ASSETS_FROM_S3;
    harness.edits.job = (job) => withDetails(job, (given) => ({ ...given, ...broken }));
    await lose(details);
    await harness.clock.advance(7_000);
    await expect(repeated(details)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await sweepLater();
    expect((await harness.calls())['DataExchange.CreateJob']).toBe(1);
    harness.edits = {};
    const result = await repeated(details);
    expect(await states()).toEqual(new Map([[result.awsJobId, 'IN_PROGRESS']]));
  },
);

test('a lost export is found if replies fill in keys that were not requested', async () => {
  const { exportAssetsToS3 } = dataExchangeDetails.EXPORT_ASSETS_TO_S3;
  const [destination] = exportAssetsToS3.destinations;
  const details = { exportAssetsToS3: { ...exportAssetsToS3, destinations: [{ ...destination, key: null }] } };
  harness.edits.job = (job) =>
    withDetails(job, (given) => ({ ...given, AssetDestinations: [{ ...assetDestination, Key: '01.csv' }] }));
  const assetDestination = { AssetId: destination.assetId, Bucket: destination.bucket };
  await lose(details);
  await harness.clock.advance(7_000);
  expect((await repeated(details)).isReplay).toBe(true);
  expect((await harness.calls())['DataExchange.CreateJob']).toBe(1);
});

const signedUrl = dataExchangeDetails.IMPORT_ASSET_FROM_SIGNED_URL;
const otherFile = {
  importAssetFromSignedUrl: { ...signedUrl.importAssetFromSignedUrl, md5Hash: `A${md5OfHello.slice(1)}` },
};

test('a job that shows another hash is not bound, even if only GetJob shows it', async () => {
  harness.edits.job = (job, place) =>
    place === 'ListJobs' ? withDetails(job, ({ Md5Hash: _, ...given }) => given) : job;
  await lose(signedUrl, { reset: true });
  const other = await harness.strangersJob(otherFile);
  await harness.clock.advance(7_000);
  const result = await repeated(signedUrl);
  expect(result.awsJobId).not.toBe(other.awsJobId);
  await sweepLater();
  expect((await states()).get(other.awsJobId)).toBe('WAITING');
});

test('two jobs whose hash no reply shows are ambiguous, and nothing is created, started or cancelled', async () => {
  harness.edits.job = (job) => withDetails(job, ({ Md5Hash: _, ...given }) => given);
  await lose(signedUrl);
  await harness.strangersJob(otherFile);
  await expectUnknown(signedUrl);
});

const imports = dataExchangeDetails.IMPORT_ASSETS_FROM_S3;

/** At any time, and after each sweep. */
async function expectUnknown(details: DataExchangeJobRequest): Promise<void> {
  const made = (await harness.calls())['DataExchange.CreateJob'];
  for (const ms of [7_000, 31_000, 3_600_000]) {
    await harness.clock.advance(ms);
    await expect(repeated(details)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      retryable: false,
      message: expect.stringMatching(/`jobs`.*new key/s),
    });
    await harness.finish(harness.creates.reconciliation.sweep());
  }
  expect([...(await states()).values()]).toEqual(['WAITING', 'WAITING']);
  expect((await harness.calls())['DataExchange.CreateJob']).toBe(made);
}

test('an equal job that others create after a lost create is not cancelled, nor is the lost job', async () => {
  await lose(imports);
  await harness.clock.advance(1_000);
  await harness.strangersJob();
  await expectUnknown(imports);
});

test('an equal job that others created before a lost create is not returned, and the lost job is not cancelled', async () => {
  await harness.strangersJob();
  await harness.clock.advance(1_000);
  await lose(imports);
  await expectUnknown(imports);
});

test('an unreadable list entry of the job keeps the create from being sent again until it can be read', async () => {
  await lose(imports);
  const [job] = await harness.dataExchangeJobs();
  harness.edits.job = (given, place) => (place === 'ListJobs' ? { ...given, CreatedAt: 'not-a-date' } : given);
  for (const ms of [7_000, 61_000]) {
    await harness.clock.advance(ms);
    await expect(repeated(imports)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true });
    await harness.finish(harness.creates.reconciliation.sweep());
  }
  harness.edits = {};
  expect((await repeated(imports)).awsJobId).toBe(job?.awsJobId);
  expect((await harness.calls())['DataExchange.CreateJob']).toBe(1);
});

test('a job that was bound before others created an equal one stays the job of its key, and the other is not touched', async () => {
  await harness.fail('DataExchange.CreateJob', lost);
  const result = await repeated(imports);
  const other = await harness.strangersJob();
  await sweepLater();
  expect(await repeated(imports)).toEqual({ ...result, isReplay: true });
  expect((await states()).get(other.awsJobId)).toBe('WAITING');
});

test('two keys that each lost an equal job get both, except while a third equal job exists', async () => {
  const other = 'order-4712-attempt-1';
  for (const each of [key, other]) {
    await harness.fail('DataExchange.CreateJob', lost);
    await harness.fail('DataExchange.ListJobs', { status: 500 }, 3);
    await expect(harness.finish(harness.dataExchange({ key: each }))).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });
    await harness.heal();
  }
  const third = await harness.strangersJob();
  const unknown = { code: 'OUTCOME_UNKNOWN', retryable: false };
  await expect(harness.finish(harness.dataExchange({ key }))).rejects.toMatchObject(unknown);
  harness.edits.isListed = (awsJobId) => awsJobId !== third.awsJobId;
  const result = [await harness.finish(harness.dataExchange({ key }))];
  result.push(await harness.finish(harness.dataExchange({ key: other })));
  expect(new Set(result.map(({ awsJobId }) => awsJobId)).size).toBe(2);
});

/** Loses the answer of a create of which the list shows nothing, and lets a sweep look for it in vain. */
async function loseUnlisted(ofKey: string): Promise<void> {
  harness.edits.isListed = () => false;
  await harness.fail('DataExchange.CreateJob', lost);
  await expect(harness.finish(harness.dataExchange({ key: ofKey }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await harness.clock.advance(7_000);
  await harness.finish(harness.creates.reconciliation.sweep());
}

test('a key whose lost job the list shows only after a sweep leaves the job of another key to that key', async () => {
  const other = 'order-4712-attempt-1';
  await loseUnlisted(other);
  harness.edits = {};
  await harness.fail('DataExchange.CreateJob', lost);
  const results = [await harness.finish(harness.dataExchange({ key }))];
  results.push(await harness.finish(harness.dataExchange({ key: other })));
  expect(new Set(results.map(({ awsJobId }) => awsJobId))).toEqual(new Set((await states()).keys()));
  expect((await harness.calls())['DataExchange.CreateJob']).toBe(2);
});

test('two keys get their jobs if the list shows them, and the second job of one, only after sweeps of both', async () => {
  const other = 'order-4712-attempt-1';
  await loseUnlisted(other);
  await loseUnlisted(key);
  const result = await harness.finish(harness.dataExchange({ key }));
  await sweepLater();
  harness.edits = {};
  const others = await harness.finish(harness.dataExchange({ key: other }));
  expect(others.awsJobId).not.toBe(result.awsJobId);
  await sweepLater();
  expect([...(await states()).values()].toSorted()).toEqual(['CANCELLED', 'WAITING', 'WAITING']);
});

/** The list lags behind the first attempt, so that a second one is sent. Returns the jobs of both. */
async function sendTwice() {
  await lose(imports);
  harness.edits.isListed = () => false;
  await harness.clock.advance(7_000);
  const result = await repeated(imports);
  harness.edits = {};
  const first = (await harness.dataExchangeJobs()).find(({ awsJobId }) => awsJobId !== result.awsJobId);
  return { result: result.awsJobId, first: first?.awsJobId ?? '' };
}

test('of two jobs of one key the bound one is started and the other cancelled, also after a restart', async () => {
  const { result, first } = await sendTwice();
  harness.crash();
  await sweepLater();
  expect(await states()).toEqual(
    new Map([
      [result, 'COMPLETED'],
      [first, 'CANCELLED'],
    ]),
  );
});

test('if others have created an equal job beside two of one key, none is cancelled', async () => {
  const { first } = await sendTwice();
  const other = await harness.strangersJob();
  await sweepLater();
  const found = await states();
  expect([found.get(first), found.get(other.awsJobId)]).toEqual(['WAITING', 'WAITING']);
});

test('an equal job of others is not cancelled in place of the missing job of an attempt', async () => {
  await lose(imports, { reset: true });
  await harness.clock.advance(7_000);
  const result = await repeated(imports);
  const other = await harness.strangersJob();
  await sweepLater();
  expect((await states()).get(other.awsJobId)).toBe('WAITING');
  expect(await repeated(imports)).toEqual({ ...result, isReplay: true });
});

test('an attempt that the service refused does not count as one that may have created a job', async () => {
  await lose(imports);
  harness.edits.isListed = () => false;
  await harness.clock.advance(7_000);
  await harness.fail('DataExchange.CreateJob', { status: 429 });
  await expect(repeated(imports)).rejects.toMatchObject({ code: 'UPSTREAM_THROTTLED' });
  harness.edits = {};
  await harness.strangersJob();
  await expectUnknown(imports);
});

test('a copied marked manifest makes the outcome ambiguous, and neither job is cancelled', async () => {
  await harness.fail('ImportExport.CreateJob', { headers: { 'x-check': '1' } });
  await harness.fail('ImportExport.CreateJob', lost);
  await harness.fail('ImportExport.ListJobs', { status: 500 }, 3);
  await expect(harness.finish(harness.importExport({ key }))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  await harness.heal();
  const [job] = await harness.importExportJobs();
  const { manifest } = await harness.finish(harness.backends.importExport.getDocuments(job?.awsJobId ?? '', call));
  const text = manifest?.reveal() ?? '';
  await harness.finish(
    harness.backends.importExport.createJob(
      { manifest: { text: { direction: 'IMPORT', text } }, validateOnly: false },
      call,
    ),
  );
  for (const ms of [1_000, 61_000]) {
    await harness.clock.advance(ms);
    await expect(harness.finish(harness.importExport({ key }))).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      retryable: false,
    });
    await harness.finish(harness.creates.reconciliation.sweep());
  }
  expect((await harness.importExportJobs()).map(({ state }) => state === 'CANCELLED')).toEqual([false, false]);
});
