/** IMPORT_ASSET_FROM_SIGNED_URL: one file that is uploaded to an address that the job gives. */
import { z } from 'zod';
import { assetName, md5Hash } from '../constraints.ts';
import { instant, revision, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision } from './request-parts.ts';
import { optional, repeated, repeatedRevision } from './work-members.ts';

export const importAssetFromSignedUrl = jobType({
  branch: 'importAssetFromSignedUrl',
  type: 'IMPORT_ASSET_FROM_SIGNED_URL',
  member: 'ImportAssetFromSignedUrl',
  check: z.object({ ...checkedRevision, assetName, md5Hash }),
  detailsFor: ({ assetName, dataSetId, md5Hash, revisionId }) => ({
    ImportAssetFromSignedUrl: {
      AssetName: assetName,
      DataSetId: dataSetId,
      Md5Hash: md5Hash,
      RevisionId: revisionId,
    },
  }),
  shape: { ...revision, AssetName: text, Md5Hash: text, SignedUrl: text, SignedUrlExpiresAt: instant.nullish() },
  detailsFrom: (given, { awsJobId, readSignedUrl }) => ({
    type: 'IMPORT_ASSET_FROM_SIGNED_URL',
    awsJobId,
    dataSetId: given.DataSetId,
    revisionId: given.RevisionId,
    assetName: given.AssetName,
    md5Hash: given.Md5Hash,
    ...(readSignedUrl && { signedUrl: readSignedUrl(given.SignedUrl, given.SignedUrlExpiresAt) }),
  }),
  sameWork: { ...repeatedRevision, assetName: repeated, md5Hash: optional },
});
