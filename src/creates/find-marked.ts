/** Finds what a create with a lost answer has made, by the mark that it carries: in a manifest or in a tag. */
import type { Candidate, IsTaken, Search } from './finding.ts';
import { type ListWalk, listedInWindows } from './listed-in-windows.ts';

/** A job, data set or revision of a list. */
export interface ListedEntry {
  readonly awsId: string;
  readonly createdAt: Date;
  readonly isWaiting: boolean;
}

/** Whether it carries the mark; `unreadable` if the service does not show it. */
export type Reading = 'no' | 'unreadable' | 'yes';

export interface MarkedSearch extends Omit<ListWalk<ListedEntry>, 'idOf'> {
  readonly dispatchedAt: number;
  readonly isTaken: IsTaken;
  readonly readMark: (awsId: string) => Promise<Reading>;
  /** Max number of entries whose marks are read, and how many at once. */
  readonly maxRead: number;
  readonly readAtOnce: number;
}

/**
 * Returns those that carry the mark: two attempts may have made two, and a copied mark makes another. Throws what
 * `list` and `readMark` throw.
 */
export async function findMarked(search: MarkedSearch): Promise<Search> {
  const listed = await listedInWindows({ ...search, idOf: ({ awsId }) => awsId });
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
