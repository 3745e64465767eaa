/** All faults of an input at once, each with a code, its parameters and a sentence for an end user. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, globalId, manifests, returnAddress } from '../../support/examples.ts';
import { field, startGateway } from '../../support/gateway.ts';
import { answerWithoutCalls } from '../../support/replies.ts';

const userErrors = 'userErrors { code field message awsCode parameters { name value } }';

const mutations = {
  createDataExchangeJob: `mutation ($input: CreateDataExchangeJobInput!) {
    createDataExchangeJob(input: $input) { job { id } ${userErrors} } }`,
  createImportExportJob: `mutation ($input: CreateImportExportJobInput!) {
    createImportExportJob(input: $input) { job { id } ${userErrors} } }`,
  updateImportExportJob: `mutation ($id: ID!, $input: UpdateImportExportJobInput!) {
    updateImportExportJob(id: $id, input: $input) { job { id } ${userErrors} } }`,
  shippingLabel: `query ($input: ShippingLabelInput!) { shippingLabel(input: $input) { label { url } ${userErrors} } }`,
} as const;

interface UserError {
  readonly code: string;
  readonly field: readonly string[] | null;
  readonly message: string;
  readonly awsCode: string | null;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

/** What is wrong with an input that no service must see, one line for each fault. */
async function faultsOf(name: keyof typeof mutations, variables: Record<string, unknown>): Promise<readonly string[]> {
  const { data, errors } = await answerWithoutCalls(mutations[name], variables);
  expect(errors).toBeUndefined();
  const payload = field<{ userErrors: readonly UserError[] }>(data, name);
  expect(payload).toMatchObject({ [name === 'shippingLabel' ? 'label' : 'job']: null });
  return payload.userErrors.map(({ code, field: path, message, awsCode, parameters }) => {
    expect(awsCode).toBeNull();
    const values = parameters.map((parameter) => `${parameter.name}=${parameter.value}`).join(' ');
    return `${path?.join('.')} ${code}${values && ` (${values})`}: ${message}`;
  });
}

test('All faults of the details of a job are listed in the order of the fields, and nothing is sent', async () => {
  const details = {
    exportAssetsToS3: {
      dataSetId: 'abc',
      revisionId: `${'a'.repeat(31)}-`,
      destinations: [
        { assetId: demo.assetId, bucket: 'a b c', key: 'k'.repeat(1_025) },
        { assetId: '', bucket: 'ab' },
      ],
      encryption: { type: 'AWS_KMS' },
    },
  };
  expect(await faultsOf('createDataExchangeJob', { input: { details } })).toMatchInlineSnapshot(`
    [
      "input.details.exportAssetsToS3.dataSetId TOO_SHORT (min=30 max=40 received=3 unit=characters): The data set id must have 30 to 40 characters, only the letters A to Z and digits; 3 characters were given.",
      "input.details.exportAssetsToS3.destinations.0.bucket PATTERN (pattern=^[A-Za-z0-9._-]+$): The bucket of destination 1 must be the name of an S3 bucket: 3 to 255 letters, digits, dots, hyphens or underscores; the 5 characters given do not fit.",
      "input.details.exportAssetsToS3.destinations.0.key TOO_LONG (min=1 max=1024 received=1025 unit=bytes): The key of destination 1 must be an S3 object key of at most 1,024 bytes; 1,025 bytes were given.",
      "input.details.exportAssetsToS3.destinations.1.assetId REQUIRED: The asset id of destination 2 must be given.",
      "input.details.exportAssetsToS3.destinations.1.bucket TOO_SHORT (min=3 max=255 received=2 unit=characters): The bucket of destination 2 must be the name of an S3 bucket: 3 to 255 letters, digits, dots, hyphens or underscores; 2 characters were given.",
      "input.details.exportAssetsToS3.encryption.kmsKeyArn REQUIRED: The ARN of the KMS key of the encryption must be given, since the type of the encryption is AWS_KMS.",
      "input.details.exportAssetsToS3.revisionId PATTERN (pattern=^[a-zA-Z0-9]{30,40}$): The revision id must have 30 to 40 characters, only the letters A to Z and digits; the 32 characters given do not fit.",
    ]
  `);
});

test('Lists, tags and permissions have faults of their own', async () => {
  const tag = (count: number) => ({ key: 'stage', values: Array(count).fill('a') });
  const details = {
    importAssetsFromLakeFormationTagPolicy: {
      dataSetId: demo.dataSetId,
      revisionId: demo.revisionId,
      catalogId: '12345678901x',
      roleArn: 'arn:aws:iam::1:role/a',
      database: { expression: [], permissions: ['SELECT', 'DESCRIBE', 'DESCRIBE'] },
      table: { expression: [tag(300), tag(300), { key: '', values: [] }], permissions: ['ALL'] },
    },
  };
  expect(await faultsOf('createDataExchangeJob', { input: { details } })).toMatchInlineSnapshot(`
    [
      "input.details.importAssetsFromLakeFormationTagPolicy.catalogId PATTERN (pattern=^[0-9]{12}$): The id of the Glue Data Catalog must be the id of an AWS account, which has 12 digits; the 12 characters given do not fit.",
      "input.details.importAssetsFromLakeFormationTagPolicy.database.expression TOO_FEW (min=1 max=50 received=0): The number of tags of the database must be 1 to 50; 0 were given.",
      "input.details.importAssetsFromLakeFormationTagPolicy.database.permissions TOO_MANY (min=1 max=2 received=3): The number of permissions of the database must be 1 to 2; 3 were given.",
      "input.details.importAssetsFromLakeFormationTagPolicy.database.permissions.0 UNKNOWN_VALUE (allowed=DESCRIBE): Permission 1 of the database must be DESCRIBE, and is another value.",
      "input.details.importAssetsFromLakeFormationTagPolicy.roleArn PATTERN (pattern=^arn:aws:iam::[0-9]{12}:role\\/.+$): The ARN of the role must be arn:aws:iam::, 12 digits, :role/ and the name of a role; the 21 characters given do not fit.",
      "input.details.importAssetsFromLakeFormationTagPolicy.table.expression TOO_MANY (min=1 max=400 received=600): The number of values of all tags of the table must be 1 to 400; 600 were given.",
      "input.details.importAssetsFromLakeFormationTagPolicy.table.expression.2.key REQUIRED: The key of tag 3 of the table must be given.",
      "input.details.importAssetsFromLakeFormationTagPolicy.table.expression.2.values TOO_FEW (min=1 max=400 received=0): The number of values of tag 3 of the table must be 1 to 400; 0 were given.",
      "input.details.importAssetsFromLakeFormationTagPolicy.table.permissions.0 UNKNOWN_VALUE (allowed=DESCRIBE, SELECT): Permission 1 of the table must be DESCRIBE or SELECT, and is another value.",
    ]
  `);
});

test('All faults of a manifest are listed, and no secret or other value is in them', async () => {
  const planted = 'planted-7f3a9c';
  const manifest = {
    importToS3: {
      deviceId: `${planted}\n`,
      bucket: `${planted}/`,
      logBucket: '  ',
      returnAddress: { ...returnAddress, stateOrProvince: null, city: ' ', name: planted.repeat(100) },
      notificationEmails: ['a@example.com', planted],
      contentTypes: [
        { extension: planted, contentType: 'text/csv' },
        { extension: planted, contentType: 'text/plain' },
      ],
      encryption: { pinCode: `${planted}\u0000` },
      customs: {
        dataDescription: '',
        encryptedData: true,
        exportCertifierName: 'Jane Roe',
        requiresExportLicense: false,
        deviceValue: '250',
        deviceCountryOfOrigin: 'Ghana',
        deviceType: `${planted}\ud800`,
        typeOfExport: 'return',
      },
    },
  };
  const faults = await faultsOf('createImportExportJob', { input: { manifest } });
  expect(faults.join()).not.toContain(planted);
  expect(faults).toMatchInlineSnapshot(`
    [
      "input.manifest.importToS3.bucket PATTERN (pattern=^[A-Za-z0-9._-]+$): The bucket must be the name of an S3 bucket: 3 to 255 letters, digits, dots, hyphens or underscores; the 15 characters given do not fit.",
      "input.manifest.importToS3.contentTypes.1.extension DUPLICATE (first=0): The extension of content type 2 is also that of content type 1, and must be named only once.",
      "input.manifest.importToS3.customs.dataDescription REQUIRED: The data description of the customs declaration must be given.",
      "input.manifest.importToS3.customs.deviceType INVALID_CHARACTERS: The device type of the customs declaration must be valid Unicode.",
      "input.manifest.importToS3.deviceId INVALID_CHARACTERS: The device id must not have line breaks or other control characters.",
      "input.manifest.importToS3.encryption.pinCode INVALID_CHARACTERS: The PIN code of the encryption must not have line breaks or other control characters.",
      "input.manifest.importToS3.logBucket REQUIRED: The log bucket must be given.",
      "input.manifest.importToS3.notificationEmails.1 PATTERN (pattern=^[^\\s;@]+@[^\\s;@]+$): E-mail address 2 must be one e-mail address; the 14 characters given do not fit.",
      "input.manifest.importToS3.returnAddress.city REQUIRED: The city of the return address must be given.",
      "input.manifest.importToS3.returnAddress.name TOO_LONG (max=1024 received=1400 unit=characters): The name of the return address must have at most 1,024 characters; 1,400 characters were given.",
      "input.manifest.importToS3.returnAddress.stateOrProvince REQUIRED: The state or province of the return address must be given for the United States and Canada.",
    ]
  `);
});

test('The faults of an idempotency key stand beside those of the rest of the input', async () => {
  const idempotencyKey = 'short';
  const sources = [{ bucket: demo.bucket, key: '' }];
  const details = { importAssetsFromS3: { dataSetId: demo.dataSetId, revisionId: demo.revisionId, sources } };
  expect(await faultsOf('createDataExchangeJob', { input: { details, idempotencyKey } })).toMatchInlineSnapshot(`
    [
      "input.details.importAssetsFromS3.sources.0.key REQUIRED: The key of source 1 must be given.",
      "input.idempotencyKey TOO_SHORT (min=16 max=64 received=5 unit=characters): The idempotency key must have 16 to 64 characters, each a letter, a digit, _ or -; 5 characters were given.",
    ]
  `);
  const manifest = { text: { direction: 'IMPORT', text: 'no manifest' } };
  expect(await faultsOf('createImportExportJob', { input: { manifest, idempotencyKey } })).toMatchInlineSnapshot(`
    [
      "input.idempotencyKey TOO_SHORT (min=16 max=64 received=5 unit=characters): The idempotency key must have 16 to 64 characters, each a letter, a digit, _ or -; 5 characters were given.",
      "input.manifest.text.text PATTERN: The text of the manifest must have at least one line of the form “key: value”.",
    ]
  `);
});

test('The fault of an id stands beside those of the input', async () => {
  const id = globalId('DataExchangeJob', demo.waitingJobId);
  const manifest = { importToS3: { ...manifests.importToS3.importToS3, deviceId: '' } };
  expect(await faultsOf('updateImportExportJob', { id, input: { manifest } })).toMatchInlineSnapshot(`
    [
      "id INVALID_ID (expected=ImportExportJob): The id must be that of an AWS Import/Export job.",
      "input.manifest.importToS3.deviceId REQUIRED: The device id must be given.",
    ]
  `);
  const jobIds = [globalId('ImportExportJob', 'ABCDE'), 'nonsense', id];
  const sender = { ...returnAddress, postalCode: '' };
  expect(await faultsOf('shippingLabel', { input: { jobIds, sender } })).toMatchInlineSnapshot(`
    [
      "input.jobIds.1 INVALID_ID (expected=ImportExportJob): Job id 2 must be that of an AWS Import/Export job.",
      "input.jobIds.2 INVALID_ID (expected=ImportExportJob): Job id 3 must be that of an AWS Import/Export job.",
      "input.sender.postalCode REQUIRED: The postal code of the sender must be given.",
    ]
  `);
});

test('Texts that are too long together are one fault of the input', async () => {
  const sources = Array.from({ length: 100 }, () => ({ bucket: 'b'.repeat(255), key: 'k'.repeat(1_024) }));
  const wide = { ...dataExchangeDetails.CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET.createS3DataAccessFromS3Bucket };
  const details = {
    createS3DataAccessFromS3Bucket: {
      ...wide,
      keys: sources.map(({ key }) => key),
      keyPrefixes: sources.map(({ key }) => key),
    },
  };
  expect(await faultsOf('createDataExchangeJob', { input: { details } })).toMatchInlineSnapshot(`
    [
      "input.details.createS3DataAccessFromS3Bucket TOO_LONG (max=140000 received=204883 unit=characters): The input must have at most 140,000 characters in all its texts together; 204,883 characters were given.",
    ]
  `);
});

test.each([
  ['alone', undefined, 101],
  ['with that of a key', 'short', 102],
])(
  'Of more than a hundred faults, %s, a hundred are listed, and the last one says that there are others',
  async (_title, idempotencyKey, count) => {
    const { ask } = await startGateway();
    const sources = Array.from({ length: 1_000 }, () => ({ bucket: '', key: '' }));
    const details = { importAssetsFromS3: { dataSetId: '', revisionId: '', sources } };
    const { data } = await ask(mutations.createDataExchangeJob, { input: { details, idempotencyKey } });
    const faults = field<{ userErrors: readonly UserError[] }>(data, 'createDataExchangeJob').userErrors;
    expect(faults).toHaveLength(count);
    expect(faults[0]).toMatchObject({
      code: 'REQUIRED',
      field: ['input', 'details', 'importAssetsFromS3', 'dataSetId'],
    });
    expect(faults.at(-1)).toEqual({
      code: 'INVALID_INPUT',
      field: ['input', 'details', 'importAssetsFromS3'],
      message: 'There are more faults than the 100 that are listed.',
      awsCode: null,
      parameters: [{ name: 'listed', value: '100' }],
    });
  },
);

test('What the service refuses is one error, with its own name', async () => {
  const { ask } = await startGateway();
  const details = {
    exportAssetToSignedUrl: { dataSetId: demo.dataSetId, revisionId: demo.revisionId, assetId: 'f'.repeat(32) },
  };
  const { data } = await ask(mutations.createDataExchangeJob, { input: { details } });
  expect(field<{ userErrors: unknown }>(data, 'createDataExchangeJob').userErrors).toEqual([
    {
      code: 'NOT_FOUND',
      field: ['input', 'details', 'exportAssetToSignedUrl', 'assetId'],
      message: 'AWS Data Exchange has no asset with this id in this revision.',
      awsCode: 'ResourceNotFoundException',
      parameters: [],
    },
  ]);
});
