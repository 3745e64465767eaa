/** What can be created: a branch of the schema's input for each. */

export interface Kind {
  /** In the address of the page. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly service: 'DATA_EXCHANGE' | 'IMPORT_EXPORT';
  /** The input type of the branch. */
  readonly inputType: string;
}

function dataExchange(name: string, title: string, about: string): Kind {
  const inputType = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  return { name, title, about, service: 'DATA_EXCHANGE', inputType };
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
  {
    name: 'importToS3',
    title: 'Disk to S3',
    about: 'You post a disk, and AWS copies its files into a bucket.',
    service: 'IMPORT_EXPORT',
    inputType: 'ImportToS3ManifestInput',
  },
  {
    name: 'importToGlacier',
    title: 'Disk to Glacier',
    about: 'You post a disk, and AWS copies it into a vault.',
    service: 'IMPORT_EXPORT',
    inputType: 'ImportToGlacierManifestInput',
  },
  {
    name: 'exportFromS3',
    title: 'S3 to a disk',
    about: 'You post an empty disk, and AWS fills it from buckets.',
    service: 'IMPORT_EXPORT',
    inputType: 'ExportFromS3ManifestInput',
  },
  {
    name: 'text',
    title: 'A manifest as text',
    about: 'For a manifest that you already have.',
    service: 'IMPORT_EXPORT',
    inputType: 'ManifestTextInput',
  },
];
