/** EXPORT_ASSET_TO_SIGNED_URL: one asset, to be downloaded from an address that the job gives. */
import { object } from '../../input/checks.ts';
import { awsId } from '../constraints.ts';
import { instant, revision, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision } from './request-parts.ts';
import { repeated, repeatedRevision } from './work-members.ts';

export const exportAssetToSignedUrl = jobType({
  branch: 'exportAssetToSignedUrl',
  type: 'EXPORT_ASSET_TO_SIGNED_URL',
  member: 'ExportAssetToSignedUrl',
  check: object({ ...checkedRevision, assetId: awsId }),
  awsDetailsFrom: ({ assetId, dataSetId, revisionId }) => ({
    ExportAssetToSignedUrl: { AssetId: assetId, DataSetId: dataSetId, RevisionId: revisionId },
  }),
  shape: { ...revision, AssetId: text, SignedUrl: text, SignedUrlExpiresAt: instant.nullish() },
  detailsFrom: (members, { awsJobId, readSignedUrl }) => ({
    type: 'EXPORT_ASSET_TO_SIGNED_URL',
    awsJobId,
    dataSetId: members.DataSetId,
    revisionId: members.RevisionId,
    assetId: members.AssetId,
    ...(readSignedUrl && { signedUrl: readSignedUrl(members.SignedUrl, members.SignedUrlExpiresAt) }),
  }),
  sameWork: { ...repeatedRevision, assetId: repeated },
  fieldOf: ({ type }) => (type === 'ASSET' ? ['assetId'] : undefined),
});
