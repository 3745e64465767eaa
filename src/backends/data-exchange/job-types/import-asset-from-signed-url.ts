/** IMPORT_ASSET_FROM_SIGNED_URL: one file that is uploaded to an address that the job gives. */
import { z } from 'zod';
import { sizes } from '../../../model/job-input-sizes.ts';
import { md5Hash, textOf } from '../constraints.ts';
import { instant, revision, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision } from './request-parts.ts';
import { optional, repeated, repeatedRevision } from './work-members.ts';

const assetName = textOf({
  expected: '1 to 256 characters without control characters',
  size: sizes.assetName,
  isValid: (value) => !/\p{Cc}/u.test(value),
});

export const importAssetFromSignedUrl = jobType({
  branch: 'importAssetFromSignedUrl',
  type: 'IMPORT_ASSET_FROM_SIGNED_URL',
  member: 'ImportAssetFromSignedUrl',
  check: z.object({ ...checkedRevision, assetName, md5Hash }),
  awsDetailsFrom: ({ assetName, dataSetId, md5Hash, revisionId }) => ({
    ImportAssetFromSignedUrl: {
      AssetName: assetName,
      DataSetId: dataSetId,
      Md5Hash: md5Hash,
      RevisionId: revisionId,
    },
  }),
  shape: { ...revision, AssetName: text, Md5Hash: text, SignedUrl: text, SignedUrlExpiresAt: instant.nullish() },
  detailsFrom: (members, { awsJobId, readSignedUrl }) => ({
    type: 'IMPORT_ASSET_FROM_SIGNED_URL',
    awsJobId,
    dataSetId: members.DataSetId,
    revisionId: members.RevisionId,
    assetName: members.AssetName,
    md5Hash: members.Md5Hash,
    ...(readSignedUrl && { signedUrl: readSignedUrl(members.SignedUrl, members.SignedUrlExpiresAt) }),
  }),
  sameWork: { ...repeatedRevision, assetName: repeated, md5Hash: optional },
});
