/** An answer of the service as jobs of ours. What does not fit its API's description is refused, not guessed at. */
import { z } from 'zod';
import { BackendError } from '../../model/errors.ts';
import type { DataExchangeJob, JobState } from '../../model/job.ts';
import type { DataExchangeJobPage, UnreadableEntry } from '../backend.ts';
import { badResponse } from './errors.ts';
import { isKnownJobType, jobDetailsFrom } from './job-details.ts';
import { jobError } from './job-error.ts';
import { parseJson } from './reply-body.ts';
import type { SignedUrlReader } from './signed-url.ts';
import { instant, text } from './wire-shapes.ts';

/** The service's states (its API reference, "State"). It has no others, and may have one day. */
const statesByCode: ReadonlyMap<string, JobState> = new Map([
  ['WAITING', 'WAITING'],
  ['IN_PROGRESS', 'IN_PROGRESS'],
  ['COMPLETED', 'COMPLETED'],
  ['ERROR', 'FAILED'],
  ['CANCELLED', 'CANCELLED'],
  ['TIMED_OUT', 'TIMED_OUT'],
]);

/** A value of an enumeration, known or not: it is shown to callers, so it has to look like one. */
const word = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/);

/** What makes an answer a job: its id, type, state and dates. All else may be missing, as in the User Guide's own samples. */
const jobEntry = z.object({
  Arn: text,
  CreatedAt: instant,
  Details: z.unknown(),
  Errors: z
    .array(jobError)
    .nullish()
    .transform((errors) => errors ?? []),
  Id: z.string().regex(/^[a-zA-Z0-9]{1,100}$/),
  State: word,
  Type: word,
  UpdatedAt: instant,
});

const jobPage = z.object({ Jobs: z.array(z.unknown()), NextToken: z.string().nullish() });

/**
 * The job in the body of an answer of CreateJob or GetJob. Throws `BackendError` UPSTREAM_BAD_RESPONSE, also where it is
 * another one than `awsJobId`: such an answer belongs to somebody else's call.
 */
export function jobFromAnswer(body: Uint8Array, readSignedUrl: SignedUrlReader, awsJobId?: string): DataExchangeJob {
  const job = checked(() => jobFrom(parseJson(body), readSignedUrl));
  if (awsJobId !== undefined && job.awsJobId !== awsJobId) throw badResponse('it is about another job');
  return job;
}

/** The body of an answer of ListJobs. Throws as `jobFromAnswer` does; an entry that cannot be read empties its own place only. */
export function jobPageFromAnswer(body: Uint8Array): DataExchangeJobPage {
  const { Jobs, NextToken } = checked(() => jobPage.parse(parseJson(body)));
  const jobs: DataExchangeJob[] = [];
  const unreadable: UnreadableEntry[] = [];
  for (const entry of Jobs) {
    try {
      jobs.push(checked(() => jobFrom(entry, null)));
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      unreadable.push({ before: jobs.length, error });
    }
  }
  return { jobs, ...(unreadable.length > 0 && { unreadable }), nextToken: NextToken || null };
}

function jobFrom(body: unknown, readSignedUrl: SignedUrlReader | null): DataExchangeJob {
  const entry = jobEntry.parse(body);
  const type = isKnownJobType(entry.Type) ? entry.Type : null;
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
    details: type && jobDetailsFrom(type, entry.Details, { awsJobId: entry.Id, readSignedUrl }),
    errors: entry.Errors,
  };
}

/** What a schema finds wrong is told by the path of the member alone: its value may be anything. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const path = error.issues[0]?.path.join('.');
    throw badResponse(path ? `its member ${path} is not what the API describes` : 'it is not a JSON object');
  }
}
