/** One `jobActivity`: every change the filter admits, and the appearance of new jobs. */
import type { JobService } from '../../model/job-state.ts';
import type { Transition, TransitionLog } from '../history/transition-log.ts';
import { type Cursors, type Position, scopeFrom } from './cursor.ts';
import type { ActivityFilter, JobEvent, JobStateChange } from './events.ts';
import type { ReaderPosition, SharedEvents } from './shared-events.ts';
import { Subscriber } from './subscriber.ts';

export interface ActivitySubscriptionOptions {
  readonly filter: ActivityFilter;
  /** Who is told, as for `JobSubscription`. */
  readonly audience: string;
  readonly after: string | undefined;
  readonly log: TransitionLog;
  readonly cursors: Cursors;
  readonly events: SharedEvents;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

export class ActivitySubscription {
  readonly subscriber: Subscriber<JobEvent>;
  readonly #options: ActivitySubscriptionOptions;
  readonly #scope: string;
  /** Where the reader left off; undefined where that is not, or no longer, known. */
  readonly #position: Position | undefined;
  /** The services that were told to be stale and not yet to be fresh. */
  #toldStale: ReadonlySet<JobService> = none;

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

  /** The list of the service cannot be read, from here on or still. `moment` is one for all who are told of it in one go. */
  onStale(service: JobService, since: Date, moment: object): void {
    if (this.#toldStale.has(service)) return;
    this.#toldStale = new Set([...this.#toldStale, service]);
    const { events, log } = this.#options;
    this.subscriber.push(events.ofStale(moment, { service, jobs: null }, since, this.#positionAt(log.head)));
  }

  /** The list of the service is read well, from here on or still. */
  onFresh(service: JobService, moment: object): void {
    if (!this.#toldStale.has(service)) return;
    this.#toldStale = new Set([...this.#toldStale].filter((each) => each !== service));
    const { events, log } = this.#options;
    this.subscriber.push(events.ofFresh(moment, { service, jobs: null }, this.#positionAt(log.head)));
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
    return this.#options.events.ofTransition(transition, this.#positionAt(transition.offset));
  }

  #missed(loss: object): JobEvent {
    const { events, log } = this.#options;
    return events.ofMissed(loss, this.#positionAt(log.head));
  }

  #positionAt(offset: number): ReaderPosition {
    return { scope: this.#scope, offset, pending: [], gone: [] };
  }
}

const none: ReadonlySet<never> = new Set();
