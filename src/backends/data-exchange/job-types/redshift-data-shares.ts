/** IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: datashares of Redshift become assets. */
import { z } from 'zod';
import { sizes } from '../../../model/job-input-sizes.ts';
import { list, object } from '../../input/checks.ts';
import { requiredText } from '../constraints.ts';
import { orNull, revision, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision } from './request-parts.ts';
import { repeated, repeatedRevision } from './work-members.ts';

export const redshiftDataShares = jobType({
  branch: 'importAssetsFromRedshiftDataShares',
  type: 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES',
  member: 'ImportAssetsFromRedshiftDataShares',
  check: object({ ...checkedRevision, dataShareArns: list(requiredText, sizes.dataShares) }),
  awsDetailsFrom: ({ dataSetId, dataShareArns, revisionId }) => ({
    ImportAssetsFromRedshiftDataShares: {
      AssetSources: dataShareArns.map((arn) => ({ DataShareArn: arn })),
      DataSetId: dataSetId,
      RevisionId: revisionId,
    },
  }),
  shape: { ...revision, AssetSources: orNull(z.array(z.object({ DataShareArn: text }).nullable())) },
  detailsFrom: (members, { awsJobId }) => ({
    type: 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES',
    awsJobId,
    dataSetId: members.DataSetId,
    revisionId: members.RevisionId,
    dataShareArns: members.AssetSources?.map((source) => source?.DataShareArn ?? null) ?? null,
  }),
  sameWork: { ...repeatedRevision, dataShareArns: repeated },
});
