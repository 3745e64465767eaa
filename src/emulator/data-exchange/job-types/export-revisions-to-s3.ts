/** EXPORT_REVISIONS_TO_S3. */
import { z } from 'zod';
import { revisionOf } from '../catalog.ts';
import { JobFailure } from '../job-failure.ts';
import { isKeyPattern, keyFrom } from '../key-pattern.ts';
import { checkDestinationBucket } from './destination-bucket.ts';
import { concurrentJobsTo, encryption, filledText, resourceId } from './forms.ts';
import { jobType } from './job-type.ts';

const keyPattern = z.string().refine(isKeyPattern, 'must use known references, one of them to the asset');

export const exportRevisionsToS3 = jobType({
  type: 'EXPORT_REVISIONS_TO_S3',
  member: 'ExportRevisionsToS3',
  form: z.object({
    DataSetId: resourceId,
    RevisionDestinations: z
      .array(z.object({ Bucket: filledText, KeyPattern: keyPattern.optional(), RevisionId: resourceId }))
      .length(1),
    Encryption: encryption.optional(),
  }),
  isExport: true,
  concurrency: { name: `${concurrentJobsTo} export revisions to Amazon S3`, value: 5 },
  revisionIds: ({ RevisionDestinations }) => RevisionDestinations.map(({ RevisionId }) => RevisionId),
  /** Two assets with one key fail the export (Data Exchange User Guide, "Key patterns"). */
  work: ({ DataSetId, RevisionDestinations }, { catalog }) => {
    for (const { Bucket, KeyPattern, RevisionId } of RevisionDestinations) {
      checkDestinationBucket(Bucket);
      const dataSet = catalog.dataSet(DataSetId);
      const revision = revisionOf(dataSet, RevisionId);
      const keys = [...revision.assets.values()].map((asset) => keyFrom(KeyPattern, { asset, dataSet, revision }));
      if (new Set(keys).size < keys.length) throw new JobFailure([equalKeys(RevisionId)]);
    }
    return {};
  },
});

function equalKeys(revisionId: string) {
  return {
    Code: 'VALIDATION_EXCEPTION',
    Message: 'Two assets have the same object key.',
    ResourceId: revisionId,
    ResourceType: 'REVISION',
  } as const;
}
