/** Whether the service could take a request at all, asked before it is sent: the SDK checks none of it. */

import { z } from 'zod';
import { charactersIn, fits, inputSize, rangeOf, sizes } from '../../model/job-input-sizes.ts';
import type { DataExchangeJobRequest } from '../../model/job-request.ts';
import {
  anyText,
  apiDescription,
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
  pagingToken,
  requiredText,
  roleArn,
} from './constraints.ts';
import { invalidInput } from './errors.ts';
import { type RequestBranch, typesByBranch } from './request-details.ts';

const revision = { dataSetId: awsId, revisionId: awsId };

const encryption = z
  .object({ type: oneOf('AES256', 'AWS_KMS'), kmsKeyArn: z.union([z.literal(''), kmsKeyArn]).nullish() })
  .refine(({ type, kmsKeyArn }) => type !== 'AWS_KMS' || Boolean(kmsKeyArn), {
    path: ['kmsKeyArn'],
    error: 'expected the ARN of a KMS key, which AWS_KMS needs, received nothing',
  })
  .nullish();

function tagPolicy(...permissions: readonly [string, ...string[]]) {
  return z
    .object({
      expression: listOf(z.object({ key: requiredText, values: listOf(anyText, sizes.tagValues) }), sizes.tags),
      permissions: listOf(oneOf(...permissions), sizes.tagPermissions),
    })
    .refine(({ expression }) => fits(expression.flatMap(({ values }) => values).length, sizes.tagValues), {
      path: ['expression'],
      error: `expected ${rangeOf(sizes.tagValues)} values of all tags together, received more`,
    })
    .nullish();
}

/** By the API's model, its reference and its User Guide ("Quotas", "Key patterns"); beyond them only what S3 never has. */
const branches: Readonly<Record<RequestBranch, z.ZodType>> = {
  createS3DataAccessFromS3Bucket: z.object({
    ...revision,
    bucket,
    keyPrefixes: listOf(keyPrefix, sizes.objectKeys).nullish(),
    keys: listOf(objectKey, sizes.objectKeys).nullish(),
    kmsKeyArns: listOf(kmsKeyArn, sizes.kmsKeys).nullish(),
  }),
  exportAssetToSignedUrl: z.object({ ...revision, assetId: awsId }),
  exportAssetsToS3: z.object({
    ...revision,
    destinations: listOf(z.object({ assetId: awsId, bucket, key: objectKey.nullish() }), sizes.destinations),
    encryption,
  }),
  exportRevisionsToS3: z.object({
    dataSetId: awsId,
    destinations: listOf(z.object({ revisionId: awsId, bucket, keyPattern: keyPattern.nullish() }), sizes.revisions),
    encryption,
  }),
  importAssetFromApiGatewayApi: z.object({
    ...revision,
    apiId: requiredText,
    apiName: requiredText,
    apiDescription: apiDescription.nullish(),
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
  importAssetsFromRedshiftDataShares: z.object({ ...revision, dataShareArns: listOf(requiredText, sizes.dataShares) }),
  importAssetsFromS3: z.object({
    ...revision,
    sources: listOf(z.object({ bucket, key: objectKey }), sizes.sources),
  }),
};

const listRequest = z.object({
  limit: z.number().refine((limit) => Number.isInteger(limit) && fits(limit, sizes.page), {
    error: `expected a whole number from ${rangeOf(sizes.page)}`,
  }),
  nextToken: pagingToken.optional(),
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
  const characters = charactersIn(request[branch]);
  if (!fits(characters, inputSize))
    throw invalidInput([branch], `expected ${rangeOf(inputSize)} in all, received ${characters}`);
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
