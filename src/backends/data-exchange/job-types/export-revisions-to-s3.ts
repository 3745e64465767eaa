/** EXPORT_REVISIONS_TO_S3: whole revisions of a data set, each to a bucket. */
import { z } from 'zod';
import { sizes } from '../../../model/job-input-sizes.ts';
import { awsId, bucket, keyPattern, listOf } from '../constraints.ts';
import { encryption, orNull, revisionDestination, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedEncryption, encryptionFor, mapped } from './request-parts.ts';
import { completedEncryption, optional, repeated } from './work-members.ts';

export const exportRevisionsToS3 = jobType({
  branch: 'exportRevisionsToS3',
  type: 'EXPORT_REVISIONS_TO_S3',
  member: 'ExportRevisionsToS3',
  check: z.object({
    dataSetId: awsId,
    destinations: listOf(z.object({ revisionId: awsId, bucket, keyPattern: keyPattern.nullish() }), sizes.revisions),
    encryption: checkedEncryption,
  }),
  detailsFor: ({ dataSetId, destinations, encryption }) => ({
    ExportRevisionsToS3: {
      DataSetId: dataSetId,
      Encryption: mapped(encryption, encryptionFor),
      RevisionDestinations: destinations.map(({ bucket, keyPattern, revisionId }) => ({
        Bucket: bucket,
        KeyPattern: keyPattern ?? undefined,
        RevisionId: revisionId,
      })),
    },
  }),
  shape: {
    DataSetId: text,
    RevisionDestinations: orNull(z.array(revisionDestination.nullable())),
    Encryption: encryption,
    EventActionArn: text,
  },
  detailsFrom: (given, { awsJobId }) => ({
    type: 'EXPORT_REVISIONS_TO_S3',
    awsJobId,
    dataSetId: given.DataSetId,
    destinations: given.RevisionDestinations,
    encryption: given.Encryption,
    eventActionArn: given.EventActionArn,
  }),
  sameWork: {
    dataSetId: repeated,
    destinations: {
      ...repeated,
      // The pattern where nobody says otherwise (User Guide, "Key patterns").
      items: { revisionId: repeated, bucket: repeated, keyPattern: { ...optional, fillsIn: `\${Asset.Name}` } },
    },
    encryption: completedEncryption,
  },
});
