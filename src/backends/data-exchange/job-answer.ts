/** Reads jobs from answers of the service. Refuses what does not fit the API's description. */

import { z } from 'zod';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';
import type { JobState } from '../../model/job-state.ts';
import type { DataExchangeJobPage } from '../backend.ts';
import { readPartly } from '../partial-read.ts';
import { badResponse } from './errors.ts';
import { jobError } from './job-error.ts';
import { isKnownJobType, jobTypesByName } from './job-types/index.ts';
import { checked, pageFromAnswer } from './page-answer.ts';
import { parseJson } from './reply-body.ts';
import type { SignedUrlReader } from './signed-url.ts';
import { instant, text, word } from './wire-shapes.ts';

/** The service's states (its API reference, "State"). */
const statesByCode: ReadonlyMap<string, JobState> = new Map([
  ['WAITING', 'WAITING'],
  ['IN_PROGRESS', 'IN_PROGRESS'],
  ['COMPLETED', 'COMPLETED'],
  ['ERROR', 'FAILED'],
  ['CANCELLED', 'CANCELLED'],
  ['TIMED_OUT', 'TIMED_OUT'],
]);

/**
 * An answer is a job if it has an id, a type, a state and dates. All else may be missing, as in the User Guide's own
 * samples. Unreadable members count as missing.
 */
const jobEntry = z.object({
  Arn: text,
  CreatedAt: instant,
  Details: z.unknown().optional(),
  Errors: z
    .array(jobError)
    .nullish()
    .transform((errors) => errors ?? []),
  // The length that the gateway's own ids and cursors can hold.
  Id: z.string().regex(/^[a-zA-Z0-9]{1,64}$/),
  State: word,
  Type: word,
  UpdatedAt: instant,
});

/**
 * The job in an answer of CreateJob or GetJob. Throws `BackendError` UPSTREAM_BAD_RESPONSE, also for a job other than
 * `awsJobId`: such an answer belongs to another call.
 */
export function jobFromAnswer(body: Uint8Array, readSignedUrl: SignedUrlReader, awsJobId?: string): DataExchangeJob {
  const job = checked(() => jobFrom(parseJson(body), readSignedUrl));
  if (awsJobId !== undefined && job.awsJobId !== awsJobId) throw badResponse('it is about another job');
  return job;
}

/** The page in an answer of ListJobs. Throws as `jobFromAnswer` does. */
export function jobPageFromAnswer(body: Uint8Array): DataExchangeJobPage {
  const { entries: jobs, ...rest } = pageFromAnswer(body, 'Jobs', (entry) => jobFrom(entry, null));
  return { jobs, ...rest };
}

function jobFrom(body: unknown, readSignedUrl: SignedUrlReader | null): DataExchangeJob {
  const { value: entry, emptied } = readPartly(jobEntry, body);
  const type = isKnownJobType(entry.Type) ? entry.Type : null;
  const details = type && jobTypesByName[type].readDetails(entry.Details, { awsJobId: entry.Id, readSignedUrl });
  const unreadable = [...emptied, ...(details?.emptied ?? [])];
  return {
    service: 'DATA_EXCHANGE',
    awsJobId: entry.Id,
    arn: entry.Arn,
    type: type ?? 'UNKNOWN',
    typeCode: entry.Type,
    state: statesByCode.get(entry.State) ?? 'UNKNOWN',
    stateCode: entry.State,
    createdAt: entry.CreatedAt,
    updatedAt: entry.UpdatedAt,
    details: details?.value ?? null,
    errors: entry.Errors,
    ...(unreadable.length > 0 && { unreadable }),
  };
}
