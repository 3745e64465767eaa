/**
 * Invalid Data Exchange inputs: the gateway refuses them by their path, without a call and without showing the value.
 */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, globalId, md5OfHello } from '../../support/examples.ts';
import { field, startGateway } from '../../support/gateway.ts';
import { answerWithoutCalls } from '../../support/replies.ts';

const create = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id } userErrors { code message field awsCode } }
}`;

async function expectRefused(
  details: Readonly<Record<string, unknown>>,
  at: readonly string[],
  code: string,
): Promise<void> {
  const { data, errors } = await answerWithoutCalls(create, { input: { details } });
  expect(errors).toBeUndefined();
  const { job, userErrors } = field<{ job: null; userErrors: { message: string }[] }>(data, 'createDataExchangeJob');
  expect(job).toBeNull();
  expect(userErrors).toMatchObject([{ code, field: ['input', 'details', ...at], awsCode: null }]);
}

const { dataSetId, revisionId, assetId, bucket } = demo;
const revision = { dataSetId, revisionId };
const toS3 = dataExchangeDetails.EXPORT_ASSETS_TO_S3.exportAssetsToS3;

const badIds = [
  ['a'.repeat(29), 'TOO_SHORT'],
  ['a'.repeat(41), 'TOO_LONG'],
  [`${'a'.repeat(31)}-`, 'PATTERN'],
  [`${'a'.repeat(31)}٣`, 'PATTERN'],
  [`${'a'.repeat(32)}\n`, 'PATTERN'],
  ['../x?y#', 'TOO_SHORT'],
] as const;

test.each(badIds)('The id %j is refused in every field as %s', async (id, code) => {
  const at = ['exportAssetToSignedUrl'];
  await expectRefused({ exportAssetToSignedUrl: { ...revision, assetId, dataSetId: id } }, [...at, 'dataSetId'], code);
  await expectRefused(
    { exportAssetToSignedUrl: { ...revision, assetId, revisionId: id } },
    [...at, 'revisionId'],
    code,
  );
  await expectRefused({ exportAssetToSignedUrl: { ...revision, assetId: id } }, [...at, 'assetId'], code);
  const { errors } = await answerWithoutCalls('query ($id: ID!) { job(id: $id) { id } }', {
    id: globalId('DataExchangeJob', id),
  });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
});

test.each([
  ['an unknown encryption', { exportAssetsToS3: { ...toS3, encryption: { type: 'ROT13' } } }],
  ['an encryption in lower case', { exportAssetsToS3: { ...toS3, encryption: { type: 'aes256' } } }],
  ['an encryption that is null', { exportAssetsToS3: { ...toS3, encryption: { type: null } } }],
  ['the word of the service for an encryption', { exportAssetsToS3: { ...toS3, encryption: { type: 'aws:kms' } } }],
  ['no kind of job', {}],
  ['a kind of job that is null', { importAssetsFromS3: null }],
  ['two kinds of job', { ...dataExchangeDetails.IMPORT_ASSETS_FROM_S3, ...dataExchangeDetails.EXPORT_ASSETS_TO_S3 }],
  ['a kind of job and a null', { ...dataExchangeDetails.IMPORT_ASSETS_FROM_S3, exportAssetsToS3: null }],
])('%s is an error of the document', async (_title, details) => {
  const { data, errors } = await answerWithoutCalls(create, { input: { details } });
  expect(data).toBeUndefined();
  expect(errors).not.toEqual([]);
});

test.each(['import_export', 'Data_Exchange', 'BOTH'])(
  'A list filtered by the service %s is an error of the document',
  async (service) => {
    const query = 'query ($service: JobService!) { jobs(filter: { service: $service }) { nodes { id } } }';
    const { data, errors } = await answerWithoutCalls(query, { service });
    expect(data).toBeUndefined();
    expect(errors).toHaveLength(1);
  },
);

test.each([
  ['23 characters', md5OfHello.slice(1), 'TOO_SHORT'],
  ['25 characters', `a${md5OfHello}`, 'TOO_LONG'],
  ['a bad alphabet', `*${md5OfHello.slice(1)}`, 'PATTERN'],
  ['hexadecimal digits', '5d41402abc4b2a76b9719d911017c592', 'TOO_LONG'],
])('An MD5 with %s is refused', async (_title, md5Hash, code) => {
  const given = { importAssetFromSignedUrl: { ...revision, assetName: 'hello.txt', md5Hash } };
  await expectRefused(given, ['importAssetFromSignedUrl', 'md5Hash'], code);
});

test.each([
  ['empty', '', 'REQUIRED'],
  ['257 characters long', 'a'.repeat(257), 'TOO_LONG'],
  ['broken by a line feed', 'a\nb', 'INVALID_CHARACTERS'],
  ['ended by a NUL', 'a\0', 'INVALID_CHARACTERS'],
  ['coloured by a terminal', 'a\u009b31m', 'INVALID_CHARACTERS'],
])('An asset name that is %s is refused', async (_title, assetName, code) => {
  const given = { importAssetFromSignedUrl: { ...revision, assetName, md5Hash: md5OfHello } };
  await expectRefused(given, ['importAssetFromSignedUrl', 'assetName'], code);
});

test('An asset name that looks like a path, a tag or a template is returned unchanged', async () => {
  const { ask } = await startGateway();
  for (const assetName of ['../../etc/passwd', '<b>{{x}}</b>', '%00', '\u202egnp.exe', 'a'.repeat(256)]) {
    const details = { importAssetFromSignedUrl: { ...revision, assetName, md5Hash: md5OfHello } };
    const { data } = await ask(
      'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { job { details { ... on ImportAssetFromSignedUrlDetails { assetName } } } } }',
      { input: { details } },
    );
    expect(data).toEqual({ createDataExchangeJob: { job: { details: { assetName } } } });
  }
});

const source = { bucket, key: 'a.csv' };

test.each([
  ['a bucket with a slash in it', [{ ...source, bucket: 'a/b' }], ['0', 'bucket'], 'PATTERN'],
  ['a bucket of 2 characters', [source, { ...source, bucket: 'ab' }], ['1', 'bucket'], 'TOO_SHORT'],
  ['a bucket of 256 characters', [{ ...source, bucket: 'a'.repeat(256) }], ['0', 'bucket'], 'TOO_LONG'],
  ['a key of 1,025 bytes', [{ ...source, key: `${'é'.repeat(512)}a` }], ['0', 'key'], 'TOO_LONG'],
  ['a list of 101 sources', Array(101).fill(source), [], 'TOO_MANY'],
  ['an empty list of sources', [], [], 'TOO_FEW'],
])('%s is refused', async (_title, sources, at, code) => {
  await expectRefused({ importAssetsFromS3: { ...revision, sources } }, ['importAssetsFromS3', 'sources', ...at], code);
});

test('The gateway refuses the ARN of a role that contains a line break, as the service would', async () => {
  const roleArn = 'arn:aws:iam::123456789012:role/a\nb';
  const given = { ...revision, catalogId: '123456789012', roleArn };
  const branch = 'importAssetsFromLakeFormationTagPolicy';
  await expectRefused({ [branch]: given }, [branch, 'roleArn'], 'PATTERN');
});
