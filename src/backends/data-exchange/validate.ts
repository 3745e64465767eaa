/** Whether the service could take a request at all, asked before it is sent: the SDK checks none of it. */
import { z } from 'zod';
import type { DataExchangeJobRequest } from '../../model/job-request.ts';
import {
  anyText,
  assetName,
  awsId,
  bucket,
  catalogId,
  keyPattern,
  keyPrefix,
  kmsKeyArn,
  listOf,
  md5Hash,
  objectKey,
  oneOf,
  requiredText,
  roleArn,
} from './constraints.ts';
import { invalidInput } from './errors.ts';
import { type RequestBranch, typesByBranch } from './request-details.ts';

const revision = { dataSetId: awsId, revisionId: awsId };

const encryption = z
  .object({ type: oneOf('AES256', 'AWS_KMS'), kmsKeyArn: anyText.nullish() })
  .refine(({ type, kmsKeyArn }) => type !== 'AWS_KMS' || Boolean(kmsKeyArn), {
    path: ['kmsKeyArn'],
    error: 'expected the ARN of a KMS key, which AWS_KMS needs, received nothing',
  })
  .nullish();

function tagPolicy(...permissions: readonly [string, ...string[]]) {
  return z
    .object({
      expression: listOf(z.object({ key: requiredText, values: listOf(anyText, 1) }), 1),
      permissions: listOf(oneOf(...permissions), 1),
    })
    .nullish();
}

/** By the API's model, its reference and its User Guide ("Quotas", "Key patterns"); beyond them only what S3 never has. */
const branches: Readonly<Record<RequestBranch, z.ZodType>> = {
  createS3DataAccessFromS3Bucket: z.object({
    ...revision,
    bucket,
    keyPrefixes: listOf(keyPrefix, 0).nullish(),
    keys: listOf(objectKey, 0).nullish(),
    kmsKeyArns: listOf(kmsKeyArn, 1, 10).nullish(),
  }),
  exportAssetToSignedUrl: z.object({ ...revision, assetId: awsId }),
  exportAssetsToS3: z.object({
    ...revision,
    destinations: listOf(z.object({ assetId: awsId, bucket, key: objectKey.nullish() }), 1, 100),
    encryption,
  }),
  exportRevisionsToS3: z.object({
    dataSetId: awsId,
    destinations: listOf(z.object({ revisionId: awsId, bucket, keyPattern: keyPattern.nullish() }), 1, 1),
    encryption,
  }),
  importAssetFromApiGatewayApi: z.object({
    ...revision,
    apiId: requiredText,
    apiName: requiredText,
    apiDescription: anyText.nullish(),
    apiKey: anyText.nullish(),
    specificationMd5Hash: md5Hash,
    stage: requiredText,
  }),
  importAssetFromSignedUrl: z.object({ ...revision, assetName, md5Hash }),
  importAssetsFromLakeFormationTagPolicy: z.object({
    ...revision,
    catalogId,
    roleArn,
    database: tagPolicy('DESCRIBE'),
    table: tagPolicy('DESCRIBE', 'SELECT'),
  }),
  importAssetsFromRedshiftDataShares: z.object({ ...revision, dataShareArns: listOf(requiredText, 1) }),
  importAssetsFromS3: z.object({
    ...revision,
    sources: listOf(z.object({ bucket, key: objectKey }), 1, 100),
  }),
};

const listRequest = z.object({
  limit: z.number().refine((limit) => Number.isInteger(limit) && limit >= 1 && limit <= 200, {
    error: 'expected a whole number from 1 to 200',
  }),
  nextToken: requiredText.optional(),
  dataSetId: awsId.optional(),
});

/** The one branch that is set. Throws `BackendError` INVALID_INPUT, its field the member at fault. */
export function checkedBranch(request: DataExchangeJobRequest): RequestBranch {
  const [branch, ...others] = branchesSetIn(request);
  if (branch === undefined || others.length > 0) {
    const count = branch === undefined ? 0 : others.length + 1;
    throw invalidInput([], `expected exactly one kind of job, received ${count}`);
  }
  check(branches[branch], request[branch], [branch]);
  return branch;
}

/** Throws `BackendError` INVALID_INPUT for a page size, token or data set id that the service has no answer to. */
export function checkListRequest(request: unknown): void {
  check(listRequest, request, []);
}

/** Whether there can be a job of this id. */
export function isJobId(awsJobId: string): boolean {
  return awsId.safeParse(awsJobId).success;
}

function branchesSetIn(request: DataExchangeJobRequest): readonly RequestBranch[] {
  const all = Object.keys(typesByBranch) as RequestBranch[];
  return all.filter((branch) => request[branch] !== undefined && request[branch] !== null);
}

function check(schema: z.ZodType, value: unknown, at: readonly string[]): void {
  const fault = schema.safeParse(value).error?.issues[0];
  if (fault) throw invalidInput([...at, ...fault.path.map(String)], fault.message);
}
