/** Requests that the client refuses before it sends anything, and requests that it must send. */
import { expect, test } from 'vitest';
import type { DataExchangeJobRequest } from '../../../../src/model/data-exchange-request.ts';
import { BackendError } from '../../../../src/model/errors.ts';
import { fieldOfMember, requestFromDetails } from './aws-request.ts';
import { assetId, dataSetId, importRequest, jobEntry, jobId, revisionId } from './samples.ts';
import { clientAt, patiently, startService } from './service.ts';
import { vectorFile } from './vectors.ts';

const typed = vectorFile.invalid.filter(({ carrier }) => carrier === 'typed');

test('Our types can express 42 of the 72 invalid inputs, and only raw JSON the others', () => {
  expect(vectorFile.invalid).toHaveLength(72);
  expect(typed).toHaveLength(42);
});

test.each(typed)(
  'The invalid input $id is refused with its member as field, without a call',
  async ({ input, member }) => {
    const error = await refusalOf(requestFromDetails(input.Details));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', field: fieldOfMember(member), isOutcomeUnclear: false });
  },
);

const badIds = {
  '29 characters': 'a'.repeat(29),
  '41 characters': 'a'.repeat(41),
  'a hyphen': `${'a'.repeat(31)}-`,
  'a digit of another script': `${'a'.repeat(31)}٣`,
  'a line feed at the end': `${'a'.repeat(32)}\n`,
  'a path': '../x?y#',
};

test.each(Object.entries(badIds))(
  'An id with %s is refused as the id of a data set, a revision and an asset',
  async (_, id) => {
    const refusalWith = (change: object) =>
      refusalOf({ exportAssetToSignedUrl: { dataSetId, revisionId, assetId, ...change } });
    expect((await refusalWith({ dataSetId: id })).field).toEqual(['exportAssetToSignedUrl', 'dataSetId']);
    expect((await refusalWith({ revisionId: id })).field).toEqual(['exportAssetToSignedUrl', 'revisionId']);
    expect((await refusalWith({ assetId: id })).field).toEqual(['exportAssetToSignedUrl', 'assetId']);
  },
);

test.each(Object.entries(badIds))(
  'A job id with %s is never sent: it is not found when read, and invalid when started or cancelled',
  async (_, id) => {
    const { client, requests } = await startService(() => ({ body: jobEntry() }));
    await expect(client.getJob(id, patiently())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const invalid = { code: 'INVALID_INPUT', field: ['id'] };
    await expect(client.startJob(id, patiently())).rejects.toMatchObject(invalid);
    await expect(client.cancelJob(id, patiently())).rejects.toMatchObject(invalid);
    expect(requests).toHaveLength(0);
  },
);

test.each([
  ['no branch', {}, 0],
  ['only a branch that is null', { importAssetsFromS3: null }, 0],
  [
    'two branches',
    { ...importRequest, exportAssetToSignedUrl: { dataSetId, revisionId, assetId } } as DataExchangeJobRequest,
    2,
  ],
] as const)('A request with %s is refused', async (_, request, count) => {
  const error = await refusalOf(request);
  expect(error.message).toBe(`The details must be of exactly one kind of job; ${count} were given.`);
});

test.each([
  ['of 23 characters', 'nvQT8p61nPVSvtANpaPFVQ='],
  ['of 25 characters', 'nvQT8p61nPVSvtANpaPFVQ==='],
  ['with a character outside Base64', '*vQT8p61nPVSvtANpaPFVQ=='],
  ['in hexadecimal', '9ef413f29eb59cf552bed00da5a3c555'],
])('An MD5 hash %s is refused, and the message does not show it', async (_, md5Hash) => {
  const error = await refusalOf({
    importAssetFromSignedUrl: { dataSetId, revisionId, assetName: 'a', md5Hash },
  });
  expect(error.field).toEqual(['importAssetFromSignedUrl', 'md5Hash']);
  expect(error.message).not.toContain(md5Hash);
});

test.each([
  ['is empty', ''],
  ['has 257 characters', 'a'.repeat(257)],
  ['has a line feed', 'a\nb'],
  ['ends with NUL', 'a\0'],
])('An asset name that %s is refused', async (_, assetName) => {
  const error = await refusalOf(signedUrlImport(assetName));
  expect(error.field).toEqual(['importAssetFromSignedUrl', 'assetName']);
});

test('An asset name that looks like a path is sent unchanged', async () => {
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
])('A bucket name with %s is refused', async (_, bucket) => {
  const error = await refusalOf(s3Import([{ bucket, key: 'a' }]));
  expect(error.field).toEqual(['importAssetsFromS3', 'sources', '0', 'bucket']);
});

test('An object key is measured in bytes: 512 letters of two bytes are accepted, one byte more is refused', async () => {
  const { client } = await startService(() => ({ status: 201, body: jobEntry() }));
  const create = (key: string) => client.createJob(s3Import([{ bucket: 'example', key }]), patiently());
  await expect(create('é'.repeat(512))).resolves.toMatchObject({ awsJobId: jobId });
  const field = ['importAssetsFromS3', 'sources', '0', 'key'];
  await expect(create(`${'é'.repeat(512)}a`)).rejects.toMatchObject({ code: 'INVALID_INPUT', field });
});

test('An import of 100 sources is accepted, and one of 101 is refused', async () => {
  const { client } = await startService(() => ({ status: 201, body: jobEntry() }));
  const create = (count: number) =>
    client.createJob(s3Import(Array.from({ length: count }, () => source)), patiently());
  await expect(create(100)).resolves.toMatchObject({ awsJobId: jobId });
  await expect(create(101)).rejects.toThrow('The number of sources must be 1 to 100; 101 were given.');
});

test('A request that the service is not known to refuse is sent', async () => {
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
])('The key pattern %s is refused', async (keyPattern) => {
  const error = await refusalOf({
    exportRevisionsToS3: { dataSetId, destinations: [{ revisionId, bucket: 'example', keyPattern }] },
  });
  expect(error.field).toEqual(['exportRevisionsToS3', 'destinations', '0', 'keyPattern']);
});

test.each([
  [
    '29 characters',
    'a'.repeat(29),
    'The data set id must have 30 to 40 characters, only the letters A to Z and digits; 29 characters were given.',
  ],
  [
    'a wrong letter',
    `${'a'.repeat(31)}_`,
    'The data set id must have 30 to 40 characters, only the letters A to Z and digits; the 32 characters given do not fit.',
  ],
])(
  'The message for an id with %s says what was expected and what arrived, and does not show the id',
  async (_, id, message) => {
    const error = await refusalOf({ exportAssetToSignedUrl: { dataSetId: id, revisionId, assetId } });
    expect(error.message).toBe(message);
  },
);

test.each([
  ['limit', { limit: 0 }],
  ['limit', { limit: 201 }],
  ['limit', { limit: 1.5 }],
  ['nextToken', { limit: 1, nextToken: '' }],
  ['dataSetId', { limit: 1, dataSetId: 'x' }],
])('A list request with an invalid %s is refused without a call', async (field, request) => {
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

/** The error with which the client refuses `request` before it sends anything. */
async function refusalOf(request: DataExchangeJobRequest): Promise<BackendError> {
  const { client, requests } = await startService(() => ({ status: 201, body: jobEntry() }));
  const error = await client.createJob(request, patiently()).catch((thrown: unknown) => thrown);
  expect(requests).toHaveLength(0);
  if (!(error instanceof BackendError)) throw new Error('expected the request to be refused');
  expect(error.code).toBe('INVALID_INPUT');
  return error;
}
