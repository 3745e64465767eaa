/** Resolves the history of a job: what the gateway has observed of it. */

import type { JobRef } from '../model/job-state.ts';
import type { Maybe } from '../model/maybe.ts';
import type { HistoryEntry, HistoryPage } from '../watch/history/transition-log.ts';
import { type Connection, connectionFrom, pageSizeFrom } from './connection.ts';
import type { Context } from './context.ts';
import { invalidArgument } from './failures.ts';

export async function jobHistory(
  job: JobRef,
  { first, after }: { first?: Maybe<number>; after?: Maybe<string> },
  context: Context,
): Promise<Connection<HistoryEntry>> {
  const size = pageSizeFrom(first);
  const before = after == null ? undefined : offsetFrom(after);
  // One entry more than the page holds shows whether there is a next page.
  const entries = await observedSteps(job, { limit: size + 1, ...(before !== undefined && { before }) }, context);
  const edges = entries.slice(0, size).map((node) => ({ cursor: cursorFrom(node), node }));
  return connectionFrom(edges, { hasNextPage: entries.length > size });
}

/**
 * The observed steps of `job`, newest first. The log may announce a job to streams after it was first observed, in the
 * same state; that entry is not a step of the job and is left out.
 */
export async function observedSteps(
  job: JobRef,
  { limit, ...page }: HistoryPage,
  { watcher }: Pick<Context, 'watcher'>,
): Promise<readonly HistoryEntry[]> {
  const entries = await watcher.history(job, { ...page, limit: limit + 1 });
  return entries.filter(({ kind, to }, index) => kind !== 'appeared' || entries[index + 1]?.to !== to).slice(0, limit);
}

/** Distinguishes these cursors from those of the list of jobs and of streams. */
const prefix = 'history:';

function cursorFrom({ offset }: Pick<HistoryEntry, 'offset'>): string {
  return Buffer.from(`${prefix}${offset}`).toString('base64url');
}

function offsetFrom(cursor: string): number {
  const offset = Number(/^history:(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]);
  if (!Number.isSafeInteger(offset) || cursorFrom({ offset }) !== cursor) {
    throw invalidArgument('after', 'takes a cursor of a history');
  }
  return offset;
}
