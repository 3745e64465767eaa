import { describe, expect, test } from 'vitest';
import type { DataExchangeJobRequest } from '../../../../src/model/data-exchange-request.ts';
import { BackendError } from '../../../../src/model/errors.ts';
import { fieldOfMember, requestFromDetails } from './aws-request.ts';
import { assetId, dataSetId, importRequest, jobEntry, jobId, revisionId } from './samples.ts';
import { clientAt, patiently, startService } from './service.ts';
import { vectorFile } from './vectors.ts';

const typed = vectorFile.invalid.filter(({ carrier }) => carrier === 'typed');

test('42 of the 72 invalid inputs can be written in our types; raw JSON alone carries the rest', () => {
  expect(vectorFile.invalid).toHaveLength(72);
  expect(typed).toHaveLength(42);
});

test.each(typed)('$id is refused at its member, without a call', async ({ input, member }) => {
  const error = await refusalOf(requestFromDetails(input.Details));
  expect(error).toMatchObject({ code: 'INVALID_INPUT', field: fieldOfMember(member), isOutcomeUnclear: false });
});

const badIds = {
  '29 characters': 'a'.repeat(29),
  '41 characters': 'a'.repeat(41),
  'a hyphen': `${'a'.repeat(31)}-`,
  'a digit of another script': `${'a'.repeat(31)}٣`,
  'a line feed at the end': `${'a'.repeat(32)}\n`,
  'a path': '../x?y#',
};

describe.each(Object.entries(badIds))('an id with %s', (_, id) => {
  test('is refused where it names a data set, a revision or an asset', async () => {
    const ask = (change: object) =>
      refusalOf({ exportAssetToSignedUrl: { dataSetId, revisionId, assetId, ...change } });
    expect((await ask({ dataSetId: id })).field).toEqual(['exportAssetToSignedUrl', 'dataSetId']);
    expect((await ask({ revisionId: id })).field).toEqual(['exportAssetToSignedUrl', 'revisionId']);
    expect((await ask({ assetId: id })).field).toEqual(['exportAssetToSignedUrl', 'assetId']);
  });

  test('names no job: not found when read, invalid when started or cancelled, and never sent', async () => {
    const { client, requests } = await startService(() => ({ body: jobEntry() }));
    await expect(client.getJob(id, patiently())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const invalid = { code: 'INVALID_INPUT', field: ['id'] };
    await expect(client.startJob(id, patiently())).rejects.toMatchObject(invalid);
    await expect(client.cancelJob(id, patiently())).rejects.toMatchObject(invalid);
    expect(requests).toHaveLength(0);
  });
});

test.each([
  ['none', {}, 0],
  ['none but nulls', { importAssetsFromS3: null }, 0],
  [
    'two',
    { ...importRequest, exportAssetToSignedUrl: { dataSetId, revisionId, assetId } } as DataExchangeJobRequest,
    2,
  ],
] as const)('a request with %s of its branches set is refused', async (_, request, count) => {
  const error = await refusalOf(request);
  expect(error.message).toBe(`expected exactly one kind of job, received ${count}.`);
});

test.each([
  ['23 characters', 'nvQT8p61nPVSvtANpaPFVQ='],
  ['25 characters', 'nvQT8p61nPVSvtANpaPFVQ==='],
  ['a letter outside Base64', '*vQT8p61nPVSvtANpaPFVQ=='],
  ['hexadecimal', '9ef413f29eb59cf552bed00da5a3c555'],
])('an MD5 with %s is refused', async (_, md5Hash) => {
  const error = await refusalOf({
    importAssetFromSignedUrl: { dataSetId, revisionId, assetName: 'a', md5Hash },
  });
  expect(error.field).toEqual(['importAssetFromSignedUrl', 'md5Hash']);
  expect(error.message).not.toContain(md5Hash);
});

test.each([
  ['empty', ''],
  ['257 characters long', 'a'.repeat(257)],
  ['broken by a line feed', 'a\nb'],
  ['ended by a NUL', 'a\0'],
])('an asset name that is %s is refused', async (_, assetName) => {
  const error = await refusalOf(signedUrlImport(assetName));
  expect(error.field).toEqual(['importAssetFromSignedUrl', 'assetName']);
});

test('an asset name that looks like a path is passed on as data', async () => {
  const { client, requests } = await startService(() => ({ status: 201, body: jobEntry() }));
  await client.createJob(signedUrlImport('../../etc/passwd'), patiently());
  expect(JSON.parse(requests[0]?.body ?? '').Details.ImportAssetFromSignedUrl.AssetName).toBe('../../etc/passwd');
});

test.each([
  ['2 characters', 'ab'],
  ['256 characters', 'a'.repeat(256)],
  ['a slash', 'a/b'],
  ['a line break', 'abc\n'],
  ['a space', 'a b'],
])('a bucket with %s is refused', async (_, bucket) => {
  const error = await refusalOf(s3Import([{ bucket, key: 'a' }]));
  expect(error.field).toEqual(['importAssetsFromS3', 'sources', '0', 'bucket']);
});

test('a key is measured in bytes: 512 letters of two bytes pass, one byte more does not', async () => {
  const { client } = await startService(() => ({ status: 201, body: jobEntry() }));
  const create = (key: string) => client.createJob(s3Import([{ bucket: 'example', key }]), patiently());
  await expect(create('é'.repeat(512))).resolves.toMatchObject({ awsJobId: jobId });
  const field = ['importAssetsFromS3', 'sources', '0', 'key'];
  await expect(create(`${'é'.repeat(512)}a`)).rejects.toMatchObject({ code: 'INVALID_INPUT', field });
});

test('a hundred sources pass and one more does not', async () => {
  const { client } = await startService(() => ({ status: 201, body: jobEntry() }));
  const create = (count: number) =>
    client.createJob(s3Import(Array.from({ length: count }, () => source)), patiently());
  await expect(create(100)).resolves.toMatchObject({ awsJobId: jobId });
  await expect(create(101)).rejects.toThrow('expected 1 to 100 elements, received 101 elements');
});

test('what the service is not known to refuse is passed on', async () => {
  const { client } = await startService(() => ({ status: 201, body: jobEntry() }));
  const revision = { dataSetId, revisionId };
  const lakeFormation = { ...revision, catalogId: '1'.repeat(12), roleArn: 'arn:aws:iam::123456789012:role/a/b' };
  const requests: DataExchangeJobRequest[] = [
    { importAssetsFromLakeFormationTagPolicy: lakeFormation },
    { createS3DataAccessFromS3Bucket: { ...revision, bucket: 'example', keys: [], keyPrefixes: [] } },
    { createS3DataAccessFromS3Bucket: { ...revision, bucket: 'example', keys: Array(150).fill('a') } },
    {
      exportAssetsToS3: {
        ...revision,
        destinations: [{ assetId, bucket: 'example', key: null }],
        encryption: { type: 'AES256', kmsKeyArn: 'unused' },
      },
    },
  ];
  for (const request of requests) await expect(client.createJob(request, patiently())).resolves.toBeDefined();
});

test.each([
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the service's own notation
  '${Asset.Name}/${Revision.Nonsense}',
  '${Asset.Name}/${Revision.Id',
  '${asset.name}',
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the service's own notation
])('the key pattern %s is refused', async (keyPattern) => {
  const error = await refusalOf({
    exportRevisionsToS3: { dataSetId, destinations: [{ revisionId, bucket: 'example', keyPattern }] },
  });
  expect(error.field).toEqual(['exportRevisionsToS3', 'destinations', '0', 'keyPattern']);
});

test.each([
  [
    '29 characters',
    'a'.repeat(29),
    'exportAssetToSignedUrl.dataSetId: expected 30 to 40 ASCII letters or digits, received 29 characters.',
  ],
  [
    'a wrong letter',
    `${'a'.repeat(31)}_`,
    'exportAssetToSignedUrl.dataSetId: expected 30 to 40 ASCII letters or digits, received 32 characters that do not fit.',
  ],
])('a message for %s says what was expected and what arrived, and never the value', async (_, id, message) => {
  const error = await refusalOf({ exportAssetToSignedUrl: { dataSetId: id, revisionId, assetId } });
  expect(error.message).toBe(message);
});

test.each([
  ['limit', { limit: 0 }],
  ['limit', { limit: 201 }],
  ['limit', { limit: 1.5 }],
  ['nextToken', { limit: 1, nextToken: '' }],
  ['dataSetId', { limit: 1, dataSetId: 'x' }],
])('a list with a wrong %s is refused without a call', async (field, request) => {
  const client = clientAt('http://127.0.0.1:1');
  await expect(client.listJobs(request, patiently())).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    field: [field],
  });
});

const source = { bucket: 'example', key: 'a.csv' };

function s3Import(sources: readonly { bucket: string; key: string }[]): DataExchangeJobRequest {
  return { importAssetsFromS3: { dataSetId, revisionId, sources } };
}

function signedUrlImport(assetName: string): DataExchangeJobRequest {
  const md5Hash = 'nvQT8p61nPVSvtANpaPFVQ==';
  return { importAssetFromSignedUrl: { dataSetId, revisionId, assetName, md5Hash } };
}

/** The error that `request` meets before anything is sent. */
async function refusalOf(request: DataExchangeJobRequest): Promise<BackendError> {
  const { client, requests } = await startService(() => ({ status: 201, body: jobEntry() }));
  const error = await client.createJob(request, patiently()).catch((thrown: unknown) => thrown);
  expect(requests).toHaveLength(0);
  if (!(error instanceof BackendError)) throw new Error('expected the request to be refused');
  expect(error.code).toBe('INVALID_INPUT');
  return error;
}
