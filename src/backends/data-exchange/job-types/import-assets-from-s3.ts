/** IMPORT_ASSETS_FROM_S3: objects are copied from S3 into a revision. */
import { z } from 'zod';
import { sizes } from '../../../model/job-input-sizes.ts';
import { list, object } from '../../input/checks.ts';
import { bucket } from '../../input/text-checks.ts';
import { objectKey } from '../constraints.ts';
import { orNull, revision, s3Object } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision } from './request-parts.ts';
import { repeated, repeatedRevision } from './work-members.ts';

export const importAssetsFromS3 = jobType({
  branch: 'importAssetsFromS3',
  type: 'IMPORT_ASSETS_FROM_S3',
  member: 'ImportAssetsFromS3',
  check: object({ ...checkedRevision, sources: list(object({ bucket, key: objectKey }), sizes.sources) }),
  awsDetailsFrom: ({ dataSetId, revisionId, sources }) => ({
    ImportAssetsFromS3: {
      AssetSources: sources.map(({ bucket, key }) => ({ Bucket: bucket, Key: key })),
      DataSetId: dataSetId,
      RevisionId: revisionId,
    },
  }),
  shape: { ...revision, AssetSources: orNull(z.array(s3Object.nullable())) },
  detailsFrom: (members, { awsJobId }) => ({
    type: 'IMPORT_ASSETS_FROM_S3',
    awsJobId,
    dataSetId: members.DataSetId,
    revisionId: members.RevisionId,
    sources: members.AssetSources,
  }),
  sameWork: { ...repeatedRevision, sources: repeated },
});
