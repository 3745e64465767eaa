/**
 * The transition log: what was observed, in the order of observation.
 *
 * It is append-only, and its only write is compare-and-append, so that a second poller can never duplicate or reorder
 * what subscribers receive. `(job, sequence)` is unique; `offset` numbers the whole log and is what cursors contain.
 * Listeners follow the log, whichever gateway writes: so a shared store can implement it.
 */
import type { Job } from '../../model/job.ts';
import type { JobRef, JobService, JobState } from '../../model/job-state.ts';

/**
 * `first`: the first observation of a job, which emits nothing. `appeared`: a new job that came into being while its
 * activity was watched, or that the gateway created. `changed`: a change of state.
 */
export type TransitionKind = 'appeared' | 'changed' | 'first';

export interface Transition {
  readonly offset: number;
  readonly sequence: number;
  readonly kind: TransitionKind;
  readonly job: Job;
  readonly from: JobState | null;
  readonly to: JobState;
  readonly observedAt: Date;
}

export type NewTransition = Omit<Transition, 'offset' | 'sequence'>;

/** A job's last transition, which the log remembers longer than its entries. */
export type Head = Pick<Transition, 'kind' | 'sequence' | 'to'>;

/** A transition without its job. */
export type HistoryEntry = Omit<Transition, 'job'>;

export interface HistoryPage {
  readonly limit: number;
  /** Only entries before this offset. */
  readonly before?: number;
}

export interface TransitionLog {
  /** Identifies the log: offsets are valid in this log only. Changes when the log was lost and a new one has begun. */
  readonly id: string;
  /** The offset of the newest entry; 0 if there is none. */
  readonly head: number;
  /** The newest entry of a job. */
  last(ref: JobRef): Head | undefined;
  /**
   * Appends if `expected` is still the job's last sequence (0: none); otherwise returns undefined, after the listeners
   * have received the conflicting entry. On success the listeners have received the new entry. `fencingTokens` were
   * taken when the reading began: nothing is appended if another gateway has taken the service's lease since. Rejects
   * if the outcome is unknown: reading the job again and retrying never appends it twice.
   */
  append(expected: number, transition: NewTransition, fencingTokens?: FencingTokens): Promise<Transition | undefined>;
  /**
   * Returns the entries after `offset`, oldest first, all or those about `refs`; undefined if some of them are no
   * longer held, and for an offset that was never issued or was lost.
   */
  since(offset: number, refs?: readonly JobRef[]): readonly Transition[] | undefined;
  /** Returns the history of a job, newest first, as far back as it is kept. */
  history(ref: JobRef, page: HistoryPage): Promise<readonly HistoryEntry[]>;
  /**
   * Calls `listener` with each entry from now on, in order. Calls `onLost` if entries that it has received were lost,
   * or if it will not receive some: it cannot go on from where it was.
   */
  follow(listener: (transition: Transition) => void, onLost?: () => void): void;
  /**
   * Resolves once all entries up to `offset`, whichever gateway wrote them, have been received, or after a timeout.
   * Undefined if there is nothing to wait for.
   */
  caughtUp(offset: number): Promise<void> | undefined;
}

/**
 * The fencing tokens from when a reading began: its result cannot be written once another gateway has taken the
 * service's lease.
 */
export type FencingTokens = Readonly<Partial<Record<JobService, number>>>;

/** The key of a job of either service. */
export function jobKey(ref: JobRef): string {
  return `${ref.service}:${ref.awsJobId}`;
}
