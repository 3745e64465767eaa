/** What a request asks for and what a reply shows, side by side: by the members that each type of job declares. */
import type { DataExchangeJobDetails } from '../../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../../model/data-exchange-request.ts';
import { jobTypes, jobTypesByName } from './job-types/index.ts';
import type { RequestBranch } from './job-types/job-type.ts';
import type { Members } from './job-types/work-members.ts';

/** What a job does: by a request, or as far as a reply shows it. */
export interface Work {
  readonly branch: RequestBranch;
  readonly members: Members;
  /** By the names of `members`. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Undefined where nothing is asked for. */
export function workAsked(request: DataExchangeJobRequest): Work | undefined {
  for (const { branch, sameWork } of jobTypes) {
    const values = request[branch];
    if (values !== null && values !== undefined) return { branch, members: sameWork, values: { ...values } };
  }
  return undefined;
}

export function workShown(details: DataExchangeJobDetails): Work {
  const { branch, sameWork, valuesIn } = jobTypesByName[details.type];
  return { branch, members: sameWork, values: valuesIn(details) };
}
