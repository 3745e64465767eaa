import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { errorName, type Harness, startEmulator, stepMs } from './harness.ts';

const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };

function s3Import(Bucket: string, ...keys: string[]) {
  const AssetSources = keys.map((Key) => ({ Bucket, Key }));
  return { Type: 'IMPORT_ASSETS_FROM_S3', Details: { ImportAssetsFromS3: { ...revision, AssetSources } } };
}

function s3Export(Bucket: string) {
  const AssetDestinations = [{ AssetId: demo.assetId, Bucket }];
  return { Type: 'EXPORT_ASSETS_TO_S3', Details: { ExportAssetsToS3: { ...revision, AssetDestinations } } };
}

function revisionExport(KeyPattern: string, Bucket: string = demo.exportBucket) {
  const RevisionDestinations = [{ Bucket, RevisionId: demo.revisionId, KeyPattern }];
  return {
    Type: 'EXPORT_REVISIONS_TO_S3',
    Details: { ExportRevisionsToS3: { DataSetId: demo.dataSetId, RevisionDestinations } },
  };
}

function dataAccess(Bucket: string) {
  return {
    Type: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
    Details: { CreateS3DataAccessFromS3Bucket: { ...revision, AssetSource: { Bucket } } },
  };
}

async function created(harness: Harness, body: object): Promise<string> {
  const { status, json } = await harness.exchange('POST', '/v1/jobs', body);
  expect(status).toBe(201);
  return json.Id;
}

/** Creates and starts a job, advances the clock, and returns its result. */
async function finished(harness: Harness, body: object) {
  const path = `/v1/jobs/${await created(harness, body)}`;
  expect((await harness.exchange('PATCH', path)).status).toBe(202);
  await harness.clock.advance(stepMs);
  return (await harness.exchange('GET', path)).json;
}

async function assetsOf({ exchange }: Harness) {
  const path = `/v1/data-sets/${demo.dataSetId}/revisions/${demo.revisionId}/assets?maxResults=200`;
  return (await exchange('GET', path)).json.Assets;
}

test('a job waits until it is started, is in progress for one step, and is then completed', async () => {
  const harness = startEmulator();
  const { exchange, clock } = harness;
  const path = `/v1/jobs/${await created(harness, s3Import(demo.bucket, 'a.csv'))}`;
  const stateAndTime = async () => {
    const { State, UpdatedAt } = (await exchange('GET', path)).json;
    return [State, Date.parse(UpdatedAt)];
  };
  const createdAt = clock.now();
  await clock.advance(24 * 3600 * 1000);
  expect(await stateAndTime()).toEqual(['WAITING', createdAt]);

  const startedAt = clock.now();
  const started = await exchange('PATCH', path);
  expect([started.status, started.text]).toEqual([202, '']);
  expect(await stateAndTime()).toEqual(['IN_PROGRESS', startedAt]);
  await clock.advance(stepMs - 1);
  expect(await stateAndTime()).toEqual(['IN_PROGRESS', startedAt]);
  await clock.advance(3600 * 1000);
  expect(await stateAndTime()).toEqual(['COMPLETED', startedAt + stepMs]);
});

test('a waiting job can be cancelled once', async () => {
  const harness = startEmulator();
  const path = `/v1/jobs/${await created(harness, s3Import(demo.bucket, 'a.csv'))}`;
  const cancelled = await harness.exchange('DELETE', path);
  expect([cancelled.status, cancelled.text]).toEqual([204, '']);
  expect((await harness.exchange('GET', path)).json.State).toBe('CANCELLED');
  for (const method of ['DELETE', 'PATCH']) {
    const reply = await harness.exchange(method, path);
    expect([reply.status, errorName(reply)]).toEqual([409, 'ConflictException']);
    expect(reply.json).toMatchObject({ ResourceId: path.split('/').at(-1), ResourceType: 'JOB' });
  }
});

test('a started job can be neither started again nor cancelled', async () => {
  const harness = startEmulator();
  const path = `/v1/jobs/${await created(harness, s3Import(demo.bucket, 'a.csv'))}`;
  await harness.exchange('PATCH', path);
  expect((await harness.exchange('PATCH', path)).status).toBe(409);
  expect((await harness.exchange('DELETE', path)).status).toBe(409);
});

test('a malformed job id is answered 400 and an unknown one 404', async () => {
  const { exchange } = startEmulator();
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    expect(errorName(await exchange(method, '/v1/jobs/short'))).toBe('ValidationException');
    const unknown = await exchange(method, `/v1/jobs/${'f'.repeat(32)}`);
    expect([unknown.status, unknown.json.ResourceType]).toEqual([404, 'JOB']);
  }
});

test('a job is removed ninety days after its creation', async () => {
  const harness = startEmulator();
  const path = `/v1/jobs/${await created(harness, s3Import(demo.bucket, 'a.csv'))}`;
  await harness.clock.advance(90 * 24 * 3600 * 1000);
  expect((await harness.exchange('GET', path)).status).toBe(200);
  await harness.clock.advance(1);
  expect((await harness.exchange('GET', path)).status).toBe(404);
  expect((await harness.exchange('GET', '/v1/jobs')).json).toEqual({ Jobs: [] });
});

test('an import from S3 adds assets named after their keys', async () => {
  const harness = startEmulator();
  const job = await finished(harness, s3Import(demo.bucket, 'x/1.csv', 'x/2.csv'));
  expect(job).not.toHaveProperty('Errors');
  const [last, next] = await assetsOf(harness);
  expect([last?.Name, next?.Name]).toEqual(['x/2.csv', 'x/1.csv']);
  expect(last).toMatchObject({
    AssetType: 'S3_SNAPSHOT',
    AssetDetails: { S3SnapshotAsset: { Size: expect.any(Number) } },
  });
});

test('the other imports add assets of their kind', async () => {
  const harness = startEmulator();
  const arn = 'arn:aws:redshift:us-east-1:123456789012:datashare:x/prices';
  const expression = [{ TagKey: 'domain', TagValues: ['prices'] }];
  await finished(harness, {
    Type: 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES',
    Details: { ImportAssetsFromRedshiftDataShares: { ...revision, AssetSources: [{ DataShareArn: arn }] } },
  });
  await finished(harness, dataAccess('shared'));
  await finished(harness, {
    Type: 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY',
    Details: {
      ImportAssetsFromLakeFormationTagPolicy: {
        ...revision,
        CatalogId: '123456789012',
        RoleArn: 'arn:aws:iam::123456789012:role/Reader',
        Table: { Expression: expression, Permissions: ['SELECT'] },
      },
    },
  });
  const found = (await assetsOf(harness)).map((asset) => [asset.AssetType, Object.keys(asset.AssetDetails)[0]]);
  expect(found).toContainEqual(['REDSHIFT_DATA_SHARE', 'RedshiftDataShareAsset']);
  expect(found).toContainEqual(['S3_DATA_ACCESS', 'S3DataAccessAsset']);
  expect(found).toContainEqual(['LAKE_FORMATION_DATA_PERMISSION', 'LakeFormationDataPermissionAsset']);
});

const source = (Bucket: string) => ({ ImportAssetsFromS3JobErrorDetails: [{ Bucket, Key: 'a.csv' }] });

test.each([
  [
    'reads a forbidden bucket',
    s3Import(demo.forbiddenBucket, 'a.csv'),
    {
      Code: 'ACCESS_DENIED_EXCEPTION',
      Details: source(demo.forbiddenBucket),
    },
  ],
  [
    'reads a missing bucket',
    s3Import(demo.missingBucket, 'a.csv'),
    {
      Code: 'RESOURCE_NOT_FOUND_EXCEPTION',
      Details: source(demo.missingBucket),
    },
  ],
  ['shares a forbidden bucket', dataAccess(demo.forbiddenBucket), { Code: 'ACCESS_DENIED_EXCEPTION' }],
  ['writes to a forbidden bucket', s3Export(demo.forbiddenBucket), { Code: 'ACCESS_DENIED_EXCEPTION' }],
  [
    'writes to a missing bucket',
    revisionExport('$' + '{Asset.Id}', demo.missingBucket),
    {
      Code: 'RESOURCE_NOT_FOUND_EXCEPTION',
    },
  ],
])('a job that %s ends in ERROR', async (_, body, error) => {
  const job = await finished(startEmulator(), body);
  expect(job.State).toBe('ERROR');
  expect(job.Errors).toEqual([expect.objectContaining(error)]);
});

test('two assets with the same key fail the export of a revision', async () => {
  const harness = startEmulator();
  await finished(harness, s3Import(demo.bucket, 'same.csv'));
  await finished(harness, s3Import(demo.bucket, 'same.csv'));
  expect(await finished(harness, revisionExport('$' + '{Asset.Name}'))).toMatchObject({
    State: 'ERROR',
    Errors: [{ Code: 'VALIDATION_EXCEPTION', ResourceType: 'REVISION' }],
  });
  const unique = '$' + '{Revision.CreatedAt.Year}/$' + '{Asset.Id}';
  expect((await finished(harness, revisionExport(unique))).State).toBe('COMPLETED');
});

test('a revision can contain at most five S3 data access assets', async () => {
  const harness = startEmulator();
  for (let count = 0; count < 5; count += 1) {
    expect((await finished(harness, dataAccess(`shared-${count}`))).State).toBe('COMPLETED');
  }
  expect((await finished(harness, dataAccess('one-too-many'))).Errors).toEqual([
    expect.objectContaining({
      Code: 'SERVICE_QUOTA_EXCEEDED_EXCEPTION',
      LimitName: 'Amazon S3 data access assets per revision',
      LimitValue: 5,
    }),
  ]);
});

test('an import fails if its revision was finalized meanwhile', async () => {
  const harness = startEmulator();
  const path = `/v1/jobs/${await created(harness, s3Import(demo.bucket, 'late.csv'))}`;
  await harness.exchange('PATCH', path);
  await harness.exchange('PATCH', `/v1/data-sets/${demo.dataSetId}/revisions/${demo.revisionId}`, { Finalized: true });
  await harness.clock.advance(stepMs);
  expect((await harness.exchange('GET', path)).json).toMatchObject({
    State: 'ERROR',
    Errors: [{ ResourceType: 'REVISION' }],
  });
});

test.each([
  {
    body: s3Import(demo.bucket, 'a.csv'),
    limit: 10,
    name: 'Concurrent in progress jobs to import assets from Amazon S3',
  },
  {
    body: dataAccess('shared'),
    limit: 5,
    name: 'Concurrent in progress jobs to create Amazon S3 data access assets from S3 buckets',
  },
])('no more than $limit: $name', async ({ body, limit, name }) => {
  const harness = startEmulator();
  const { exchange, clock } = harness;
  for (let count = 0; count < limit; count += 1) {
    expect((await exchange('PATCH', `/v1/jobs/${await created(harness, body)}`)).status).toBe(202);
  }
  const last = `/v1/jobs/${await created(harness, body)}`;
  const refused = await exchange('PATCH', last);
  expect([refused.status, errorName(refused)]).toEqual([402, 'ServiceLimitExceededException']);
  expect(refused.json).toEqual({ Message: expect.any(String), LimitName: name, LimitValue: limit });
  expect((await exchange('GET', last)).json.State).toBe('WAITING');
  expect((await exchange('PATCH', `/v1/jobs/${await created(harness, s3Export(demo.exportBucket))}`)).status).toBe(202);
  await clock.advance(stepMs);
  expect((await exchange('PATCH', last)).status).toBe(202);
});

test('each response has its own request id and the date', async () => {
  const { exchange, clock } = startEmulator();
  const replies = [await exchange('GET', '/v1/jobs'), await exchange('GET', '/v1/jobs/x')];
  expect(new Set(replies.map(({ headers }) => headers.get('x-amzn-requestid'))).size).toBe(2);
  for (const { headers } of replies) expect(headers.get('date')).toBe(new Date(clock.now()).toUTCString());
});
