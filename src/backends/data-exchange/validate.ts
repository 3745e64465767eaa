/** Checks requests before they are sent, since the SDK checks nothing. */

import { z } from 'zod';
import type { DataExchangeJobRequest } from '../../model/data-exchange-request.ts';
import { charactersIn, fits, inputSize, rangeOf, sizes } from '../../model/job-input-sizes.ts';
import { awsId, pagingToken } from './constraints.ts';
import { invalidInput } from './errors.ts';
import { jobTypes } from './job-types/index.ts';
import type { JobType } from './job-types/job-type.ts';

const listRequest = z.object({
  limit: z.number().refine((limit) => Number.isInteger(limit) && fits(limit, sizes.page), {
    error: `expected a whole number from ${rangeOf(sizes.page)}`,
  }),
  nextToken: pagingToken.optional(),
  dataSetId: awsId.optional(),
});

/** The type of the one branch that is set. Throws `BackendError` INVALID_INPUT with the `field` at fault. */
export function checkedJobType(request: DataExchangeJobRequest): JobType {
  const [jobType, ...others] = jobTypesIn(request);
  if (jobType === undefined || others.length > 0) {
    const count = jobType === undefined ? 0 : others.length + 1;
    throw invalidInput([], `expected exactly one kind of job, received ${count}`);
  }
  const { branch } = jobType;
  check(jobType.check, request[branch], [branch]);
  const characters = charactersIn(request[branch]);
  if (!fits(characters, inputSize))
    throw invalidInput([branch], `expected ${rangeOf(inputSize)} in all, received ${characters}`);
  return jobType;
}

/** Throws `BackendError` INVALID_INPUT for a page size, token or data set id that the service would refuse. */
export function checkListRequest(request: unknown): void {
  check(listRequest, request, []);
}

/** Whether a job may have this id. */
export function isJobId(awsJobId: string): boolean {
  return awsId.safeParse(awsJobId).success;
}

function jobTypesIn(request: DataExchangeJobRequest): readonly JobType[] {
  return jobTypes.filter(({ branch }) => request[branch] !== undefined && request[branch] !== null);
}

function check(schema: z.ZodType, value: unknown, at: readonly string[]): void {
  const fault = schema.safeParse(value).error?.issues[0];
  if (fault) throw invalidInput([...at, ...fault.path.map(String)], fault.message);
}
