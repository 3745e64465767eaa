/** EXPORT_ASSET_TO_SIGNED_URL. */
import { z } from 'zod';
import { assetOf, revisionOf } from '../catalog.ts';
import { JobFailure } from '../job-failure.ts';
import { concurrentJobsTo, resourceId, revision } from './forms.ts';
import { jobType } from './job-type.ts';

export const exportAssetToSignedUrl = jobType({
  type: 'EXPORT_ASSET_TO_SIGNED_URL',
  member: 'ExportAssetToSignedUrl',
  form: z.object({ ...revision, AssetId: resourceId }),
  isExport: true,
  concurrency: { name: `${concurrentJobsTo} export assets to a signed URL`, value: 10 },
  assetIds: ({ AssetId }) => [AssetId],
  work: ({ DataSetId, RevisionId, AssetId }, { catalog }) => {
    const { content } = assetOf(revisionOf(catalog.dataSet(DataSetId), RevisionId), AssetId);
    if (content !== undefined) return { download: content };
    const Message = 'The asset is not a file.';
    throw new JobFailure([{ Code: 'VALIDATION_EXCEPTION', Message, ResourceId: AssetId, ResourceType: 'ASSET' }]);
  },
});
