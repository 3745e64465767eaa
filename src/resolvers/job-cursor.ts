/** Positions in the merged list of jobs, and the opaque cursors that hold them. */
import { z } from 'zod';
import { readSignedText, signedText } from '../base/signed-text.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
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
  return signedText({ filter: labelOf(filter), positions }, context.cursorKey, context.caller.id);
}

/** What `cursorFrom` was given; undefined for anything that it did not make, or made for another filter or caller. */
export function positionsFrom(cursor: string, filter: Maybe<JobFilter>, context: CursorContext): Positions | undefined {
  const read = readSignedText(cursor);
  if (!read?.isSignedWith(context.cursorKey, context.caller.id)) return undefined;
  const { success, data } = cursorContent.safeParse(read.value);
  return success && data.filter === labelOf(filter) ? data.positions : undefined;
}

/** Positions of one filter mean nothing under another: the service's tokens belong to the filtered list. */
function labelOf(filter: Maybe<JobFilter>): string {
  return `${filter?.service ?? ''}/${filter?.dataSetId ?? ''}`;
}
