/** Finds what a create with a lost answer has made, by the mark that it carries: in a manifest or in a tag. */
import { ListReach } from '../backends/list-reach.ts';
import {
  type Candidate,
  earliestOf,
  hasUnreadableSince,
  type IsTaken,
  isOlder,
  isWithin,
  type Search,
  type TimeWindow,
} from './finding.ts';

/** A job, data set or revision of a list. */
export interface ListedEntry {
  readonly awsId: string;
  readonly createdAt: Date;
  readonly isWaiting: boolean;
}

export interface ListedPage {
  /** The readable ones, newest first. */
  readonly entries: readonly ListedEntry[];
  readonly unreadable: readonly { readonly before: number }[];
  /** The start of the next page; null on the last one. */
  readonly next: string | null;
}

/** Whether it carries the mark; `unreadable` if the service does not show it. */
export type Reading = 'no' | 'unreadable' | 'yes';

export interface MarkedSearch {
  readonly dispatchedAt: number;
  readonly windows: readonly TimeWindow[];
  readonly isTaken: IsTaken;
  readonly list: (next: string | null) => Promise<ListedPage>;
  readonly readMark: (awsId: string) => Promise<Reading>;
  /** Max number of listed entries. */
  readonly maxListed: number;
  /** Max number of entries whose marks are read, and how many at once. */
  readonly maxRead: number;
  readonly readAtOnce: number;
}

/**
 * Returns those that carry the mark: two attempts may have made two, and a copied mark makes another. Throws what
 * `list` and `readMark` throw.
 */
export async function findMarked(search: MarkedSearch): Promise<Search> {
  const listed = await entriesInWindows(search);
  const free: ListedEntry[] = [];
  for (const entry of listed.entries) if (!(await search.isTaken(entry.awsId))) free.push(entry);
  const nearest = nearestTo(search.dispatchedAt, free).slice(0, search.maxRead);
  const readings = await readMarks(nearest, search);
  const candidates = nearest.filter((_, index) => readings[index] === 'yes').map(candidateFrom);
  // One with the mark is enough, whatever could not be read.
  const isFound = candidates.length > 0;
  const isOutOfReach = !isFound && (listed.isCutOff || nearest.length < free.length);
  const isWhole = isFound || (listed.isReadable && !readings.includes('unreadable') && !isOutOfReach);
  return { candidates: candidates.sort((a, b) => a.createdAt - b.createdAt), isWhole, isOutOfReach };
}

/** The most likely ones, first. */
function nearestTo(dispatchedAt: number, entries: readonly ListedEntry[]): readonly ListedEntry[] {
  const distance = ({ createdAt }: ListedEntry) => Math.abs(createdAt.getTime() - dispatchedAt);
  return [...entries].sort((a, b) => distance(a) - distance(b));
}

async function readMarks(entries: readonly ListedEntry[], { readMark, readAtOnce }: MarkedSearch): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (let at = 0; at < entries.length; at += readAtOnce) {
    const read = entries.slice(at, at + readAtOnce).map(({ awsId }) => readMark(awsId));
    readings.push(...(await Promise.all(read)));
  }
  return readings;
}

function candidateFrom({ awsId, createdAt, isWaiting }: ListedEntry): Candidate {
  return { awsId, createdAt: createdAt.getTime(), isWaiting };
}

/** Cut off if there are too many. Pages may shift between reads, so that an entry comes twice. */
async function entriesInWindows({ list, windows, maxListed }: MarkedSearch) {
  const since = earliestOf(windows);
  const found = new Map<string, ListedEntry>();
  const reach = new ListReach(maxListed);
  let isReadable = true;
  for (let next: string | null = null; ; ) {
    const { entries, unreadable, next: following }: ListedPage = await list(next);
    const page = { jobs: entries, unreadable, nextToken: following };
    for (const entry of entries) if (isWithin(windows, entry.createdAt.getTime())) found.set(entry.awsId, entry);
    if (hasUnreadableSince(page, since)) isReadable = false;
    next = following;
    if (next === null || isOlder(page, since)) return { entries: [...found.values()], isReadable, isCutOff: false };
    if (!reach.canContinueAfter(page)) return { entries: [...found.values()], isReadable, isCutOff: true };
  }
}
