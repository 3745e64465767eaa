import {
  AccessDeniedException,
  ConflictException,
  paginateListDataSets,
  ServiceLimitExceededException,
  ValidationException,
} from '@aws-sdk/client-dataexchange';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { createdId, finished, startSession } from '../support/data-exchange.ts';
import { stepMs } from '../support/emulator.ts';

const newDataSet = {
  AssetType: 'S3_SNAPSHOT',
  Name: 'Préis & <quotes>',
  Description: 'Daily, "mostly"',
  Tags: { 'cost/centre': '42' },
} as const;

test('a data set is created, read, changed and listed', async () => {
  const { client, clock } = await startSession();
  const { $metadata: created, ...dataSet } = await client.createDataSet(newDataSet);
  expect(created.httpStatusCode).toBe(201);
  expect(dataSet).toMatchInlineSnapshot(
    { Arn: expect.any(String), Id: expect.any(String) },
    `
    {
      "Arn": Any<String>,
      "AssetType": "S3_SNAPSHOT",
      "CreatedAt": 2026-01-01T00:00:00.000Z,
      "Description": "Daily, "mostly"",
      "Id": Any<String>,
      "Name": "Préis & <quotes>",
      "Origin": "OWNED",
      "Tags": {
        "cost/centre": "42",
      },
      "UpdatedAt": 2026-01-01T00:00:00.000Z,
    }
  `,
  );
  const DataSetId = dataSet.Id;
  expect(await client.getDataSet({ DataSetId })).toMatchObject(dataSet);
  await clock.advance(1500);
  const { Tags, ...entry } = { ...dataSet, Name: 'Prices', UpdatedAt: new Date('2026-01-01T00:00:01.500Z') };
  expect(await client.updateDataSet({ DataSetId, Name: 'Prices' })).toMatchObject(entry);
  expect((await client.listDataSets({ Origin: 'OWNED' })).DataSets?.[0]).toEqual(entry);
});

test('data sets are paged, and filtered by origin', async () => {
  const { client } = await startSession();
  const found: (string | undefined)[] = [];
  for await (const { DataSets = [] } of paginateListDataSets({ client, pageSize: 1 }, {})) {
    found.push(...DataSets.map(({ Id }) => Id));
  }
  expect(found.sort()).toEqual([demo.dataSetId, demo.entitledDataSetId]);
  const { DataSets } = await client.listDataSets({ Origin: 'ENTITLED' });
  expect(DataSets).toMatchObject([
    { Id: demo.entitledDataSetId, Origin: 'ENTITLED', OriginDetails: { ProductId: expect.any(String) } },
  ]);
});

test('a revision is created, changed, filled and finalized', async () => {
  const session = await startSession();
  const { client } = session;
  const { Id: DataSetId } = await client.createDataSet(newDataSet);
  const { $metadata, ...revision } = await client.createRevision({ DataSetId, Comment: 'draft', Tags: { a: '1' } });
  expect(revision).toMatchObject({ DataSetId, Comment: 'draft', Finalized: false, Tags: { a: '1' } });
  const RevisionId = revision.Id;
  expect(await client.getRevision({ DataSetId, RevisionId })).toMatchObject(revision);
  const finalize = () => client.updateRevision({ DataSetId, RevisionId, Comment: 'final', Finalized: true });
  await expect(finalize()).rejects.toBeInstanceOf(ValidationException);
  const AssetSources = [{ Bucket: demo.bucket, Key: 'a.csv' }];
  const ImportAssetsFromS3 = { DataSetId, RevisionId, AssetSources };
  await finished(session, { Type: 'IMPORT_ASSETS_FROM_S3', Details: { ImportAssetsFromS3 } });
  expect(await finalize()).toMatchObject({ Comment: 'final', Finalized: true });
  const { Revisions } = await client.listDataSetRevisions({ DataSetId });
  expect(Revisions).toMatchObject([{ Id: RevisionId, Comment: 'final', Finalized: true }]);
});

test('assets are listed by name, descending, and can be read', async () => {
  const { client } = await startSession();
  const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };
  const { Assets = [] } = await client.listRevisionAssets(revision);
  expect(Assets.map(({ Name }) => Name)).toEqual(['prices/2024/02.csv', 'prices/2024/01.csv']);
  const { $metadata, ...asset } = await client.getAsset({ ...revision, AssetId: demo.assetId });
  expect(asset).toEqual(Assets[1]);
  expect(asset).toMatchInlineSnapshot(`
    {
      "Arn": "arn:aws:dataexchange:us-east-1:123456789012:data-sets/da7a0000000000000000000000000001/revisions/de710000000000000000000000000001/assets/a55e7000000000000000000000000001",
      "AssetDetails": {
        "S3SnapshotAsset": {
          "Size": 26,
        },
      },
      "AssetType": "S3_SNAPSHOT",
      "CreatedAt": 2025-12-22T00:00:00.000Z,
      "DataSetId": "da7a0000000000000000000000000001",
      "Id": "a55e7000000000000000000000000001",
      "Name": "prices/2024/01.csv",
      "RevisionId": "de710000000000000000000000000001",
      "UpdatedAt": 2025-12-22T00:00:00.000Z,
    }
  `);
});

test('tags are given, read, added and removed by the ARN of a data set and of a revision', async () => {
  const { client } = await startSession();
  const { Id: DataSetId, Arn: dataSetArn } = await client.createDataSet(newDataSet);
  const { Id: RevisionId, Arn: revisionArn } = await client.createRevision({ DataSetId, Tags: { a: 'ü' } });
  const cases = [
    [dataSetArn, newDataSet.Tags, () => client.getDataSet({ DataSetId })],
    [revisionArn, { a: 'ü' }, () => client.getRevision({ DataSetId, RevisionId })],
  ] as const;
  for (const [ResourceArn, given, read] of cases) {
    await client.tagResource({ ResourceArn, Tags: { 'key one': 'x', two: '' } });
    expect((await read()).Tags).toEqual({ ...given, 'key one': 'x', two: '' });
    await client.untagResource({ ResourceArn, TagKeys: ['key one', 'two'] });
    expect((await client.listTagsForResource({ ResourceArn })).Tags).toEqual(given);
  }
  const tooMany = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, '']));
  for (const Tags of [tooMany, { 'aws:mine': '' }])
    await expect(client.createDataSet({ ...newDataSet, Tags })).rejects.toBeInstanceOf(ValidationException);
});

test.each([
  [{ status: 403 }, AccessDeniedException],
  [{ status: 400 }, ValidationException],
])('an account whose policy refuses tags by %j creates without them', async (fault, refusal) => {
  const { client, fail } = await startSession();
  await fail('DataExchange.*', { ...fault, onlyTagged: true }, 2);
  const { Tags, ...untagged } = newDataSet;
  await expect(client.createDataSet({ ...untagged, Tags })).rejects.toBeInstanceOf(refusal);
  const { Id: DataSetId } = await client.createDataSet(untagged);
  await expect(client.createRevision({ DataSetId, Tags })).rejects.toBeInstanceOf(refusal);
  expect(await client.createRevision({ DataSetId })).toMatchObject({ DataSetId, Finalized: false });
});

test('more data sets and revisions than the quotas allow are refused', async () => {
  const { client, seed } = await startSession();
  await seed('dataSets', 2_999);
  await seed('revisions', 9_998);
  const dataSet = client.createDataSet(newDataSet);
  await expect(dataSet).rejects.toBeInstanceOf(ServiceLimitExceededException);
  await expect(dataSet).rejects.toMatchObject({ LimitName: 'Data sets per account', LimitValue: 3_000 });
  const revision = client.createRevision({ DataSetId: demo.dataSetId });
  await expect(revision).rejects.toBeInstanceOf(ServiceLimitExceededException);
  await expect(revision).rejects.toMatchObject({ LimitName: 'Revisions per data set', LimitValue: 10_000 });
});

test('a finalized revision cannot be reopened', async () => {
  const { client } = await startSession();
  const revision = { DataSetId: demo.dataSetId, RevisionId: demo.finalizedRevisionId };
  const reopened = client.updateRevision({ ...revision, Finalized: false });
  await expect(reopened).rejects.toBeInstanceOf(ConflictException);
  await expect(reopened).rejects.toMatchObject({ ResourceId: demo.finalizedRevisionId, ResourceType: 'REVISION' });
  expect(await client.updateRevision({ ...revision, Finalized: true })).toMatchObject({ Finalized: true });
});

test('a revision is finalized although an import into it is under way, and the import fails', async () => {
  const { client, clock } = await startSession();
  const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };
  const AssetSources = [{ Bucket: demo.bucket, Key: 'late.csv' }];
  const ImportAssetsFromS3 = { ...revision, AssetSources };
  const JobId = await createdId(client, { Type: 'IMPORT_ASSETS_FROM_S3', Details: { ImportAssetsFromS3 } });
  await client.startJob({ JobId });
  expect(await client.updateRevision({ ...revision, Finalized: true })).toMatchObject({ Finalized: true });
  await clock.advance(stepMs);
  expect(await client.getJob({ JobId })).toMatchObject({ State: 'ERROR', Errors: [{ ResourceType: 'REVISION' }] });
});
