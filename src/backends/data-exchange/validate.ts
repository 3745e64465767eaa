/** Checks requests before they are sent, since the SDK checks nothing. */
import type { DataExchangeJobRequest } from '../../model/data-exchange-request.ts';
import { faultsAt, type InputFault } from '../../model/input-fault.ts';
import { fits, rangeOf, sizes } from '../../model/job-input-sizes.ts';
import type { ListDataExchangeJobs } from '../backend.ts';
import { faultsIn } from '../input/checks.ts';
import { notOneKind } from '../input/one-kind.ts';
import { faultsInWhole } from '../input/whole-size.ts';
import { isAwsId } from './constraints.ts';
import { assertFaultless, invalidInput } from './errors.ts';
import { jobTypes } from './job-types/index.ts';
import type { JobType } from './job-types/job-type.ts';

/** The type of the one branch that is set. Throws `BackendError` INVALID_INPUT with all faults. */
export function checkedJobType(request: DataExchangeJobRequest): JobType {
  assertFaultless(faultsInRequest(request));
  const [jobType] = jobTypesIn(request);
  if (jobType === undefined) throw new TypeError('expected a request without faults to have a branch');
  return jobType;
}

/** All faults of `request` that can be seen before it is sent. */
export function faultsInRequest(request: DataExchangeJobRequest): readonly InputFault[] {
  const requested = jobTypesIn(request);
  const [jobType] = requested;
  if (jobType === undefined || requested.length > 1)
    return [notOneKind(requested.length, 'The details must be of exactly one kind of job')];
  const { branch, check } = jobType;
  const faults = faultsIn(check, request[branch]);
  return faultsAt([branch], faults.length > 0 ? faults : faultsInWhole(request[branch]));
}

/** Throws `BackendError` INVALID_INPUT for a page size, token, data set or revision that the service would refuse. */
export function checkListRequest({ limit, nextToken, dataSetId, revisionId }: ListDataExchangeJobs): void {
  if (!Number.isInteger(limit) || !fits(limit, sizes.page))
    throw invalidInput(['limit'], `expected a whole number from ${rangeOf(sizes.page)}`);
  // The service's own token, of any length.
  if (nextToken === '') throw invalidInput(['nextToken'], 'expected at least 1 character, received none');
  if (dataSetId !== undefined && !isAwsId(dataSetId))
    throw invalidInput(['dataSetId'], 'expected the id of a data set');
  if (revisionId !== undefined && !isAwsId(revisionId))
    throw invalidInput(['revisionId'], 'expected the id of a revision');
}

function jobTypesIn(request: DataExchangeJobRequest): readonly JobType[] {
  return jobTypes.filter(({ branch }) => request[branch] !== undefined && request[branch] !== null);
}
