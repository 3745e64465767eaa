/** Encodes positions in the merged list of jobs as opaque cursors. */
import { z } from 'zod';
import { dataExchangePageSize } from '../backends/list-reach.ts';
import { shortDigest } from '../base/short-digest.ts';
import { readSignedText, signedText } from '../base/signed-text.ts';
import { furtherMembers, type JobFilter } from '../model/job-filter.ts';
import type { Context } from './context.ts';
import { maxReturnedLength, ReturnedEntries } from './returned-entries.ts';

/** Milliseconds since the epoch. */
const instant = z.int();

const awsJobId = z.string().min(1).max(64);

/** The number of unreadable entries that were returned after the last job. */
const unreadable = z.int().min(1).max(10_000).optional();

/** `ReturnedEntries` as text. The member cannot be renamed, as clients hold cursors with it. */
const given = z
  .string()
  .max(maxReturnedLength)
  .transform((text) => new ReturnedEntries(text).snapshot())
  .optional();

// Unknown members are ignored: a newer gateway may have signed the cursor.
const importExportPosition = z.object({
  /** The last job returned: the service's `Marker`. */
  lastId: awsJobId.optional(),
  unreadable,
  given,
  /**
   * Set while no job of this service was returned: jobs created later have appeared since, and belong to earlier pages.
   */
  notAfter: instant.optional(),
});

export const dataExchangePosition = z.object({
  /** The page's token; absent for the first page. */
  token: z.string().min(1).max(8192).optional(),
  /** The last job returned. */
  lastId: awsJobId.optional(),
  /** The index of that job on the page; absent if the page begins after it. */
  lastIndex: z
    .int()
    .min(0)
    .max(dataExchangePageSize - 1)
    .optional(),
  unreadable,
  given,
  /** When that job was created. Jobs created later have appeared since, and belong to earlier pages. */
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

/** By service. A service without a position begins with its newest job. */
export type Positions = z.infer<typeof cursorContent>['positions'];

/** A cursor is signed with the gateway's key, for one caller. */
export type CursorContext = Pick<Context, 'caller' | 'cursorKey'>;

export function cursorFrom(positions: Positions, filter: JobFilter, context: CursorContext): string {
  return signedText({ filter: labelOf(filter), positions }, context.cursorKey, context.caller.id);
}

/** The positions in `cursor`; undefined unless `cursorFrom` made it, for this filter and caller. */
export function positionsFrom(cursor: string, filter: JobFilter, context: CursorContext): Positions | undefined {
  const read = readSignedText(cursor);
  if (!read?.isSignedWith(context.cursorKey, context.caller.id)) return undefined;
  const { success, data } = cursorContent.safeParse(read.value);
  return success && data.filter === labelOf(filter) ? data.positions : undefined;
}

/** A cursor is only valid under its own filter: the service's tokens belong to the filtered list. */
function labelOf(filter: JobFilter): string {
  const further = furtherMembers(filter);
  const label = `${filter.service ?? ''}/${filter.dataSetId ?? ''}`;
  return further === '' ? label : `${label}/${shortDigest(further)}`;
}
