/**
 * One watched job: its watchers, its last observation and its next reading. There is one per job, whatever the number
 * of watchers.
 */
import type { Clock } from '../base/clock.ts';
import type { JobRef, JobState } from '../model/job-state.ts';
import type { Transition } from './history/transition-log.ts';
import type { StaleJob } from './stale-notices.ts';
import type { Observation, Watched } from './state-source.ts';

/** Receives the events of a job, in the order of observation. */
export interface JobWatcher {
  readonly onTransition: (transition: Transition) => void;
  /** Called with the first reading that began after this watcher did. */
  readonly onPresent: (observation: Observation) => void;
  readonly onGone: (ref: JobRef) => void;
  /**
   * These jobs are stale, for the first time or still. `batch` is the same object for all watchers notified in one
   * pass.
   */
  readonly onStale: (jobs: readonly StaleJob[], batch: object) => void;
  /** These jobs are fresh, for the first time or still. */
  readonly onFresh: (refs: readonly JobRef[], batch: object) => void;
}

/** Due before all other jobs, however overdue: a client waits without any data. */
export const dueImmediately = -1;

export const never = Number.POSITIVE_INFINITY;

export class WatchedJob implements StaleJob, Watched {
  readonly ref: JobRef;
  readonly priorState: JobState | undefined;
  readonly watchers = new Set<JobWatcher>();
  /** Whether another gateway has watchers for the job. */
  isWatchedElsewhere = false;
  /** Watchers that wait for the present state, from a reading that has not begun. */
  waiters: Set<JobWatcher> = new Set();
  /** Watchers that the reading under way, or a confirmation, will answer. */
  waitersInFlight: Set<JobWatcher> = new Set();
  latest: Observation | undefined = undefined;
  /** The append under way. */
  recording: { readonly state: JobState; readonly done: Promise<void> } | undefined = undefined;
  dueAt = never;
  /** When the state last changed, as far as observed. */
  changedAt: number;
  /** When a list last showed it, by the monotonic clock. */
  listedAt = Number.NEGATIVE_INFINITY;
  /** Number of failed readings in a row. */
  failures = 0;
  /** When the first of those failed, by the monotonic clock. */
  failingSince = never;
  /** Whether the job's watchers were last notified of it as stale. */
  isStale = false;
  /** When it was last read successfully, or first watched, in milliseconds since the epoch. */
  lastReadAt: number;
  /** When the notice of another gateway that could not read it expires, by the monotonic clock. */
  peerTimeoutAt = Number.NEGATIVE_INFINITY;
  /** Whether the last notice about it to other gateways said fresh. */
  isFreshForPeers = false;
  /** Whether this gateway read it regularly at the last check. */
  isReadHere = true;

  /** `priorState` is its state in the log before it was watched. */
  constructor(ref: JobRef, priorState: JobState | undefined, clock: Pick<Clock, 'monotonicMs' | 'now'>) {
    this.ref = ref;
    this.priorState = priorState;
    this.changedAt = clock.monotonicMs();
    this.lastReadAt = clock.now();
  }

  /** Watchers that come from here on wait for the next reading. */
  beginReading(): void {
    this.dueAt = never;
    this.waitersInFlight = new Set([...this.waitersInFlight, ...this.waiters]);
    this.waiters = new Set();
  }

  /** The reading under way answers no watcher: all wait for the next. */
  requeueWaiters(): void {
    this.waiters = new Set([...this.waitersInFlight, ...this.waiters]);
    this.waitersInFlight = new Set();
  }

  /**
   * Removes a watcher and returns whether it was one. Also clears the lists of waiters, which nothing else empties
   * while a service is down.
   */
  remove(watcher: JobWatcher): boolean {
    this.waiters.delete(watcher);
    this.waitersInFlight.delete(watcher);
    return this.watchers.delete(watcher);
  }
}
