/** One `jobActivity`: every change the filter admits, and the appearance of new jobs. */
import { cursorFrom, positionFrom } from './cursor.ts';
import type { ActivityFilter, JobStateChange } from './events.ts';
import { StreamError } from './stream-error.ts';
import { Subscriber } from './subscriber.ts';
import type { Transition, TransitionLog } from './transition-log.ts';

export interface ActivitySubscriptionOptions {
  readonly filter: ActivityFilter;
  readonly after: string | undefined;
  readonly log: TransitionLog;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

export class ActivitySubscription {
  readonly subscriber: Subscriber<JobStateChange>;
  readonly #options: ActivitySubscriptionOptions;

  /** Throws `StreamError` for a cursor that cannot be gone on from. */
  constructor(options: ActivitySubscriptionOptions) {
    this.#options = options;
    const missed = this.#missedSince(options.after).filter((each) => this.#admits(each));
    this.subscriber = new Subscriber<JobStateChange>(
      options,
      missed.map((each) => this.#changeFrom(each)),
    );
  }

  get filter(): ActivityFilter {
    return this.#options.filter;
  }

  onTransition(transition: Transition): void {
    if (this.#admits(transition)) this.subscriber.push(this.#changeFrom(transition));
  }

  #missedSince(after: string | undefined): readonly Transition[] {
    if (after === undefined) return [];
    const { log } = this.#options;
    const position = positionFrom(after);
    const since = position.log === log.id ? log.since(position.offset) : undefined;
    if (since !== undefined) return since;
    throw new StreamError(
      'CURSOR_EXPIRED',
      'after: what followed this cursor is no longer held. Subscribe without it.',
    );
  }

  #admits({ kind, job }: Transition): boolean {
    const { service, dataSetId } = this.#options.filter;
    if (kind === 'first' || (service !== undefined && service !== job.service)) return false;
    if (dataSetId === undefined) return true;
    return job.service === 'DATA_EXCHANGE' && job.details?.dataSetId === dataSetId;
  }

  #changeFrom(transition: Transition): JobStateChange {
    return {
      job: transition.job,
      previousState: transition.from,
      state: transition.to,
      observedAt: transition.observedAt,
      cursor: cursorFrom({ log: this.#options.log.id, offset: transition.offset, pending: [] }),
    };
  }
}
