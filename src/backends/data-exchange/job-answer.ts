/** An answer of the service as jobs of ours. What does not fit its API's description is refused, not guessed at. */

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

/**
 * What makes an answer a job: its id, type, state and dates. All else may be missing, as in the User Guide's own samples, and what
 * cannot be read counts as missing.
 */
const jobEntry = z.object({
  Arn: text,
  CreatedAt: instant,
  Details: z.unknown().optional(),
  Errors: z
    .array(jobError)
    .nullish()
    .transform((errors) => errors ?? []),
  // No longer than ids and cursors of ours hold.
  Id: z.string().regex(/^[a-zA-Z0-9]{1,64}$/),
  State: word,
  Type: word,
  UpdatedAt: instant,
});

const jobPage = z.object({ Jobs: z.array(z.unknown()), NextToken: z.unknown().optional() });

/** As long as a token in a cursor of ours may be. */
const pageToken = z.string().max(8_192).nullish();

/**
 * The job in the body of an answer of CreateJob or GetJob. Throws `BackendError` UPSTREAM_BAD_RESPONSE, also where it is
 * another one than `awsJobId`: such an answer belongs to somebody else's call.
 */
export function jobFromAnswer(body: Uint8Array, readSignedUrl: SignedUrlReader, awsJobId?: string): DataExchangeJob {
  const job = checked(() => jobFrom(parseJson(body), readSignedUrl));
  if (awsJobId !== undefined && job.awsJobId !== awsJobId) throw badResponse('it is about another job');
  return job;
}

/**
 * The body of an answer of ListJobs. Throws as `jobFromAnswer` does. An entry that cannot be read empties its own place only, and
 * so does what stands behind the entries that a page may have, or behind a token that nobody can send.
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

/** What a schema finds wrong is told by the path of the member only: its value may be anything. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const path = error.issues[0]?.path.join('.');
    throw badResponse(path ? `its member ${path} is not what the API describes` : 'it is not a JSON object');
  }
}
