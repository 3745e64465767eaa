/** CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET. */
import { z } from 'zod';
import { bucketFault } from '../../buckets.ts';
import { JobFailure } from '../job-failure.ts';
import { concurrentJobsTo, filledText, revision } from './forms.ts';
import { jobType } from './job-type.ts';

const kmsKey = z.object({ KmsKeyArn: z.string().min(1).max(2048) });

export const s3DataAccess = jobType({
  type: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
  member: 'CreateS3DataAccessFromS3Bucket',
  form: z.object({
    ...revision,
    AssetSource: z.object({
      Bucket: filledText,
      KeyPrefixes: z.array(z.string()).optional(),
      Keys: z.array(z.string()).optional(),
      KmsKeysToGrant: z.array(kmsKey).min(1).max(10).optional(),
    }),
  }),
  concurrency: { name: `${concurrentJobsTo} create Amazon S3 data access assets from S3 buckets`, value: 5 },
  work: ({ AssetSource }) => {
    if (bucketFault(AssetSource.Bucket) !== undefined) {
      const Message = `Cannot share the bucket ${AssetSource.Bucket}.`;
      throw new JobFailure([{ Code: 'ACCESS_DENIED_EXCEPTION', Message, ResourceType: 'ASSET' }]);
    }
    const details = { S3DataAccessAsset: AssetSource };
    return { assets: [{ name: AssetSource.Bucket, type: 'S3_DATA_ACCESS', details }] };
  },
});
