/** CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: subscribers read a bucket, or a part of it, in place. */
import { z } from 'zod';
import type { S3DataAccessSource } from '../../../model/data-exchange-job-types/s3-data-access.ts';
import { rangeOf, sizes } from '../../../model/job-input-sizes.ts';
import { list, maybe, object } from '../../input/checks.ts';
import { bucket, text } from '../../input/text-checks.ts';
import { indivisible } from '../../partial-read.ts';
import { kmsKeyArn, objectKey } from '../constraints.ts';
import { orNull, revision } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision, mutable } from './request-parts.ts';
import { optional, repeated, repeatedRevision } from './work-members.ts';

const keyPrefixSize = { ...sizes.objectKey, min: 0 };

const keyPrefix = text({ size: keyPrefixSize, must: `be an S3 key prefix of ${rangeOf(keyPrefixSize)}` });

/** Without prefixes and keys it is the whole bucket. */
const s3DataAccessSource = indivisible(
  z
    .object({
      Bucket: z.string(),
      KeyPrefixes: z.array(z.string()).nullish(),
      Keys: z.array(z.string()).nullish(),
      KmsKeysToGrant: z.array(z.object({ KmsKeyArn: z.string() })).nullish(),
    })
    .transform(
      ({ Bucket, KeyPrefixes, Keys, KmsKeysToGrant }): S3DataAccessSource => ({
        bucket: Bucket,
        keyPrefixes: KeyPrefixes ?? [],
        keys: Keys ?? [],
        kmsKeyArns: KmsKeysToGrant?.map(({ KmsKeyArn }) => KmsKeyArn) ?? [],
      }),
    ),
);

export const s3DataAccess = jobType({
  branch: 'createS3DataAccessFromS3Bucket',
  type: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
  member: 'CreateS3DataAccessFromS3Bucket',
  check: object({
    ...checkedRevision,
    bucket,
    keyPrefixes: maybe(list(keyPrefix, sizes.objectKeys)),
    keys: maybe(list(objectKey, sizes.objectKeys)),
    kmsKeyArns: maybe(list(kmsKeyArn, sizes.kmsKeys)),
  }),
  awsDetailsFrom: ({ dataSetId, revisionId, bucket, keyPrefixes, keys, kmsKeyArns }) => ({
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
  detailsFrom: (members, { awsJobId }) => ({
    type: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET',
    awsJobId,
    dataSetId: members.DataSetId,
    revisionId: members.RevisionId,
    source: members.AssetSource,
  }),
  sameWork: { ...repeatedRevision, bucket: repeated, keyPrefixes: optional, keys: optional, kmsKeyArns: optional },
  valuesIn: (details) => ({ ...details, ...details.source }),
});
