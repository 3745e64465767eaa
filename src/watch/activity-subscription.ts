/** One `jobActivity`: every change the filter admits, and the appearance of new jobs. */
import type { JobService } from '../job.ts';
import { type Cursors, scopeFrom } from './cursor.ts';
import type { ActivityFilter, JobStateChange, Staleness, StreamEvent } from './events.ts';
import type { SharedEvents } from './shared-events.ts';
import { Subscriber } from './subscriber.ts';
import type { Transition, TransitionLog } from './transition-log.ts';

export interface ActivitySubscriptionOptions {
  readonly filter: ActivityFilter;
  readonly after: string | undefined;
  readonly log: TransitionLog;
  readonly cursors: Cursors;
  readonly events: SharedEvents;
  readonly onStale: (staleness: Staleness) => void;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

export class ActivitySubscription {
  readonly subscriber: Subscriber<StreamEvent>;
  readonly #options: ActivitySubscriptionOptions;
  readonly #scope: string;

  /** Throws `StreamError` for a cursor that no gateway made for this filter. */
  constructor(options: ActivitySubscriptionOptions) {
    this.#options = options;
    const { service = '', dataSetId = '' } = options.filter;
    this.#scope = scopeFrom(['activity', service, dataSetId]);
    this.subscriber = new Subscriber<StreamEvent>(options, this.#missedSince(options.after));
  }

  get filter(): ActivityFilter {
    return this.#options.filter;
  }

  onTransition(transition: Transition): void {
    if (this.#admits(transition)) this.subscriber.push(this.#changeFrom(transition));
  }

  onStale(service: JobService): void {
    this.#options.onStale({ service });
  }

  #missedSince(after: string | undefined): readonly StreamEvent[] {
    if (after === undefined) return [];
    const { log, cursors } = this.#options;
    const position = cursors.positionFrom(after, this.#scope);
    const since = position && log.since(position.offset);
    if (since === undefined) return [{ notice: 'CURSOR_EXPIRED' }];
    return since.filter((each) => this.#admits(each)).map((each) => this.#changeFrom(each));
  }

  #admits({ kind, job }: Transition): boolean {
    const { service, dataSetId } = this.#options.filter;
    if (kind === 'first' || (service !== undefined && service !== job.service)) return false;
    if (dataSetId === undefined) return true;
    return job.service === 'DATA_EXCHANGE' && job.details?.dataSetId === dataSetId;
  }

  #changeFrom(transition: Transition): JobStateChange {
    const standing = { scope: this.#scope, offset: transition.offset, pending: [] };
    return this.#options.events.ofTransition(transition, standing);
  }
}
