/** What imports bring into a revision, and what makes them fail. */
import { bucketFault } from '../buckets.ts';
import type { IssuedUrl, Upload } from '../signed-urls/signed-url-store.ts';
import { type NewAsset, snapshot } from './catalog.ts';
import type { Job } from './job.ts';
import { JobFailure } from './job-failure.ts';
import type { JobRequest, JobType } from './job-request.ts';

export type ImportType = Exclude<JobType, `EXPORT_${string}`>;
type Details<Type extends JobType> = Extract<JobRequest, { type: Type }>['details'];

/** The assets that an import makes, or undefined for an export. Throws `JobFailure`. */
export function importedAssets({ request, upload, startedAt }: Job): readonly NewAsset[] | undefined {
  switch (request.type) {
    case 'IMPORT_ASSETS_FROM_S3':
      return filesFromS3(request.details);
    case 'IMPORT_ASSET_FROM_SIGNED_URL':
      return [snapshot(request.details.AssetName, uploadedBytes(request.details.AssetName, upload, startedAt))];
    case 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES':
      return request.details.AssetSources.map(({ DataShareArn }) => dataShare(DataShareArn));
    case 'IMPORT_ASSET_FROM_API_GATEWAY_API':
      uploadedBytes(request.details.ApiName, upload, startedAt);
      return [api(request.details)];
    case 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET':
      return [s3DataAccess(request.details)];
    case 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY':
      return lakeFormationPermissions(request.details);
    default:
      return undefined;
  }
}

/** Named after the object keys. There is no S3 here, so the content is made up from the source. */
function filesFromS3({ AssetSources }: Details<'IMPORT_ASSETS_FROM_S3'>): readonly NewAsset[] {
  const failed = AssetSources.filter(({ Bucket }) => bucketFault(Bucket) !== undefined);
  const [first] = failed;
  if (first !== undefined) {
    const isForbidden = bucketFault(first.Bucket) === 'forbidden';
    throw new JobFailure([
      {
        Code: isForbidden ? 'ACCESS_DENIED_EXCEPTION' : 'RESOURCE_NOT_FOUND_EXCEPTION',
        Message: `Cannot read from the bucket ${first.Bucket}.`,
        Details: { ImportAssetsFromS3JobErrorDetails: failed },
        ResourceType: 'ASSET',
      },
    ]);
  }
  return AssetSources.map(({ Bucket, Key }) => snapshot(Key, Buffer.from(`s3://${Bucket}/${Key}\n`)));
}

/** The service reads the file as the job starts, so one that arrives later is too late. */
function uploadedBytes(name: string, upload: IssuedUrl<Upload> | undefined, startedAt = 0): Uint8Array {
  const received = upload?.purpose.received;
  if (received !== undefined && received.at <= startedAt) return received.bytes;
  throw new JobFailure([
    {
      Code: 'VALIDATION_EXCEPTION',
      Message: 'Nothing had been uploaded when the job was started.',
      Details: { ImportAssetFromSignedUrlJobErrorDetails: { AssetName: name } },
      ResourceType: 'ASSET',
    },
  ]);
}

function dataShare(arn: string): NewAsset {
  return { name: arn, type: 'REDSHIFT_DATA_SHARE', details: { RedshiftDataShareAsset: { Arn: arn } } };
}

/** Without the `ApiKey`, which is a secret. */
function api(details: Details<'IMPORT_ASSET_FROM_API_GATEWAY_API'>): NewAsset {
  const { ApiDescription, ApiId, ApiName, ProtocolType, Stage } = details;
  const ApiEndpoint = `https://${ApiId}.execute-api.us-east-1.amazonaws.com/${Stage}`;
  const asset = { ApiDescription, ApiEndpoint, ApiId, ApiName, ProtocolType, Stage };
  return { name: ApiName, type: 'API_GATEWAY_API', details: { ApiGatewayApiAsset: asset } };
}

function s3DataAccess({ AssetSource }: Details<'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET'>): NewAsset {
  if (bucketFault(AssetSource.Bucket) !== undefined) {
    const Message = `Cannot share the bucket ${AssetSource.Bucket}.`;
    throw new JobFailure([{ Code: 'ACCESS_DENIED_EXCEPTION', Message, ResourceType: 'ASSET' }]);
  }
  return { name: AssetSource.Bucket, type: 'S3_DATA_ACCESS', details: { S3DataAccessAsset: AssetSource } };
}

/** One asset for the databases and one for the tables. */
function lakeFormationPermissions(
  details: Details<'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY'>,
): readonly NewAsset[] {
  const { CatalogId, RoleArn, Database, Table } = details;
  const resources = { DATABASE: Database, TABLE: Table };
  return Object.entries(resources).flatMap(([ResourceType, resource]) => {
    if (resource === undefined) return [];
    const LFTagPolicy = {
      CatalogId,
      ResourceType,
      ResourceDetails: { [capitalised(ResourceType)]: resource },
    };
    const asset = {
      LakeFormationDataPermissionDetails: { LFTagPolicy },
      LakeFormationDataPermissionType: 'LFTagPolicy',
      Permissions: resource.Permissions,
      RoleArn,
    };
    return [
      {
        name: `${CatalogId} ${ResourceType}`,
        type: 'LAKE_FORMATION_DATA_PERMISSION',
        details: { LakeFormationDataPermissionAsset: asset },
      },
    ];
  });
}

function capitalised(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}
