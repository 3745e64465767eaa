/** Reads jobs from answers of the service. Refuses what does not fit the API's description. */

import { z } from 'zod';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';
import type { BackendError } from '../../model/errors.ts';
import type { JobState } from '../../model/job-state.ts';
import type { DataExchangeJobPage } from '../backend.ts';
import { readEntries } from '../list-entries.ts';
import { dataExchangePageSize } from '../list-reach.ts';
import { readPartly } from '../partial-read.ts';
import { badResponse } from './errors.ts';
import { jobError } from './job-error.ts';
import { isKnownJobType, jobTypesByName } from './job-types/index.ts';
import { parseJson } from './reply-body.ts';
import type { SignedUrlReader } from './signed-url.ts';
import { instant, text } from './wire-shapes.ts';

/** The service's states (its API reference, "State"). */
const statesByCode: ReadonlyMap<string, JobState> = new Map([
  ['WAITING', 'WAITING'],
  ['IN_PROGRESS', 'IN_PROGRESS'],
  ['COMPLETED', 'COMPLETED'],
  ['ERROR', 'FAILED'],
  ['CANCELLED', 'CANCELLED'],
  ['TIMED_OUT', 'TIMED_OUT'],
]);

/** A value of an enumeration, known or not. Callers see it, so it must be a plain word. */
const word = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/);

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

const jobPage = z.object({ Jobs: z.array(z.unknown()), NextToken: z.unknown().optional() });

/** The longest token that fits into a cursor of the gateway. */
const pageToken = z.string().max(8_192).nullish();

/**
 * The job in an answer of CreateJob or GetJob. Throws `BackendError` UPSTREAM_BAD_RESPONSE, also for a job other than
 * `awsJobId`: such an answer belongs to another call.
 */
export function jobFromAnswer(body: Uint8Array, readSignedUrl: SignedUrlReader, awsJobId?: string): DataExchangeJob {
  const job = checked(() => jobFrom(parseJson(body), readSignedUrl));
  if (awsJobId !== undefined && job.awsJobId !== awsJobId) throw badResponse('it is about another job');
  return job;
}

/**
 * The page in an answer of ListJobs. Throws as `jobFromAnswer` does. Its `unreadable` has single entries, the entries
 * beyond the maximum of a page, and the pages behind a token that cannot be sent.
 */
export function jobPageFromAnswer(body: Uint8Array): DataExchangeJobPage {
  const { Jobs, NextToken } = checked(() => jobPage.parse(parseJson(body)));
  const token = pageToken.safeParse(NextToken);
  const rest = unreadableRest(Jobs.length, token.success);
  const read = { job: (entry: unknown) => checked(() => jobFrom(entry, null)) };
  return { ...readEntries(Jobs.slice(0, dataExchangePageSize), read, rest), nextToken: token.data || null };
}

function unreadableRest(entries: number, isTokenReadable: boolean): BackendError | undefined {
  if (entries > dataExchangePageSize)
    return badResponse(`its page has ${entries} jobs, more than the ${dataExchangePageSize} that one may have`);
  return isTokenReadable ? undefined : badResponse('its member NextToken is not what the API describes');
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

/** The message names the member at fault by its path and does not show its value, which may be anything. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const path = error.issues[0]?.path.join('.');
    throw badResponse(path ? `its member ${path} is not what the API describes` : 'it is not a JSON object');
  }
}
