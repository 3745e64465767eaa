/** One `jobActivity`: every change the filter admits, and the appearance of new jobs. */
import type { JobService } from '../../model/job.ts';
import type { Transition, TransitionLog } from '../history/transition-log.ts';
import { type Cursors, type Position, scopeFrom } from './cursor.ts';
import type { ActivityFilter, JobEvent, JobStateChange, Staleness } from './events.ts';
import type { SharedEvents, Standing } from './shared-events.ts';
import { Subscriber } from './subscriber.ts';

export interface ActivitySubscriptionOptions {
  readonly filter: ActivityFilter;
  /** Who is told, as for `JobSubscription`. */
  readonly audience: string;
  readonly after: string | undefined;
  readonly log: TransitionLog;
  readonly cursors: Cursors;
  readonly events: SharedEvents;
  readonly onStale: (staleness: Staleness) => void;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

export class ActivitySubscription {
  readonly subscriber: Subscriber<JobEvent>;
  readonly #options: ActivitySubscriptionOptions;
  readonly #scope: string;
  /** Where the reader left off; undefined where that is not, or no longer, known. */
  readonly #position: Position | undefined;

  /** Throws `StreamError` for a cursor that no gateway made for this filter and this audience. */
  constructor(options: ActivitySubscriptionOptions) {
    this.#options = options;
    const { filter, audience } = options;
    const { service = '', dataSetId = '' } = filter;
    this.#scope = scopeFrom(['activity', audience, service, dataSetId]);
    const { after, cursors } = options;
    this.#position = after === undefined ? undefined : cursors.positionFrom(after, this.#scope);
    const { onStart, onEnd, log } = options;
    const arrival = () => this.#position && log.arrival(this.#position.offset);
    this.subscriber = new Subscriber<JobEvent>({ onStart, onEnd, arrival }, () => this.#backlog());
  }

  get filter(): ActivityFilter {
    return this.#options.filter;
  }

  onTransition(transition: Transition): void {
    if (this.#admits(transition)) this.subscriber.push(this.#changeFrom(transition));
  }

  /** What was told may have been lost, and some that was not told. */
  onLost(loss: object): void {
    this.subscriber.push(this.#missed(loss));
  }

  onStale(service: JobService): void {
    this.#options.onStale({ service });
  }

  /** What a reader who comes back has not seen, as of when it begins to read. */
  #backlog(): readonly JobEvent[] {
    if (this.#options.after === undefined) return [];
    const since = this.#position && this.#options.log.since(this.#position.offset);
    if (since === undefined) return [this.#missed({})];
    return since.filter((each) => this.#admits(each)).map((each) => this.#changeFrom(each));
  }

  #admits({ kind, job }: Transition): boolean {
    const { service, dataSetId } = this.#options.filter;
    if (kind === 'first' || (service !== undefined && service !== job.service)) return false;
    if (dataSetId === undefined) return true;
    return job.service === 'DATA_EXCHANGE' && (job.outline ?? job.details)?.dataSetId === dataSetId;
  }

  #changeFrom(transition: Transition): JobStateChange {
    return this.#options.events.ofTransition(transition, this.#standingAt(transition.offset));
  }

  #missed(loss: object): JobEvent {
    const { events, log } = this.#options;
    return events.ofMissed(loss, this.#standingAt(log.head));
  }

  #standingAt(offset: number): Standing {
    return { scope: this.#scope, offset, pending: [], gone: [] };
  }
}
