/** EXPORT_ASSETS_TO_S3: single assets of a revision, each to a bucket and a key. */
import { z } from 'zod';
import { sizes } from '../../../model/job-input-sizes.ts';
import { list, maybe, object } from '../../input/checks.ts';
import { bucket } from '../../input/text-checks.ts';
import { indivisible } from '../../partial-read.ts';
import { awsId, objectKey } from '../constraints.ts';
import { orNull, revision } from '../wire-shapes.ts';
import { awsEncryptionFrom, checkedEncryption, completedEncryption, encryption } from './encryption.ts';
import { jobType } from './job-type.ts';
import { checkedRevision, mapped } from './request-parts.ts';
import { completed, repeated, repeatedRevision } from './work-members.ts';

/** Without a key the asset's name is the key. */
const assetDestination = indivisible(
  z
    .object({ AssetId: z.string(), Bucket: z.string(), Key: z.string().nullish() })
    .transform(({ AssetId, Bucket, Key }) => ({ assetId: AssetId, bucket: Bucket, key: Key ?? null })),
);

export const exportAssetsToS3 = jobType({
  branch: 'exportAssetsToS3',
  type: 'EXPORT_ASSETS_TO_S3',
  member: 'ExportAssetsToS3',
  check: object({
    ...checkedRevision,
    destinations: list(object({ assetId: awsId, bucket, key: maybe(objectKey) }), sizes.destinations),
    encryption: checkedEncryption,
  }),
  awsDetailsFrom: ({ dataSetId, revisionId, destinations, encryption }) => ({
    ExportAssetsToS3: {
      AssetDestinations: destinations.map(({ assetId, bucket, key }) => ({
        AssetId: assetId,
        Bucket: bucket,
        Key: key ?? undefined,
      })),
      DataSetId: dataSetId,
      Encryption: mapped(encryption, awsEncryptionFrom),
      RevisionId: revisionId,
    },
  }),
  shape: {
    ...revision,
    AssetDestinations: orNull(z.array(assetDestination.nullable())),
    Encryption: encryption,
  },
  detailsFrom: (members, { awsJobId }) => ({
    type: 'EXPORT_ASSETS_TO_S3',
    awsJobId,
    dataSetId: members.DataSetId,
    revisionId: members.RevisionId,
    destinations: members.AssetDestinations,
    encryption: members.Encryption,
  }),
  sameWork: {
    ...repeatedRevision,
    destinations: { ...repeated, items: { assetId: repeated, bucket: repeated, key: completed } },
    encryption: completedEncryption,
  },
  fieldOf: ({ type, id }, { destinations }) => {
    if (type !== 'ASSET') return undefined;
    const index = destinations.findIndex(({ assetId }) => assetId === id);
    return index < 0 ? ['destinations'] : ['destinations', String(index), 'assetId'];
  },
});
