import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { errorName, origin, replyFrom, startEmulator } from './harness.ts';
import { signedV4 } from './signing.ts';

interface Vectors {
  readonly vectors: readonly { id: string; operation: string; body: unknown }[];
  readonly invalid: readonly { id: string; rule: string; member: string; input: unknown }[];
}

const { vectors, invalid } = JSON.parse(
  readFileSync(new URL('../../vectors/data-exchange-requests.json', import.meta.url), 'utf8'),
) as Vectors;

/** The ids of the vectors are invented; these exist. */
function withDemoIds(body: unknown): unknown {
  const text = JSON.stringify(body)
    .replaceAll('4e1b6a0d29c84f7b9a35d0c1e8f26b73', demo.dataSetId)
    .replaceAll('c07d5f92e6a14b3890d2f4816b7ae35c', demo.revisionId)
    .replaceAll('9a83e4d1705b4c62bf19e07d5c3a8264', demo.assetId)
    .replaceAll('1d6f08b7c3e9452aa4708bd95e12f6c3', demo.otherAssetId);
  return JSON.parse(text);
}

const creates = vectors.filter(({ operation }) => operation === 'CreateJob');

test.each(creates)('$id creates a waiting job with the details of the request', async ({ body }) => {
  const { exchange, clock } = startEmulator();
  const request = withDemoIds(body) as { Type: string; Details: object };
  const { status, json } = await exchange('POST', '/v1/jobs', request);
  expect(status).toBe(201);
  expect(json).toMatchObject({ Type: request.Type, Details: request.Details, State: 'WAITING' });
  expect(json.Arn).toBe(`arn:aws:dataexchange:us-east-1:123456789012:jobs/${json.Id}`);
  expect(json.Id).toMatch(/^[0-9a-f]{32}$/);
  expect(json.CreatedAt).toBe(new Date(clock.now()).toISOString());
  expect(json).not.toHaveProperty('Errors');
  expect((await exchange('GET', `/v1/jobs/${json.Id}`)).json).toEqual(json);
});

test('the vectors cover all nine types', () => {
  expect(new Set(creates.map(({ body }) => (body as { Type: string }).Type)).size).toBe(9);
});

test.each(invalid)('rule $rule refuses $id with the path of the member', async ({ input, member }) => {
  const { exchange } = startEmulator();
  const reply = await exchange('POST', '/v1/jobs', withDemoIds(input));
  expect([reply.status, errorName(reply)]).toEqual([400, 'ValidationException']);
  expect(reply.json.Message).toContain(member);
});

const source = { Bucket: demo.bucket, Key: 'new.csv' };
const importDetails = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId, AssetSources: [source] };

function importOf(details: object, more: object = {}) {
  return { Type: 'IMPORT_ASSETS_FROM_S3', Details: { ImportAssetsFromS3: { ...importDetails, ...details } }, ...more };
}

test.each([
  ['an empty bucket', importOf({ AssetSources: [{ ...source, Bucket: '' }] })],
  ['a null in a list', importOf({ AssetSources: [source, null] })],
  ['a null for a required member', importOf({ AssetSources: null })],
  ['a string for a list', importOf({ AssetSources: 'all' })],
  ['an id with a line feed after it', importOf({ DataSetId: `${demo.dataSetId}\n` })],
  ['an ARN for an id', importOf({ DataSetId: `arn:aws:x:${demo.dataSetId}` })],
  [
    'two members of details',
    {
      Type: 'IMPORT_ASSETS_FROM_S3',
      Details: { ImportAssetsFromS3: importDetails, ExportAssetToSignedUrl: {} },
    },
  ],
  ['a string for the details', 'text'],
])('%s is refused', async (_, body) => {
  const { exchange } = startEmulator();
  const reply = await exchange('POST', '/v1/jobs', body);
  expect([reply.status, errorName(reply)]).toEqual([400, 'ValidationException']);
});

function revisionExport(KeyPattern: string) {
  const destination = { Bucket: demo.exportBucket, RevisionId: demo.revisionId, KeyPattern };
  return {
    Type: 'EXPORT_REVISIONS_TO_S3',
    Details: { ExportRevisionsToS3: { DataSetId: demo.dataSetId, RevisionDestinations: [destination] } },
  };
}

test.each(['$' + '{Asset.Name', '$' + '{Asset.Name}/$' + '{Asset.Size}', '$' + '{}$' + '{Asset.Id}', ''])(
  'the key pattern %j is refused',
  async (pattern) => {
    const { exchange } = startEmulator();
    expect((await exchange('POST', '/v1/jobs', revisionExport(pattern))).status).toBe(400);
  },
);

test('null members count as absent, unknown ones are ignored, and AssetConfiguration is kept', async () => {
  const { exchange } = startEmulator();
  const AssetConfiguration = { Tags: [{ Key: 'a', Value: 'b' }] };
  const request = importOf({ Surprise: 1 }, { AssetConfiguration, Other: true });
  const { status, json } = await exchange('POST', '/v1/jobs', {
    ...request,
    Details: { ...request.Details, ExportAssetToSignedUrl: null },
  });
  expect(status).toBe(201);
  expect(json.AssetConfiguration).toEqual(AssetConfiguration);
  expect(json.Details).toEqual({ ImportAssetsFromS3: importDetails });
});

const unknownId = 'f'.repeat(32);

test.each([
  ['DATA_SET', importOf({ DataSetId: unknownId })],
  ['REVISION', importOf({ RevisionId: unknownId })],
  [
    'ASSET',
    {
      Type: 'EXPORT_ASSET_TO_SIGNED_URL',
      Details: {
        ExportAssetToSignedUrl: { DataSetId: demo.dataSetId, RevisionId: demo.revisionId, AssetId: unknownId },
      },
    },
  ],
])('a job that refers to an unknown %s is refused by 404', async (ResourceType, body) => {
  const { exchange } = startEmulator();
  const reply = await exchange('POST', '/v1/jobs', body);
  expect([reply.status, errorName(reply)]).toEqual([404, 'ResourceNotFoundException']);
  expect(reply.json).toEqual({ Message: expect.any(String), ResourceId: unknownId, ResourceType });
});

test('an import into a finalized revision is refused', async () => {
  const { exchange } = startEmulator();
  const reply = await exchange('POST', '/v1/jobs', importOf({ RevisionId: demo.finalizedRevisionId }));
  expect([reply.status, errorName(reply)]).toEqual([409, 'ConflictException']);
  expect(reply.json).toMatchObject({ ResourceId: demo.finalizedRevisionId, ResourceType: 'REVISION' });
});

test('an entitled data set accepts exports and refuses imports', async () => {
  const { exchange } = startEmulator();
  const revision = { DataSetId: demo.entitledDataSetId, RevisionId: demo.entitledRevisionId };
  const refused = await exchange('POST', '/v1/jobs', importOf(revision));
  expect([refused.status, errorName(refused)]).toEqual([403, 'AccessDeniedException']);
  const { status } = await exchange('POST', '/v1/jobs', {
    Type: 'EXPORT_ASSET_TO_SIGNED_URL',
    Details: { ExportAssetToSignedUrl: { ...revision, AssetId: demo.entitledAssetId } },
  });
  expect(status).toBe(201);
});

test('a missing or malformed body is refused in JSON', async () => {
  const { emulator, clock } = startEmulator();
  for (const body of ['', '{']) {
    const request = signedV4(
      { method: 'POST', url: `${origin}/v1/jobs`, body },
      { at: clock.now(), service: 'dataexchange' },
    );
    const reply = await replyFrom(await emulator.handle(request));
    expect([reply.status, errorName(reply)]).toEqual([400, 'ValidationException']);
    expect(reply.json).toEqual({ Message: expect.any(String) });
  }
});

test('an unknown route is answered 404 in JSON', async () => {
  const { exchange } = startEmulator();
  for (const [method, path] of [
    ['GET', '/'],
    ['PUT', '/v1/jobs'],
    ['GET', '/v1/jobs/%zz'],
    ['GET', '/v2/jobs'],
  ] as const) {
    const reply = await exchange(method, path);
    expect([path, reply.status, reply.json]).toEqual([path, 404, { Message: expect.any(String) }]);
  }
});
