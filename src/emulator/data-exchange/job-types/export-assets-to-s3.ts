/** EXPORT_ASSETS_TO_S3. */
import { z } from 'zod';
import { checkDestinationBucket } from './destination-bucket.ts';
import { concurrentJobsTo, encryption, filledText, resourceId, revision } from './forms.ts';
import { jobType } from './job-type.ts';

export const exportAssetsToS3 = jobType({
  type: 'EXPORT_ASSETS_TO_S3',
  member: 'ExportAssetsToS3',
  form: z.object({
    ...revision,
    AssetDestinations: z
      .array(z.object({ AssetId: resourceId, Bucket: filledText, Key: z.string().optional() }))
      .min(1)
      .max(100),
    Encryption: encryption.optional(),
  }),
  isExport: true,
  concurrency: { name: `${concurrentJobsTo} export assets to Amazon S3`, value: 10 },
  assetIds: ({ AssetDestinations }) => AssetDestinations.map(({ AssetId }) => AssetId),
  work: ({ AssetDestinations }) => {
    for (const { Bucket } of AssetDestinations) checkDestinationBucket(Bucket);
    return {};
  },
});
