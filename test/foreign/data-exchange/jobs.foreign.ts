import type { AssetEntry, Type } from '@aws-sdk/client-dataexchange';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { createdId, finished, startSession, uploadFile } from '../support/data-exchange.ts';
import { stepMs } from '../support/emulator.ts';
import { importFrom, jobRequest, jobTypes } from '../support/job-requests.ts';

const startAt = Date.parse('2026-01-01T00:00:00Z');
const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };

test('a new job is returned with all members, its dates as Dates', async () => {
  const { client } = await startSession();
  const { $metadata, ...job } = await client.createJob(jobRequest('EXPORT_ASSETS_TO_S3'));
  expect($metadata).toMatchObject({ httpStatusCode: 201, attempts: 1, requestId: expect.stringMatching(/-/) });
  expect(job.Arn).toBe(`arn:aws:dataexchange:us-east-1:123456789012:jobs/${job.Id}`);
  expect(job).toMatchInlineSnapshot(
    { Id: expect.any(String), Arn: expect.any(String) },
    `
    {
      "Arn": Any<String>,
      "CreatedAt": 2026-01-01T00:00:00.000Z,
      "Details": {
        "ExportAssetsToS3": {
          "AssetDestinations": [
            {
              "AssetId": "a55e7000000000000000000000000001",
              "Bucket": "waybill-demo-target",
              "Key": "out/Zürich 東京.csv",
            },
          ],
          "DataSetId": "da7a0000000000000000000000000001",
          "Encryption": {
            "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/one",
            "Type": "aws:kms",
          },
          "RevisionId": "de710000000000000000000000000001",
        },
      },
      "Id": Any<String>,
      "State": "WAITING",
      "Type": "EXPORT_ASSETS_TO_S3",
      "UpdatedAt": 2026-01-01T00:00:00.000Z,
    }
  `,
  );
});

test.each(jobTypes)('a job of the type %s has the details of its request and completes', async (type) => {
  const { client, clock } = await startSession();
  const request = jobRequest(type);
  const { $metadata, ...job } = await client.createJob(request);
  const JobId = job.Id ?? '';
  expect(job).toMatchObject({ ...request, State: 'WAITING' });
  expect(job).not.toHaveProperty('Errors');
  await uploadFile(job);
  expect((await client.startJob({ JobId })).$metadata.httpStatusCode).toBe(202);
  expect(await client.getJob({ JobId })).toMatchObject({ ...job, State: 'IN_PROGRESS' });
  await clock.advance(stepMs);
  const UpdatedAt = new Date(startAt + stepMs);
  expect(await client.getJob({ JobId })).toMatchObject({ ...job, State: 'COMPLETED', UpdatedAt });
});

const imports: readonly (readonly [type: Type, asset: Partial<AssetEntry>])[] = [
  ['CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET', { AssetType: 'S3_DATA_ACCESS', Name: demo.bucket }],
  ['IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY', { AssetType: 'LAKE_FORMATION_DATA_PERMISSION' }],
  ['IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES', { AssetType: 'REDSHIFT_DATA_SHARE' }],
  ['IMPORT_ASSETS_FROM_S3', { AssetType: 'S3_SNAPSHOT', Name: 'prices/2024/03.csv' }],
  ['IMPORT_ASSET_FROM_API_GATEWAY_API', { AssetType: 'API_GATEWAY_API', Name: 'Prices' }],
  ['IMPORT_ASSET_FROM_SIGNED_URL', { AssetType: 'S3_SNAPSHOT', Name: 'all-bytes.bin' }],
];

test.each(imports)('a completed %s adds its asset to the revision', async (type, asset) => {
  const session = await startSession();
  const assetsNow = async () => (await session.client.listRevisionAssets(revision)).Assets ?? [];
  const before = new Set((await assetsNow()).map(({ Id }) => Id));
  await finished(session, jobRequest(type));
  const added = (await assetsNow()).filter(({ Id }) => !before.has(Id));
  expect(added).toMatchObject([{ ...asset, ...revision, CreatedAt: new Date(startAt + stepMs) }]);
});

test('an import without access to its source ends in ERROR and names the file', async () => {
  const job = await finished(await startSession(), importFrom(demo.forbiddenBucket));
  expect(job.State).toBe('ERROR');
  expect(job.Errors).toMatchInlineSnapshot(`
    [
      {
        "Code": "ACCESS_DENIED_EXCEPTION",
        "Details": {
          "ImportAssetsFromS3JobErrorDetails": [
            {
              "Bucket": "waybill-demo-forbidden",
              "Key": "new.csv",
            },
          ],
        },
        "Message": "Cannot read from the bucket waybill-demo-forbidden.",
        "ResourceType": "ASSET",
      },
    ]
  `);
});

test('an import over the quota of its revision ends in ERROR with a numeric limit', async () => {
  const session = await startSession();
  const request = jobRequest('CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET');
  for (let count = 0; count < 5; count += 1) expect((await finished(session, request)).State).toBe('COMPLETED');
  expect((await finished(session, request)).Errors).toMatchInlineSnapshot(`
    [
      {
        "Code": "SERVICE_QUOTA_EXCEEDED_EXCEPTION",
        "LimitName": "Amazon S3 data access assets per revision",
        "LimitValue": 5,
        "Message": "Limit exceeded: Amazon S3 data access assets per revision",
        "ResourceId": "de710000000000000000000000000001",
        "ResourceType": "REVISION",
      },
    ]
  `);
});

test('an import started before its upload ends in ERROR', async () => {
  const { client, clock } = await startSession();
  const JobId = await createdId(client, jobRequest('IMPORT_ASSET_FROM_SIGNED_URL'));
  await client.startJob({ JobId });
  await clock.advance(stepMs);
  const { Errors } = await client.getJob({ JobId });
  expect(Errors).toMatchObject([
    {
      Code: 'VALIDATION_EXCEPTION',
      Details: { ImportAssetFromSignedUrlJobErrorDetails: { AssetName: 'all-bytes.bin' } },
    },
  ]);
});

test('a waiting job is cancelled and stays cancelled', async () => {
  const { client, clock } = await startSession();
  const JobId = await createdId(client, importFrom(demo.bucket));
  expect((await client.cancelJob({ JobId })).$metadata.httpStatusCode).toBe(204);
  await clock.advance(10 * stepMs);
  expect(await client.getJob({ JobId })).toMatchObject({ State: 'CANCELLED', UpdatedAt: new Date(startAt) });
});
