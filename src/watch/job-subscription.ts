/** One `jobStateChanged`: the present state of each of its jobs, then each change, until every one is finished. */
import { isFinished, type JobRef, type JobState } from '../job.ts';
import { cursorFrom, positionFrom } from './cursor.ts';
import type { JobGone, JobStateChange } from './events.ts';
import type { Lane, Watching } from './lane.ts';
import type { Observation } from './state-source.ts';
import { StreamError } from './stream-error.ts';
import { Subscriber } from './subscriber.ts';
import { jobKey, type Transition, type TransitionLog } from './transition-log.ts';

export interface JobSubscriptionOptions {
  readonly refs: readonly JobRef[];
  readonly after: string | undefined;
  readonly log: TransitionLog;
  readonly laneOf: (ref: JobRef) => Lane;
  readonly now: () => Date;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

export class JobSubscription implements Watching {
  readonly subscriber: Subscriber<JobStateChange | JobGone>;
  readonly #options: JobSubscriptionOptions;
  /** Jobs whose present state has not been handed out yet. */
  readonly #pending: Set<string>;
  /** Jobs that can still bring an event. */
  readonly #open: Map<string, JobRef>;

  /** Throws `StreamError` for a cursor that cannot be gone on from. */
  constructor(options: JobSubscriptionOptions) {
    this.#options = options;
    this.#open = new Map(options.refs.map((ref) => [jobKey(ref), ref]));
    const missed = this.#missedSince(options.after);
    this.#pending = missed.pending;
    const backlog = missed.transitions.map((transition) => this.#changeFrom(transition));
    const hooks = { onStart: () => this.#start(), onEnd: () => this.#end() };
    this.subscriber = new Subscriber<JobStateChange | JobGone>(hooks, backlog);
  }

  onTransition(transition: Transition): void {
    if (this.#pending.has(jobKey(transition.job))) return;
    this.subscriber.push(this.#changeFrom(transition));
    this.#settle(transition.job, transition.to);
  }

  onReading(observation: Observation): void {
    const key = jobKey(observation.job);
    if (this.#pending.delete(key)) this.subscriber.push(this.#presentFrom(observation));
    this.#settle(observation.job, observation.state);
  }

  onGone(ref: JobRef): void {
    this.subscriber.push({ gone: ref });
    this.#close(ref);
  }

  /**
   * What a reader who comes back has not seen. A job of which the log knows nothing counts as not seen at all: whatever it
   * was, its present state is the honest answer.
   */
  #missedSince(after: string | undefined): { pending: Set<string>; transitions: readonly Transition[] } {
    if (after === undefined) return { pending: new Set(this.#open.keys()), transitions: [] };
    const { log } = this.#options;
    const position = positionFrom(after);
    const since = position.log === log.id ? log.since(position.offset) : undefined;
    if (since === undefined) {
      throw new StreamError(
        'CURSOR_EXPIRED',
        'after: what followed this cursor is no longer held. Subscribe without it.',
      );
    }
    const pending = new Set(position.pending.filter((key) => this.#open.has(key)));
    for (const [key, ref] of this.#open) if (log.last(ref) === undefined) pending.add(key);
    return { pending, transitions: since.filter((each) => this.#isAwaited(each, pending)) };
  }

  #isAwaited(transition: Transition, pending: ReadonlySet<string>): boolean {
    const key = jobKey(transition.job);
    return transition.kind === 'changed' && this.#open.has(key) && !pending.has(key);
  }

  #start(): void {
    this.#options.onStart();
    for (const [key, ref] of [...this.#open]) {
      const last = this.#options.log.last(ref);
      if (!this.#pending.has(key) && last !== undefined && isFinished(last.to)) this.#close(ref);
      else this.#options.laneOf(ref).watch(ref, this);
    }
  }

  #end(): void {
    for (const ref of this.#open.values()) this.#options.laneOf(ref).unwatch(ref, this);
    this.#open.clear();
    this.#options.onEnd();
  }

  #settle(ref: JobRef, state: JobState): void {
    if (isFinished(state)) this.#close(ref);
  }

  #close(ref: JobRef): void {
    if (!this.#open.delete(jobKey(ref))) return;
    this.#options.laneOf(ref).unwatch(ref, this);
    if (this.#open.size === 0) this.subscriber.complete();
  }

  #changeFrom(transition: Transition): JobStateChange {
    return {
      job: transition.job,
      previousState: transition.from,
      state: transition.to,
      observedAt: transition.observedAt,
      cursor: this.#cursorAt(transition.offset),
    };
  }

  #presentFrom(observation: Observation): JobStateChange {
    return {
      job: observation.job,
      previousState: null,
      state: observation.state,
      observedAt: this.#options.now(),
      cursor: this.#cursorAt(this.#options.log.head),
    };
  }

  #cursorAt(offset: number): string {
    return cursorFrom({ log: this.#options.log.id, offset, pending: [...this.#pending] });
  }
}
