/** One watched job: who wants to know of it, what was seen of it, and when it is read next. There is one, however many watch. */
import type { Clock } from '../base/clock.ts';
import type { JobRef, JobState } from '../model/job-state.ts';
import type { Transition } from './history/transition-log.ts';
import type { Observation, Watched } from './state-source.ts';
import type { StaleJob } from './told-stale.ts';

/** Someone who wants to know of a job. Called in the order in which things were observed. */
export interface JobWatcher {
  readonly onTransition: (transition: Transition) => void;
  /** The first reading that was begun after this one began to watch. */
  readonly onPresent: (observation: Observation) => void;
  readonly onGone: (ref: JobRef) => void;
  /** What was told of these jobs may be old, from here on or still. `moment` is one for all who are told of it in one go. */
  readonly onStale: (jobs: readonly StaleJob[], moment: object) => void;
  /** What is told of these jobs is not old, from here on or still. */
  readonly onFresh: (refs: readonly JobRef[], moment: object) => void;
}

/** Due before whatever else is due, however long that has waited: someone looks at an empty place. */
export const dueImmediately = -1;

export const never = Number.POSITIVE_INFINITY;

export class WatchedJob implements StaleJob, Watched {
  readonly ref: JobRef;
  readonly known: JobState | undefined;
  readonly watchers = new Set<JobWatcher>();
  /** Whether another gateway has watchers for the job. */
  isWantedElsewhere = false;
  /** Those who wait for the present. */
  awaiting: Set<JobWatcher> = new Set();
  /** Those of them whom the reading under way will answer, or a confirmation. */
  answering: Set<JobWatcher> = new Set();
  seen: Observation | undefined = undefined;
  /** What is being appended. */
  recording: { readonly state: JobState; readonly done: Promise<void> } | undefined = undefined;
  dueAt = never;
  /** Since when the state is what it is, as far as we saw. */
  changedAt: number;
  /** When a list showed it last, by the monotonic clock. */
  listedAt = Number.NEGATIVE_INFINITY;
  /** How many readings in a row have failed. */
  failures = 0;
  /** When the first of those did, by the monotonic clock. */
  failingSince = never;
  /** Whether those who watch count it as stale. */
  isStale = false;
  /** When it was last read well, or began to be watched, in milliseconds since the epoch. */
  wellAt: number;
  /** Another gateway, which cannot read it, is to be heard of again by then, by the monotonic clock. */
  peerSilentAt = Number.NEGATIVE_INFINITY;
  /** Whether it was read well since the other gateways that want it were told anything else, or nothing. */
  isKnownFresh = false;
  /** Whether this gateway read it at its intervals when that was last asked. */
  isReadHere = true;

  /** `known` is the state that it was in before it was watched. */
  constructor(ref: JobRef, known: JobState | undefined, clock: Pick<Clock, 'monotonicMs' | 'now'>) {
    this.ref = ref;
    this.known = known;
    this.changedAt = clock.monotonicMs();
    this.wellAt = clock.now();
  }

  /** From here on whoever wants the job read means the reading after this one. */
  beginReading(): void {
    this.dueAt = never;
    this.answering = new Set([...this.answering, ...this.awaiting]);
    this.awaiting = new Set();
  }

  /** The reading under way answers nobody: whoever waits for the present waits for the next. */
  requeueWaiters(): void {
    this.awaiting = new Set([...this.answering, ...this.awaiting]);
    this.answering = new Set();
  }

  /** Lets go of who has left, and says whether they watched: while a service is down nothing else empties the lists of those who wait. */
  remove(watcher: JobWatcher): boolean {
    this.awaiting.delete(watcher);
    this.answering.delete(watcher);
    return this.watchers.delete(watcher);
  }
}
