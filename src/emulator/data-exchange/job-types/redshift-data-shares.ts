/** IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES. */
import { z } from 'zod';
import { concurrentJobsTo, filledText, revision } from './forms.ts';
import { jobType } from './job-type.ts';

export const redshiftDataShares = jobType({
  type: 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES',
  member: 'ImportAssetsFromRedshiftDataShares',
  form: z.object({ ...revision, AssetSources: z.array(z.object({ DataShareArn: filledText })).min(1) }),
  concurrency: { name: `${concurrentJobsTo} import assets from Amazon Redshift datashares`, value: 10 },
  work: ({ AssetSources }) => ({
    assets: AssetSources.map(({ DataShareArn }) => ({
      name: DataShareArn,
      type: 'REDSHIFT_DATA_SHARE',
      details: { RedshiftDataShareAsset: { Arn: DataShareArn } },
    })),
  }),
});
