/** What normalised caches must be told about the schema. A test compares it with the schema. */

const jobTypes = ['DataExchangeJob', 'ImportExportJob'];

/** The types behind each interface, for `InMemoryCache` of Apollo Client. */
export const possibleTypes: Record<string, string[]> = {
  DataExchangeJobDetails: [
    'CreateS3DataAccessFromS3BucketDetails',
    'ExportAssetToSignedUrlDetails',
    'ExportAssetsToS3Details',
    'ExportRevisionsToS3Details',
    'ImportAssetFromApiGatewayApiDetails',
    'ImportAssetFromSignedUrlDetails',
    'ImportAssetsFromLakeFormationTagPolicyDetails',
    'ImportAssetsFromRedshiftDataSharesDetails',
    'ImportAssetsFromS3Details',
  ],
  Job: jobTypes,
  JobEvent: ['JobEventsMissed', 'JobGone', 'JobStateChange', 'JobsFresh', 'JobsStale'],
  Node: [...jobTypes, 'Asset', 'DataSet', 'Revision'],
};

/** Types that are values, without an identity of their own. `JobGone` has the id of a job. */
const valueTypes = [
  ...(possibleTypes['DataExchangeJobDetails'] ?? []),
  ...(possibleTypes['JobEvent'] ?? []),
  'ApiGatewayApi',
  'AssetDestination',
  'DataExchangeJobError',
  'ExceededLimit',
  'FaultyResource',
  'Gateway',
  'ImportExportProgress',
  'JobArtifact',
  'JobSignature',
  'JobTransition',
  'LakeFormationTag',
  'LakeFormationTagPolicy',
  'RevisionDestination',
  'S3DataAccessSource',
  'S3Object',
  'ServerSideEncryption',
  'Shipment',
  'ShippingLabel',
  'SignedUrl',
  'StorageDevice',
  'UnavailableService',
  'UserError',
  'UserErrorParameter',
];

/** `keys` of urql's graphcache. It knows connections and edges by their names, and asks for no keys of payloads of mutations. */
export const graphcacheKeys: Record<string, () => null> = Object.fromEntries(
  valueTypes.map((name) => [name, () => null]),
);
