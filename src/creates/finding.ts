import { attemptTimes, type CreateRecord, settlingMs } from './create-record.ts';

/** What the search for the job of a lost create brings. */
export type Finding =
  | { readonly outcome: 'found'; readonly awsJobId: string }
  | { readonly outcome: 'none' }
  /** There are more jobs like it than attempts that may have made one: some are others', and nothing tells which. */
  | { readonly outcome: 'ambiguous' }
  /** There may be one among what could not be read. */
  | { readonly outcome: 'unsure' };

/** A job that may have come of a create, as far as can be told, and that nobody else is known to have made. */
export interface Candidate {
  readonly awsJobId: string;
  /** Milliseconds since the epoch, by the clock of the service. */
  readonly createdAt: number;
  readonly isWaiting: boolean;
}

export interface Search {
  /** Oldest first. */
  readonly candidates: readonly Candidate[];
  /** False where there may be others among what was not read. */
  readonly isWhole: boolean;
}

/** How many jobs creates may have made that are on no record, and when. */
export interface Attempts {
  readonly count: number;
  readonly moments: readonly Moments[];
}

/** What a search comes to where each of `attempts` may have made one of the jobs. The oldest is as good as any other. */
export function findingFrom({ candidates, isWhole }: Search, attempts: Attempts): Finding {
  const [oldest] = candidates;
  if (!canAllComeOf(attempts, candidates)) return { outcome: 'ambiguous' };
  if (!isWhole) return { outcome: 'unsure' };
  return oldest === undefined ? { outcome: 'none' } : { outcome: 'found', awsJobId: oldest.awsJobId };
}

/** Whether each of `candidates`, oldest first, has an attempt to itself: the first that is left, as all take equally long. */
function canAllComeOf({ count, moments }: Attempts, candidates: readonly Candidate[]): boolean {
  const left = [...moments].sort((a, b) => a.until - b.until);
  const hasOwn = ({ createdAt }: Candidate): boolean => {
    const at = left.findIndex((each) => isOf([each], createdAt));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  return candidates.length <= count && candidates.every(hasOwn);
}

/**
 * How far the clocks of the gateway and a service may be apart. Longer where a mark tells the job from every other: there a
 * window too short would make a second job, one too long no more than a few reads.
 */
export const skewMs = { DATA_EXCHANGE: 60_000, IMPORT_EXPORT: 1_800_000 } as const;

/** When, by the clock of the service, an attempt made its job, if it did. */
export interface Moments {
  readonly since: number;
  readonly until: number;
}

/** The moments of each attempt: a job of any other time is not of this create. */
export function momentsOf(record: CreateRecord): readonly Moments[] {
  const skew = skewMs[record.service];
  return attemptTimes(record).map((at) => ({ since: at - skew, until: at + settlingMs[record.service] + skew }));
}

/** Whatever is older need not be looked at. */
export function earliestOf(moments: readonly Moments[]): number {
  return Math.min(...moments.map(({ since }) => since));
}

interface Page {
  readonly jobs: readonly { readonly createdAt: Date }[];
  readonly unreadable?: readonly { readonly before: number }[];
}

/** Whether `page` shows jobs, all of them older. One that bears a wrong date among younger ones does not end a search. */
export function isOlder({ jobs }: Page, since: number): boolean {
  return jobs.length > 0 && jobs.every(({ createdAt }) => createdAt.getTime() < since);
}

/** Whether an entry that cannot be read may be so young. Lists begin with the newest: what stands among older jobs is older. */
export function hasUnreadableSince({ jobs, unreadable = [] }: Page, since: number): boolean {
  const youngest = jobs.findLastIndex(({ createdAt }) => createdAt.getTime() >= since);
  return unreadable.some(({ before }) => before <= youngest + 1);
}

export function isOf(moments: readonly Moments[], at: number): boolean {
  return moments.some(({ since, until }) => at >= since && at <= until);
}

/** Whether the job is known to belong to another create. */
export type IsTaken = (awsJobId: string) => Promise<boolean>;
