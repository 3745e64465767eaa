/** Jobs of Data Exchange with one member that is missing, or is not what the API describes. */
import { expect, test } from 'vitest';
import { field, scraped, startGateway } from '../../support/gateway.ts';

const id = '6c25f0a4d8b74e1390ab7d52e86c1f94';
const revision = { DataSetId: '4e1b6a0d29c84f7b9a35d0c1e8f26b73', RevisionId: 'c07d5f92e6a14b3890d2f4816b7ae35c' };

const members = {
  IMPORT_ASSETS_FROM_S3: 'ImportAssetsFromS3',
  EXPORT_ASSETS_TO_S3: 'ExportAssetsToS3',
  EXPORT_REVISIONS_TO_S3: 'ExportRevisionsToS3',
  IMPORT_ASSET_FROM_SIGNED_URL: 'ImportAssetFromSignedUrl',
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: 'ImportAssetsFromRedshiftDataShares',
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: 'CreateS3DataAccessFromS3Bucket',
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: 'ImportAssetsFromLakeFormationTagPolicy',
} as const;

type Type = keyof typeof members;

function jobOf(type: Type, details: unknown, changes: object = {}): object {
  return {
    Id: id,
    Type: type,
    State: 'ERROR',
    CreatedAt: '2024-03-01T09:30:00.000Z',
    UpdatedAt: '2024-03-01T09:31:00.000Z',
    Details: { [members[type]]: details },
    ...changes,
  };
}

/** The job by GetJob and in a list, which must be equal and without an error. */
async function shown(job: object, fields: string): Promise<unknown> {
  const gateway = await startGateway();
  await gateway.emulator.fail('DataExchange.ListJobs', { status: 200, body: JSON.stringify({ Jobs: [job] }) });
  await gateway.emulator.fail('DataExchange.GetJob', { status: 200, body: JSON.stringify(job) }, 10);
  const globalId = Buffer.from(`DataExchangeJob:${id}`).toString('base64url');
  const one = await gateway.ask(`{ job(id: "${globalId}") { ... on DataExchangeJob { ${fields} } } }`);
  const listed = await gateway.ask(
    `{ jobs(filter: { service: DATA_EXCHANGE }) { nodes { ... on DataExchangeJob { ${fields} } } } }`,
  );
  expect([one.errors, listed.errors]).toEqual([undefined, undefined]);
  const [node] = field<{ nodes: unknown[] }>(listed.data, 'jobs').nodes;
  expect(node).toEqual(field(one.data, 'job'));
  return node;
}

const source = { Bucket: 'b', Key: 'k' };
const assetDestination = { AssetId: 'a', Bucket: 'b', Key: 'k' };
const revisionDestination = { RevisionId: 'r', Bucket: 'b', KeyPattern: `\${Asset.Id}` };
const policy = { Expression: [{ TagKey: 't', TagValues: ['v'] }], Permissions: ['DESCRIBE'] };

const detailCases: readonly (readonly [string, Type, object, string, object])[] = [
  [
    'One source without a key',
    'IMPORT_ASSETS_FROM_S3',
    { ...revision, AssetSources: [source, { Bucket: 'b' }, source] },
    'sources { key }',
    { sources: [{ key: 'k' }, null, { key: 'k' }] },
  ],
  [
    'Sources that are no list',
    'IMPORT_ASSETS_FROM_S3',
    { DataSetId: 5, AssetSources: 'all' },
    'dataSetId sources { key }',
    { dataSetId: null, sources: null },
  ],
  [
    'One destination whose key is a number, which must not count as absent,',
    'EXPORT_ASSETS_TO_S3',
    { ...revision, AssetDestinations: [assetDestination, { ...assetDestination, Key: 7 }] },
    'destinations { key }',
    { destinations: [{ key: 'k' }, null] },
  ],
  [
    'An encryption newer than the gateway',
    'EXPORT_ASSETS_TO_S3',
    { ...revision, AssetDestinations: [assetDestination], Encryption: { Type: 'aws:kms:dsse' } },
    'destinations { key } encryption { type }',
    { destinations: [{ key: 'k' }], encryption: null },
  ],
  [
    'One revision without a bucket',
    'EXPORT_REVISIONS_TO_S3',
    { DataSetId: 'd', RevisionDestinations: [{ RevisionId: 'r' }, revisionDestination], EventActionArn: {} },
    'destinations { revisionId } eventActionArn',
    { destinations: [null, { revisionId: 'r' }], eventActionArn: null },
  ],
  [
    'The name of an asset that is a list',
    'IMPORT_ASSET_FROM_SIGNED_URL',
    { ...revision, AssetName: ['a'], Md5Hash: 'h', SignedUrlExpiresAt: 'soon' },
    'assetName md5Hash upload { url }',
    { assetName: null, md5Hash: 'h', upload: null },
  ],
  [
    'One datashare without an ARN',
    'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES',
    { ...revision, AssetSources: [{}, { DataShareArn: 'arn' }, 'x'] },
    'dataShareArns',
    { dataShareArns: [null, 'arn', null] },
  ],
  [
    'Key prefixes that are broken, which must not count as the whole bucket,',
    'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
    { ...revision, AssetSource: { Bucket: 'b', KeyPrefixes: ['a/', 5] } },
    'dataSetId source { bucket keyPrefixes }',
    { dataSetId: revision.DataSetId, source: null },
  ],
  [
    'A policy without permissions',
    'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY',
    { ...revision, CatalogId: '1', Database: { Expression: policy.Expression }, Table: policy },
    'catalogId database { permissions } table { permissions }',
    { catalogId: '1', database: null, table: { permissions: ['DESCRIBE'] } },
  ],
];

test.each(detailCases)(
  '%s makes only its own place in the details empty',
  async (_title, type, details, fields, expected) => {
    const job = await shown(jobOf(type, details), `state details { ... on ${members[type]}Details { ${fields} } }`);
    expect(job).toEqual({ state: 'FAILED', details: expected });
  },
);

test.each([[[]], ['none'], [{ ImportAssetsFromS3: 'none' }]])('Details that are %j are null', async (Details) => {
  const job = await shown(jobOf('IMPORT_ASSETS_FROM_S3', {}, { Details }), 'state details { dataSetId }');
  expect(job).toEqual({ state: 'FAILED', details: null });
});

const noReason = 'AWS Data Exchange gave no reason.';
const noError = {
  code: null,
  message: noReason,
  hint: null,
  limit: null,
  resource: null,
  assetName: null,
  sources: [],
};

const errorCases: readonly (readonly [string, unknown, readonly object[]])[] = [
  ['without a code', [{ ResourceId: 'r', ResourceType: 'ASSET' }], [{ ...noError, resource: { resourceId: 'r' } }]],
  ['with a code that is a sentence', [{ Code: 'no <b>code</b>' }], [noError]],
  ['whose text is not a string', [{ Message: { text: 'planted' } }], [noError]],
  ['that is a string', ['failed'], [noError]],
  ['whose limit is not a number', [{ LimitName: 'n', LimitValue: '5' }], [noError]],
  ['with a resource without a type', [{ ResourceId: 'r', ResourceType: 3 }], [noError]],
  [
    'with a source without a key',
    [{ Details: { ImportAssetsFromS3JobErrorDetails: [source, { Bucket: 'b' }] } }],
    [{ ...noError, sources: [{ key: 'k' }, null] }],
  ],
  [
    'with an asset without a name',
    [{ Details: { ImportAssetFromSignedUrlJobErrorDetails: {}, ImportAssetsFromS3JobErrorDetails: [source] } }],
    [{ ...noError, sources: [{ key: 'k' }] }],
  ],
  ['that is not in a list', {}, []],
];

test.each(errorCases)('An error %s keeps its other members', async (_title, Errors, errors) => {
  const fields = 'arn errors { code message hint limit { value } resource { resourceId } assetName sources { key } }';
  const job = jobOf('IMPORT_ASSETS_FROM_S3', { AssetSources: [] }, { Errors, Arn: true });
  expect(await shown(job, fields)).toEqual({ arn: null, errors });
});

test('Unreadable members are counted', async () => {
  const gateway = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  const job = jobOf('IMPORT_ASSETS_FROM_S3', { AssetSources: [{ Bucket: 'b' }] }, { Arn: 1 });
  await gateway.emulator.fail('DataExchange.ListJobs', { status: 200, body: JSON.stringify({ Jobs: [job] }) });
  await gateway.ask('{ jobs(filter: { service: DATA_EXCHANGE }) { nodes { id } } }');
  expect(await scraped(gateway.metricsUrl)).toContain(
    'waybill_upstream_unknown_values_total{service="DATA_EXCHANGE",member="detail"} 2',
  );
});
