/** Converts requests and replies into one form to compare them in, by the members that each job type declares. */
import type { DataExchangeJobDetails } from '../../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../../model/data-exchange-request.ts';
import { jobTypes, jobTypesByName } from './job-types/index.ts';
import type { RequestBranch } from './job-types/job-type.ts';
import type { Members } from './job-types/work-members.ts';

/** What a job does: as a request says it, or as far as a reply shows it. */
export interface Work {
  readonly branch: RequestBranch;
  readonly members: Members;
  /** By the names of `members`. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Undefined for an empty request. */
export function requestedWork(request: DataExchangeJobRequest): Work | undefined {
  for (const { branch, sameWork } of jobTypes) {
    const values = request[branch];
    if (values !== null && values !== undefined) return { branch, members: sameWork, values: { ...values } };
  }
  return undefined;
}

export function shownWork(details: DataExchangeJobDetails): Work {
  const { branch, sameWork, valuesIn } = jobTypesByName[details.type];
  return { branch, members: sameWork, values: valuesIn(details) };
}
