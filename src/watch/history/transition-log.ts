/**
 * What was observed, in the order in which it was observed.
 *
 * Append-only, and compare-and-append is the only way to write, so that a second poller can never duplicate or reorder what
 * subscribers see. `(job, sequence)` is unique; `offset` numbers the whole log and is what cursors point at. Whoever wants to
 * know of a change follows the log, whoever wrote it: so a store that several gateways share can stand in for it.
 */
import type { Job } from '../../model/job.ts';
import type { JobRef, JobService, JobState } from '../../model/job-state.ts';

/**
 * `first`: the first sight of a job, which nobody waits for, by the watcher or in the answer to a request. `appeared`: a job that
 * came into being while activity was watched, or that the gateway created. `changed`: one state after another.
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

/** What the log remembers of a job longer than its transitions. */
export type Head = Pick<Transition, 'kind' | 'sequence' | 'to'>;

/** A transition without the job as it was then. */
export type HistoryEntry = Omit<Transition, 'job'>;

export interface HistoryPage {
  readonly limit: number;
  /** Only entries before this offset. */
  readonly before?: number;
}

export interface TransitionLog {
  /** Tells this log from every other: offsets mean nothing elsewhere. It changes where the log is gone and another took its place. */
  readonly id: string;
  /** The offset of the newest entry, 0 where there is none. */
  readonly head: number;
  /** The newest entry about a job. */
  last(ref: JobRef): Head | undefined;
  /**
   * Appends if `expected` is still the job's last sequence (0: none); else changes nothing and gives undefined. Whoever follows
   * this log has been told of it by then, and of what stood in its way. `fencingTokens` says when the state was read, where several
   * gateways read: nothing is appended if another has begun to read the job since. Rejects where it is not known whether it was
   * appended: read and tried once more it is never there twice.
   */
  append(expected: number, transition: NewTransition, fencingTokens?: FencingTokens): Promise<Transition | undefined>;
  /**
   * Everything after `offset`, oldest first, or what of it is about `refs`; undefined if part of that is no longer held, and
   * for an offset that it never gave out or that was lost.
   */
  since(offset: number, refs?: readonly JobRef[]): readonly Transition[] | undefined;
  /** What was observed of a job as far back as anything is kept, newest first. */
  history(ref: JobRef, page: HistoryPage): Promise<readonly HistoryEntry[]>;
  /**
   * Calls `listener` with each entry from now on, in order; and `onLost` where some that it was called with were lost, or some
   * come no more that it was not called with: what was told cannot be gone on from.
   */
  follow(listener: (transition: Transition) => void, onLost?: () => void): void;
  /**
   * Settles once what was appended up to `offset`, wherever that was, is here as well, or does not come in time. Undefined where
   * there is nothing to wait for.
   */
  arrival(offset: number): Promise<void> | undefined;
}

/**
 * The fencing tokens of the moment at which a reading began: what was read under them cannot be written once another gateway
 * reads the jobs of that service.
 */
export type FencingTokens = Readonly<Partial<Record<JobService, number>>>;

/** One string for a job of either service. */
export function jobKey(ref: JobRef): string {
  return `${ref.service}:${ref.awsJobId}`;
}
