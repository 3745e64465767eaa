/** EXPORT_ASSETS_TO_S3: single assets of a revision, each to a place in S3. */
import { z } from 'zod';
import { sizes } from '../../../model/job-input-sizes.ts';
import { awsId, bucket, listOf, objectKey } from '../constraints.ts';
import { assetDestination, encryption, orNull, revision } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedEncryption, checkedRevision, encryptionFor, mapped } from './request-parts.ts';
import { completed, completedEncryption, repeated, repeatedRevision } from './work-members.ts';

export const exportAssetsToS3 = jobType({
  branch: 'exportAssetsToS3',
  type: 'EXPORT_ASSETS_TO_S3',
  member: 'ExportAssetsToS3',
  check: z.object({
    ...checkedRevision,
    destinations: listOf(z.object({ assetId: awsId, bucket, key: objectKey.nullish() }), sizes.destinations),
    encryption: checkedEncryption,
  }),
  detailsFor: ({ dataSetId, revisionId, destinations, encryption }) => ({
    ExportAssetsToS3: {
      AssetDestinations: destinations.map(({ assetId, bucket, key }) => ({
        AssetId: assetId,
        Bucket: bucket,
        Key: key ?? undefined,
      })),
      DataSetId: dataSetId,
      Encryption: mapped(encryption, encryptionFor),
      RevisionId: revisionId,
    },
  }),
  shape: {
    ...revision,
    AssetDestinations: orNull(z.array(assetDestination.nullable())),
    Encryption: encryption,
  },
  detailsFrom: (given, { awsJobId }) => ({
    type: 'EXPORT_ASSETS_TO_S3',
    awsJobId,
    dataSetId: given.DataSetId,
    revisionId: given.RevisionId,
    destinations: given.AssetDestinations,
    encryption: given.Encryption,
  }),
  sameWork: {
    ...repeatedRevision,
    destinations: { ...repeated, items: { assetId: repeated, bucket: repeated, key: completed } },
    encryption: completedEncryption,
  },
});
