/** The enums of the catalog. */
import { builder } from '../builder.ts';

export const AssetType = builder.enumType('AssetType', {
  description: 'What an asset is. All assets of a data set are of one type.',
  values: {
    API_GATEWAY_API: { description: 'An API of Amazon API Gateway, which subscribers may call.' },
    LAKE_FORMATION_DATA_PERMISSION: { description: 'A permission that AWS Lake Formation grants.' },
    REDSHIFT_DATA_SHARE: { description: 'An Amazon Redshift datashare.' },
    S3_DATA_ACCESS: { description: 'Access to a bucket of Amazon S3, or to a part of it, where it is.' },
    S3_SNAPSHOT: { description: 'A file, copied from Amazon S3 or uploaded.' },
    UNKNOWN: { description: 'A type newer than this gateway: see `assetTypeCode`.' },
  } as const,
});

export const DataSetOrigin = builder.enumType('DataSetOrigin', {
  description: 'How the account comes to have a data set.',
  values: {
    ENTITLED: { description: 'It is of another account, which shares it: it can be exported, not imported into.' },
    OWNED: { description: 'It is of the account itself, which publishes it.' },
    UNKNOWN: { description: 'An origin newer than this gateway: see `originCode`. Not for the argument `origin`.' },
  } as const,
});
