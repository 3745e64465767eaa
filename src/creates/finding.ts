/** Decides what a search for the result of a lost create has found. */
import { attemptTimes, type CreateRecord, type CreateTarget, settlingMs } from './create-record.ts';

/** The result of the search for the job, data set or revision of a lost create. */
export type Finding =
  | { readonly outcome: 'found'; readonly awsId: string }
  | { readonly outcome: 'none' }
  /** More jobs match than attempts can have made: some belong to others, and it is unknown which. */
  | { readonly outcome: 'ambiguous' }
  /** The job may be among those that could not be read. */
  | { readonly outcome: 'unsure' }
  /** It may be among those that a search does not read, as there are too many; it will stay so. */
  | { readonly outcome: 'out of reach' };

/** A job that a create may have made, as far as the service shows, and that is not taken. */
export interface Candidate {
  readonly awsId: string;
  /** Milliseconds since the epoch, by the clock of the service. */
  readonly createdAt: number;
  readonly isWaiting: boolean;
}

export interface Search {
  /** Oldest first. */
  readonly candidates: readonly Candidate[];
  /** False if there may be others among the jobs that were not read. */
  readonly isWhole: boolean;
  /** Whether more jobs than a search reads were created in its windows, and no repeat would read fewer. */
  readonly isOutOfReach?: boolean;
}

/** The jobs that creates may have made and that no record names: their number, and when. */
export interface Attempts {
  readonly count: number;
  readonly windows: readonly TimeWindow[];
}

/**
 * The finding of a search, if each of `attempts` may have made one of the jobs. The oldest job is bound, as all are
 * equal.
 */
export function findingFrom({ candidates, isWhole, isOutOfReach }: Search, attempts: Attempts): Finding {
  const [oldest] = candidates;
  if (!canAllBeOurs(attempts, candidates)) return { outcome: 'ambiguous' };
  if (isOutOfReach) return { outcome: 'out of reach' };
  if (!isWhole) return { outcome: 'unsure' };
  return oldest === undefined ? { outcome: 'none' } : { outcome: 'found', awsId: oldest.awsId };
}

/**
 * Whether each of `candidates`, oldest first, can be paired with an attempt of its own: the first one left, as all
 * windows are equally long.
 */
function canAllBeOurs({ count, windows }: Attempts, candidates: readonly Candidate[]): boolean {
  const left = [...windows].sort((a, b) => a.until - b.until);
  const hasOwn = ({ createdAt }: Candidate): boolean => {
    const at = left.findIndex((each) => isWithin([each], createdAt));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  return candidates.length <= count && candidates.every(hasOwn);
}

/**
 * Max difference between the clocks of the gateway and a service. Longer where a mark identifies the job: there a
 * window that is too short would make a second job, one that is too long costs a few reads.
 */
const skewMs = {
  DATA_EXCHANGE: 60_000,
  IMPORT_EXPORT: 1_800_000,
  DATA_SET: 1_800_000,
  REVISION: 1_800_000,
} as const satisfies Readonly<Record<CreateTarget, number>>;

/** The window, by the service's clock, in which an attempt made its job, if it did. */
export interface TimeWindow {
  readonly since: number;
  readonly until: number;
}

/** The window of each attempt. A job created outside of them does not belong to this create. */
export function timeWindowsOf(record: CreateRecord): readonly TimeWindow[] {
  const skew = skewMs[record.service];
  return attemptTimes(record).map((at) => ({ since: at - skew, until: at + settlingMs[record.service] + skew }));
}

export function isWithin(windows: readonly TimeWindow[], at: number): boolean {
  return windows.some(({ since, until }) => at >= since && at <= until);
}

/** Whether the job belongs to another create. */
export type IsTaken = (awsId: string) => Promise<boolean>;
