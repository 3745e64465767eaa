/** IMPORT_ASSET_FROM_SIGNED_URL: one file that is uploaded to an address that the job gives. */
import { sizes } from '../../../model/job-input-sizes.ts';
import { object } from '../../input/checks.ts';
import { noControlCharacters, text as textOf } from '../../input/text-checks.ts';
import { md5Hash } from '../constraints.ts';
import { instant, revision, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision } from './request-parts.ts';
import { optional, repeated, repeatedRevision } from './work-members.ts';

const assetName = textOf({ size: sizes.assetName, characters: [noControlCharacters] });

export const importAssetFromSignedUrl = jobType({
  branch: 'importAssetFromSignedUrl',
  type: 'IMPORT_ASSET_FROM_SIGNED_URL',
  member: 'ImportAssetFromSignedUrl',
  check: object({ ...checkedRevision, assetName, md5Hash }),
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
