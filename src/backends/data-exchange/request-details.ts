/** What a caller asks for, in the service's names. */
import type {
  DatabaseLFTagPolicyPermission,
  RequestDetails,
  TableTagPolicyLFPermission,
} from '@aws-sdk/client-dataexchange';
import type { LakeFormationTagPolicy } from '../../model/job.ts';
import type { DataExchangeJobRequest, Maybe, ServerSideEncryptionRequest } from '../../model/job-request.ts';
import type { KnownJobType } from './job-details.ts';

/** A member of a request, each of which asks for one type of job. */
export type RequestBranch = keyof DataExchangeJobRequest;

/** The type follows from the branch that is set, so that the two that the service wants can never disagree. */
export const typesByBranch: Readonly<Record<RequestBranch, KnownJobType>> = {
  createS3DataAccessFromS3Bucket: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
  exportAssetToSignedUrl: 'EXPORT_ASSET_TO_SIGNED_URL',
  exportAssetsToS3: 'EXPORT_ASSETS_TO_S3',
  exportRevisionsToS3: 'EXPORT_REVISIONS_TO_S3',
  importAssetFromApiGatewayApi: 'IMPORT_ASSET_FROM_API_GATEWAY_API',
  importAssetFromSignedUrl: 'IMPORT_ASSET_FROM_SIGNED_URL',
  importAssetsFromLakeFormationTagPolicy: 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY',
  importAssetsFromRedshiftDataShares: 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES',
  importAssetsFromS3: 'IMPORT_ASSETS_FROM_S3',
};

/** The `Details` of CreateJob for a `request` that has been checked. A branch that is not set leaves its member out. */
export function requestDetailsFrom(request: DataExchangeJobRequest): RequestDetails {
  return {
    CreateS3DataAccessFromS3Bucket: mapped(
      request.createS3DataAccessFromS3Bucket,
      ({ dataSetId, revisionId, bucket, keyPrefixes, keys, kmsKeyArns }) => ({
        AssetSource: {
          Bucket: bucket,
          KeyPrefixes: mutable(keyPrefixes),
          Keys: mutable(keys),
          KmsKeysToGrant: kmsKeyArns?.map((arn) => ({ KmsKeyArn: arn })),
        },
        DataSetId: dataSetId,
        RevisionId: revisionId,
      }),
    ),
    ExportAssetToSignedUrl: mapped(request.exportAssetToSignedUrl, ({ assetId, dataSetId, revisionId }) => ({
      AssetId: assetId,
      DataSetId: dataSetId,
      RevisionId: revisionId,
    })),
    ExportAssetsToS3: mapped(request.exportAssetsToS3, ({ dataSetId, revisionId, destinations, encryption }) => ({
      AssetDestinations: destinations.map(({ assetId, bucket, key }) => ({
        AssetId: assetId,
        Bucket: bucket,
        Key: key ?? undefined,
      })),
      DataSetId: dataSetId,
      Encryption: mapped(encryption, encryptionFrom),
      RevisionId: revisionId,
    })),
    ExportRevisionsToS3: mapped(request.exportRevisionsToS3, ({ dataSetId, destinations, encryption }) => ({
      DataSetId: dataSetId,
      Encryption: mapped(encryption, encryptionFrom),
      RevisionDestinations: destinations.map(({ bucket, keyPattern, revisionId }) => ({
        Bucket: bucket,
        KeyPattern: keyPattern ?? undefined,
        RevisionId: revisionId,
      })),
    })),
    ImportAssetFromApiGatewayApi: mapped(request.importAssetFromApiGatewayApi, (api) => ({
      ApiDescription: api.apiDescription ?? undefined,
      ApiId: api.apiId,
      ApiKey: api.apiKey ?? undefined,
      ApiName: api.apiName,
      ApiSpecificationMd5Hash: api.specificationMd5Hash,
      DataSetId: api.dataSetId,
      // The only protocol there is (API reference, `ProtocolType`).
      ProtocolType: 'REST' as const,
      RevisionId: api.revisionId,
      Stage: api.stage,
    })),
    ImportAssetFromSignedUrl: mapped(
      request.importAssetFromSignedUrl,
      ({ assetName, dataSetId, md5Hash, revisionId }) => ({
        AssetName: assetName,
        DataSetId: dataSetId,
        Md5Hash: md5Hash,
        RevisionId: revisionId,
      }),
    ),
    ImportAssetsFromLakeFormationTagPolicy: mapped(
      request.importAssetsFromLakeFormationTagPolicy,
      ({ catalogId, dataSetId, database, revisionId, roleArn, table }) => ({
        CatalogId: catalogId,
        DataSetId: dataSetId,
        Database: mapped(database, tagPolicyFrom<DatabaseLFTagPolicyPermission>),
        RevisionId: revisionId,
        RoleArn: roleArn,
        Table: mapped(table, tagPolicyFrom<TableTagPolicyLFPermission>),
      }),
    ),
    ImportAssetsFromRedshiftDataShares: mapped(
      request.importAssetsFromRedshiftDataShares,
      ({ dataSetId, dataShareArns, revisionId }) => ({
        AssetSources: dataShareArns.map((arn) => ({ DataShareArn: arn })),
        DataSetId: dataSetId,
        RevisionId: revisionId,
      }),
    ),
    ImportAssetsFromS3: mapped(request.importAssetsFromS3, ({ dataSetId, revisionId, sources }) => ({
      AssetSources: sources.map(({ bucket, key }) => ({ Bucket: bucket, Key: key })),
      DataSetId: dataSetId,
      RevisionId: revisionId,
    })),
  };
}

function encryptionFrom({ kmsKeyArn, type }: ServerSideEncryptionRequest) {
  return {
    KmsKeyArn: kmsKeyArn ?? undefined,
    Type: type === 'AWS_KMS' ? ('aws:kms' as const) : type,
  };
}

/** `Permission` is asserted, not checked: `validate.ts` has let nothing else pass. */
function tagPolicyFrom<Permission extends string>({ expression, permissions }: LakeFormationTagPolicy) {
  return {
    Expression: expression.map(({ key, values }) => ({ TagKey: key, TagValues: [...values] })),
    Permissions: [...permissions] as Permission[],
  };
}

/** The SDK sends nothing for undefined, and fails on some nulls. */
function mapped<Given, Made>(value: Maybe<Given>, make: (value: Given) => Made): Made | undefined {
  return value === null || value === undefined ? undefined : make(value);
}

function mutable(list: Maybe<readonly string[]>): string[] | undefined {
  return mapped(list, (items) => [...items]);
}
