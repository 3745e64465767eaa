/** Positions in the merged list of jobs, and the opaque cursors that hold them. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Maybe } from '../job-request.ts';
import { maxGivenLength } from './given-jobs.ts';
import type { JobFilter } from './job-filter.ts';

/** Milliseconds since the epoch. */
const instant = z.int();

const awsJobId = z.string().min(1).max(64);

/** How many entries that could not be read were given out after the last job. */
const unreadable = z.int().min(1).max(10_000).optional();

/** `GivenJobs` as text. */
const given = z.string().max(maxGivenLength).optional();

// A newer gateway may have signed a cursor with members that this version does not know.
const importExportPosition = z.object({
  /** The last job given out: the service's `Marker`. */
  lastId: awsJobId.optional(),
  unreadable,
  given,
  /** Before the first one: jobs created after this have appeared since, and belong to earlier pages. */
  notAfter: instant.optional(),
});

const dataExchangePosition = z.object({
  /** What the page was fetched by; absent for the first one. */
  token: z.string().min(1).max(8192).optional(),
  /** The last job given out. */
  lastId: awsJobId.optional(),
  /** Its place on the page; absent where the page begins after it. */
  lastIndex: z.int().min(0).max(199).optional(),
  unreadable,
  given,
  /** When it was created. Jobs created after this have appeared since, and belong to earlier pages. */
  notAfter: instant.optional(),
});

const cursorContent = z.object({
  filter: z.string(),
  positions: z.object({
    IMPORT_EXPORT: importExportPosition.optional(),
    DATA_EXCHANGE: dataExchangePosition.optional(),
  }),
});

export type ImportExportPosition = z.infer<typeof importExportPosition>;
export type DataExchangePosition = z.infer<typeof dataExchangePosition>;

/** Where the listing of each service goes on. A service without a position starts with its newest job. */
export type Positions = z.infer<typeof cursorContent>['positions'];

/** What a cursor is bound to: it is signed with a key of the gateway's, for one caller. */
export type CursorContext = Pick<Context, 'caller' | 'cursorKey'>;

export function cursorFrom(positions: Positions, filter: Maybe<JobFilter>, context: CursorContext): string {
  const payload = Buffer.from(JSON.stringify({ filter: labelOf(filter), positions })).toString('base64url');
  return `${payload}.${signatureOf(payload, context).toString('base64url')}`;
}

/** What `cursorFrom` was given; undefined for anything that it did not make, or made for another filter or caller. */
export function positionsFrom(cursor: string, filter: Maybe<JobFilter>, context: CursorContext): Positions | undefined {
  const [payload = '', signature = '', ...rest] = cursor.split('.');
  if (rest.length > 0 || !hasSigned(payload, signature, context)) return undefined;
  const { success, data } = cursorContent.safeParse(jsonFrom(Buffer.from(payload, 'base64url').toString()));
  return success && data.filter === labelOf(filter) ? data.positions : undefined;
}

function hasSigned(payload: string, signature: string, context: CursorContext): boolean {
  const expected = signatureOf(payload, context);
  const received = Buffer.from(signature, 'base64url');
  // Decoding skips what is not of the alphabet, so that many texts would stand for one signature.
  const isCanonical = received.toString('base64url') === signature;
  return isCanonical && received.length === expected.length && timingSafeEqual(received, expected);
}

function signatureOf(payload: string, { caller, cursorKey }: CursorContext): Buffer {
  const signed = JSON.stringify([caller.id, payload]);
  return createHmac('sha256', cursorKey).update(signed).digest().subarray(0, 16);
}

/** Positions of one filter mean nothing under another: the service's tokens belong to the filtered list. */
function labelOf(filter: Maybe<JobFilter>): string {
  return `${filter?.service ?? ''}/${filter?.dataSetId ?? ''}`;
}

function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
