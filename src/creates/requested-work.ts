/** What a Data Exchange job does, in one form for the request that asks for it and the job that came of it. */
import type { DataExchangeJobDetails } from '../job.ts';
import type { DataExchangeJobRequest } from '../job-request.ts';

/** What a revision's export writes where nobody says otherwise (User Guide, "Key patterns"). */
const defaultKeyPattern = `\${Asset.Name}`;

/**
 * `request` without what no answer repeats, and with the defaults that one may show. Two requests for the same work are
 * equal then, and so is what `workOf` gives for their jobs.
 */
export function requestedWork(request: DataExchangeJobRequest): DataExchangeJobRequest {
  const {
    importAssetFromApiGatewayApi: api,
    exportRevisionsToS3: revisions,
    createS3DataAccessFromS3Bucket: access,
  } = request;
  if (api) return { importAssetFromApiGatewayApi: { ...api, apiKey: null } };
  if (revisions) {
    const destinations = revisions.destinations.map((destination) => ({
      ...destination,
      keyPattern: destination.keyPattern ?? defaultKeyPattern,
    }));
    return { exportRevisionsToS3: { ...revisions, destinations } };
  }
  if (access) {
    const { keyPrefixes, keys, kmsKeyArns } = access;
    const lists = { keyPrefixes: keyPrefixes ?? [], keys: keys ?? [], kmsKeyArns: kmsKeyArns ?? [] };
    return { createS3DataAccessFromS3Bucket: { ...access, ...lists } };
  }
  return request;
}

export function workOf(details: DataExchangeJobDetails): DataExchangeJobRequest {
  return requestedWork(requestFor(details));
}

export function dataSetIdOf(request: DataExchangeJobRequest): string | undefined {
  return Object.values(request).find((branch) => branch != null)?.dataSetId;
}

/** The request that asks for what `details` tell. */
function requestFor(details: DataExchangeJobDetails): DataExchangeJobRequest {
  const { dataSetId } = details;
  switch (details.type) {
    case 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET':
      return { createS3DataAccessFromS3Bucket: { dataSetId, revisionId: details.revisionId, ...details.source } };
    case 'EXPORT_ASSET_TO_SIGNED_URL':
      return { exportAssetToSignedUrl: { dataSetId, revisionId: details.revisionId, assetId: details.assetId } };
    case 'EXPORT_ASSETS_TO_S3': {
      const { revisionId, destinations, encryption } = details;
      return { exportAssetsToS3: { dataSetId, revisionId, destinations, encryption } };
    }
    case 'EXPORT_REVISIONS_TO_S3': {
      const { destinations, encryption } = details;
      return { exportRevisionsToS3: { dataSetId, destinations, encryption } };
    }
    case 'IMPORT_ASSET_FROM_API_GATEWAY_API': {
      const { revisionId, api, specificationMd5Hash } = details;
      const named = { apiId: api.id, apiName: api.name, apiDescription: api.description, stage: api.stage };
      return { importAssetFromApiGatewayApi: { dataSetId, revisionId, ...named, specificationMd5Hash } };
    }
    case 'IMPORT_ASSET_FROM_SIGNED_URL': {
      const { revisionId, assetName, md5Hash } = details;
      return { importAssetFromSignedUrl: { dataSetId, revisionId, assetName, md5Hash: md5Hash ?? '' } };
    }
    case 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY': {
      const { revisionId, catalogId, roleArn, database, table } = details;
      return { importAssetsFromLakeFormationTagPolicy: { dataSetId, revisionId, catalogId, roleArn, database, table } };
    }
    case 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES': {
      const { revisionId, dataShareArns } = details;
      return { importAssetsFromRedshiftDataShares: { dataSetId, revisionId, dataShareArns } };
    }
    case 'IMPORT_ASSETS_FROM_S3':
      return { importAssetsFromS3: { dataSetId, revisionId: details.revisionId, sources: details.sources } };
  }
}
