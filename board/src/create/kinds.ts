/** What can be created: a branch of the schema's input for each. */
import type { Enum } from '../graphql.ts';

export interface Kind {
  /** In the address of the page. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly service: Enum<'JobService'>;
  /** The input type of the branch. */
  readonly inputType: string;
  /** Whether it reads a revision, which may be published already, instead of adding to a draft. */
  readonly isExport: boolean;
  /** What data sets for it hold. */
  readonly assetType?: Enum<'AssetType'>;
}

/** Jobs about other assets than files. */
const assetTypes: Readonly<Record<string, Enum<'AssetType'>>> = {
  createS3DataAccessFromS3Bucket: 'S3_DATA_ACCESS',
  importAssetsFromRedshiftDataShares: 'REDSHIFT_DATA_SHARE',
  importAssetFromApiGatewayApi: 'API_GATEWAY_API',
  importAssetsFromLakeFormationTagPolicy: 'LAKE_FORMATION_DATA_PERMISSION',
};

function dataExchange(name: string, title: string, about: string): Kind {
  const inputType = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const isExport = name.startsWith('export');
  const assetType = assetTypes[name] ?? 'S3_SNAPSHOT';
  return { name, title, about, service: 'DATA_EXCHANGE', inputType, isExport, assetType };
}

function importExport(name: string, title: string, about: string, inputType: string): Kind {
  return { name, title, about, service: 'IMPORT_EXPORT', inputType, isExport: false };
}

export const kinds: readonly Kind[] = [
  dataExchange('importAssetsFromS3', 'Import from S3', 'Objects of a bucket become assets of a revision.'),
  dataExchange('importAssetFromSignedUrl', 'Upload a file', 'A file from this computer becomes an asset.'),
  dataExchange('exportAssetsToS3', 'Export assets to S3', 'Assets of a revision become objects of a bucket.'),
  dataExchange(
    'exportRevisionsToS3',
    'Export a revision to S3',
    'All assets of a revision become objects of a bucket.',
  ),
  dataExchange('exportAssetToSignedUrl', 'Download a file', 'An asset becomes a file for this computer.'),
  dataExchange('createS3DataAccessFromS3Bucket', 'Share an S3 bucket', 'Subscribers read a bucket in place.'),
  dataExchange(
    'importAssetsFromRedshiftDataShares',
    'Import Redshift data shares',
    'Subscribers query tables of Redshift in place.',
  ),
  dataExchange('importAssetFromApiGatewayApi', 'Import an API', 'Subscribers call an API of API Gateway.'),
  dataExchange(
    'importAssetsFromLakeFormationTagPolicy',
    'Import by Lake Formation tags',
    'Subscribers query tables that have certain tags.',
  ),
  importExport(
    'importToS3',
    'Disk to S3',
    'You post a disk, and AWS copies its files into a bucket.',
    'ImportToS3ManifestInput',
  ),
  importExport(
    'importToGlacier',
    'Disk to Glacier',
    'You post a disk, and AWS copies it into a vault.',
    'ImportToGlacierManifestInput',
  ),
  importExport(
    'exportFromS3',
    'S3 to a disk',
    'You post an empty disk, and AWS fills it from buckets.',
    'ExportFromS3ManifestInput',
  ),
  importExport('text', 'A manifest as text', 'For a manifest that you already have.', 'ManifestTextInput'),
];
