/** IMPORT_ASSETS_FROM_S3. */
import { z } from 'zod';
import { bucketFault } from '../../buckets.ts';
import { snapshot } from '../catalog.ts';
import { JobFailure } from '../job-failure.ts';
import { concurrentJobsTo, filledText, revision } from './forms.ts';
import { jobType } from './job-type.ts';

export const importAssetsFromS3 = jobType({
  type: 'IMPORT_ASSETS_FROM_S3',
  member: 'ImportAssetsFromS3',
  form: z.object({
    ...revision,
    AssetSources: z
      .array(z.object({ Bucket: filledText, Key: filledText }))
      .min(1)
      .max(100),
  }),
  concurrency: { name: `${concurrentJobsTo} import assets from Amazon S3`, value: 10 },
  /** Assets are named after the object keys. There is no S3 here, so the content is generated from the source. */
  work: ({ AssetSources }) => {
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
    return { assets: AssetSources.map(({ Bucket, Key }) => snapshot(Key, Buffer.from(`s3://${Bucket}/${Key}\n`))) };
  },
});
