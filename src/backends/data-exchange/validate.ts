/** Checks requests before they are sent, since the SDK checks nothing. */
import type { DataExchangeJobRequest } from '../../model/data-exchange-request.ts';
import type { BackendError } from '../../model/errors.ts';
import { faultsAt, type InputFault, parametersFrom } from '../../model/input-fault.ts';
import { fits, rangeOf, sizes } from '../../model/job-input-sizes.ts';
import type { ListDataExchangeJobs } from '../backend.ts';
import { faultsIn } from '../input/checks.ts';
import { faultsInWhole } from '../input/whole-size.ts';
import { isAwsId } from './constraints.ts';
import { dataExchangeError, invalidInput } from './errors.ts';
import { jobTypes } from './job-types/index.ts';
import type { JobType } from './job-types/job-type.ts';

/** The type of the one branch that is set. Throws `BackendError` INVALID_INPUT with all faults. */
export function checkedJobType(request: DataExchangeJobRequest): JobType {
  const faults = faultsInRequest(request);
  const [jobType] = jobTypesIn(request);
  if (faults.length > 0 || jobType === undefined) throw invalidRequest(faults);
  return jobType;
}

/** All faults of `request` that can be seen before it is sent. */
export function faultsInRequest(request: DataExchangeJobRequest): readonly InputFault[] {
  const [jobType, ...others] = jobTypesIn(request);
  if (jobType === undefined || others.length > 0) return [notOneKind(jobType === undefined ? 0 : others.length + 1)];
  const { branch, check } = jobType;
  const faults = faultsIn(check, request[branch]);
  return faultsAt([branch], faults.length > 0 ? faults : faultsInWhole(request[branch]));
}

function notOneKind(received: number): InputFault {
  return {
    field: [],
    code: received === 0 ? 'REQUIRED' : 'MUTUALLY_EXCLUSIVE',
    parameters: parametersFrom({ min: 1, max: 1, received }),
    message: `The details must be of exactly one kind of job; ${received} were given.`,
  };
}

function invalidRequest(faults: readonly InputFault[]): BackendError {
  const [{ message, field } = notOneKind(0)] = faults;
  return dataExchangeError({ code: 'INVALID_INPUT', message, field, faults });
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
