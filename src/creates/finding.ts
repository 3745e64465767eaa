import { type CreateRecord, settlingMs } from './create-record.ts';

/** What a search for the job of a lost create brings. */
export type Finding =
  /** `others` are equal jobs that nobody has been told of: orphans of the same create. */
  | { readonly outcome: 'found'; readonly awsJobId: string; readonly others: readonly string[] }
  | { readonly outcome: 'none' }
  /** There may be one among what could not be read. */
  | { readonly outcome: 'unsure' };

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
export function momentsOf({ service, dispatchedAt, between = [], attemptAt }: CreateRecord): readonly Moments[] {
  const skew = skewMs[service];
  const attempts = [dispatchedAt, ...between, attemptAt];
  return attempts.map((at) => ({ since: at - skew, until: at + settlingMs[service] + skew }));
}

/** Whatever is older need not be looked at. */
export function earliestOf(moments: readonly Moments[]): number {
  return Math.min(...moments.map(({ since }) => since));
}

export function isOf(moments: readonly Moments[], at: number): boolean {
  return moments.some(({ since, until }) => at >= since && at <= until);
}

/** Whether the job is known to belong to another create. */
export type IsTaken = (awsJobId: string) => Promise<boolean>;
