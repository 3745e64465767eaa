import { paginateListDataSets, ValidationException } from '@aws-sdk/client-dataexchange';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { finished, startSession } from '../support/data-exchange.ts';

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
