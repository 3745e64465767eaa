/** Walks the list of a service that may have what a create with a lost answer has made. */
import { ListReach } from '../backends/list-reach.ts';
import { isWithin, type TimeWindow } from './finding.ts';

/** A page of jobs, data sets or revisions. */
export interface ListedPage<Entry> {
  /** The readable ones, newest first. */
  readonly entries: readonly Entry[];
  readonly unreadable: readonly { readonly before: number }[];
  /** The start of the next page; null on the last one. */
  readonly next: string | null;
}

export interface ListWalk<Entry> {
  readonly list: (next: string | null) => Promise<ListedPage<Entry>>;
  readonly idOf: (entry: Entry) => string;
  readonly windows: readonly TimeWindow[];
  /** Max number of listed entries. */
  readonly maxListed: number;
}

export interface ListedInWindows<Entry> {
  readonly entries: readonly Entry[];
  /** False if an unreadable entry may have been created in the windows. */
  readonly isReadable: boolean;
  /** Whether the walk ended before the windows did. */
  readonly isCutOff: boolean;
}

interface Dated {
  readonly createdAt: Date;
}

/** The entries that were created in the windows. Pages may shift between reads, so that an entry comes twice. */
export async function listedInWindows<Entry extends Dated>(walk: ListWalk<Entry>): Promise<ListedInWindows<Entry>> {
  const { list, idOf, windows, maxListed } = walk;
  const since = Math.min(...windows.map((window) => window.since));
  const found = new Map<string, Entry>();
  const reach = new ListReach(maxListed);
  let isReadable = true;
  for (let next: string | null = null; ; ) {
    const page: ListedPage<Entry> = await list(next);
    const { entries, unreadable } = page;
    for (const entry of entries) if (isWithin(windows, entry.createdAt.getTime())) found.set(idOf(entry), entry);
    if (hasUnreadableSince(page, since)) isReadable = false;
    next = page.next;
    if (next === null || isOlder(page, since)) return { entries: [...found.values()], isReadable, isCutOff: false };
    if (!reach.canContinueAfter({ jobs: entries, unreadable, nextToken: next }))
      return { entries: [...found.values()], isReadable, isCutOff: true };
  }
}

/** Whether all entries of the page are older. One with a wrong date among younger ones does not end a search. */
function isOlder({ entries }: ListedPage<Dated>, since: number): boolean {
  return entries.length > 0 && entries.every(({ createdAt }) => createdAt.getTime() < since);
}

/**
 * Whether an unreadable entry may be this recent. Lists are sorted newest first: an entry among older ones is older.
 */
function hasUnreadableSince({ entries, unreadable }: ListedPage<Dated>, since: number): boolean {
  const youngest = entries.findLastIndex(({ createdAt }) => createdAt.getTime() >= since);
  return unreadable.some(({ before }) => before <= youngest + 1);
}
