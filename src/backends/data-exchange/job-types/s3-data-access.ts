/** CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: subscribers read a bucket, or a part of it, where it lies. */
import { z } from 'zod';
import { sizes } from '../../../model/job-input-sizes.ts';
import { bucket, keyPrefix, kmsKeyArn, listOf, objectKey } from '../constraints.ts';
import { orNull, revision, s3DataAccessSource } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision, mutable } from './request-parts.ts';
import { optional, repeated, repeatedRevision } from './work-members.ts';

export const s3DataAccess = jobType({
  branch: 'createS3DataAccessFromS3Bucket',
  type: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
  member: 'CreateS3DataAccessFromS3Bucket',
  check: z.object({
    ...checkedRevision,
    bucket,
    keyPrefixes: listOf(keyPrefix, sizes.objectKeys).nullish(),
    keys: listOf(objectKey, sizes.objectKeys).nullish(),
    kmsKeyArns: listOf(kmsKeyArn, sizes.kmsKeys).nullish(),
  }),
  detailsFor: ({ dataSetId, revisionId, bucket, keyPrefixes, keys, kmsKeyArns }) => ({
    CreateS3DataAccessFromS3Bucket: {
      AssetSource: {
        Bucket: bucket,
        KeyPrefixes: mutable(keyPrefixes),
        Keys: mutable(keys),
        KmsKeysToGrant: kmsKeyArns?.map((arn) => ({ KmsKeyArn: arn })),
      },
      DataSetId: dataSetId,
      RevisionId: revisionId,
    },
  }),
  shape: { ...revision, AssetSource: orNull(s3DataAccessSource) },
  detailsFrom: (given, { awsJobId }) => ({
    type: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
    awsJobId,
    dataSetId: given.DataSetId,
    revisionId: given.RevisionId,
    source: given.AssetSource,
  }),
  sameWork: { ...repeatedRevision, bucket: repeated, keyPrefixes: optional, keys: optional, kmsKeyArns: optional },
  valuesIn: (details) => ({ ...details, ...details.source }),
});
