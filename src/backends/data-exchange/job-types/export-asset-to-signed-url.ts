/** EXPORT_ASSET_TO_SIGNED_URL: one asset, to be downloaded from an address that the job gives. */
import { z } from 'zod';
import { awsId } from '../constraints.ts';
import { instant, revision, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision } from './request-parts.ts';
import { repeated, repeatedRevision } from './work-members.ts';

export const exportAssetToSignedUrl = jobType({
  branch: 'exportAssetToSignedUrl',
  type: 'EXPORT_ASSET_TO_SIGNED_URL',
  member: 'ExportAssetToSignedUrl',
  check: z.object({ ...checkedRevision, assetId: awsId }),
  detailsFor: ({ assetId, dataSetId, revisionId }) => ({
    ExportAssetToSignedUrl: { AssetId: assetId, DataSetId: dataSetId, RevisionId: revisionId },
  }),
  shape: { ...revision, AssetId: text, SignedUrl: text, SignedUrlExpiresAt: instant.nullish() },
  detailsFrom: (given, { awsJobId, readSignedUrl }) => ({
    type: 'EXPORT_ASSET_TO_SIGNED_URL',
    awsJobId,
    dataSetId: given.DataSetId,
    revisionId: given.RevisionId,
    assetId: given.AssetId,
    ...(readSignedUrl && { signedUrl: readSignedUrl(given.SignedUrl, given.SignedUrlExpiresAt) }),
  }),
  sameWork: { ...repeatedRevision, assetId: repeated },
});
