/** The enums of the catalog. */
import { builder } from '../builder.ts';

export const AssetType = builder.enumType('AssetType', {
  description: 'What an asset is.',
  values: {
    API_GATEWAY_API: { description: 'An API of Amazon API Gateway, which subscribers may call.' },
    LAKE_FORMATION_DATA_PERMISSION: {
      description: 'Read access to databases or tables, which AWS Lake Formation grants.',
    },
    REDSHIFT_DATA_SHARE: { description: 'Read access to data of an Amazon Redshift warehouse, a *datashare*.' },
    S3_DATA_ACCESS: { description: 'Read access to a bucket of Amazon S3, or to a part of it. Nothing is copied.' },
    S3_SNAPSHOT: { description: 'A file, copied from Amazon S3 or uploaded.' },
    UNKNOWN: { description: 'A type newer than this gateway: see `assetTypeCode`.' },
  } as const,
});

export const DataSetOrigin = builder.enumType('DataSetOrigin', {
  description: 'Whose a data set is. *The account* is the AWS account of this gateway.',
  values: {
    ENTITLED: {
      description: 'Another account owns it and shares it: jobs can export from it, and not import into it.',
    },
    OWNED: { description: 'The account owns it, and publishes it.' },
    UNKNOWN: { description: 'An origin newer than this gateway: see `originCode`. Not for the argument `origin`.' },
  } as const,
});
