/** One `jobActivity` subscription: each change that the filter admits, and each new job. */
import type { JobService } from '../../model/job-state.ts';
import type { Transition, TransitionLog } from '../history/transition-log.ts';
import { type Cursors, type Position, type ReaderPosition, scopeFrom } from './cursor.ts';
import type { ActivityFilter, JobEvent, JobStateChange } from './events.ts';
import type { SharedEvents } from './shared-events.ts';
import { Subscriber, type SubscriberOwner } from './subscriber.ts';

export interface ActivitySubscriptionOptions {
  readonly filter: ActivityFilter;
  /** The caller and their rights, as for `JobSubscription`. */
  readonly audience: string;
  readonly after: string | undefined;
  readonly log: TransitionLog;
  readonly cursors: Cursors;
  readonly events: SharedEvents;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

export class ActivitySubscription implements SubscriberOwner<JobEvent> {
  readonly subscriber: Subscriber<JobEvent>;
  readonly #options: ActivitySubscriptionOptions;
  readonly #scope: string;
  /** The offset to resume from; undefined where there is none, or where the log no longer has it. */
  readonly #position: Position | undefined;
  /** Services with an emitted `JobsStale` that no `JobsFresh` has followed yet. */
  #staleServices: ReadonlySet<JobService> = none;

  /** Throws `StreamError` for a cursor that no gateway made for this filter and this audience. */
  constructor(options: ActivitySubscriptionOptions) {
    this.#options = options;
    const { filter, audience } = options;
    const { service = '', dataSetId = '' } = filter;
    this.#scope = scopeFrom(['activity', audience, service, dataSetId]);
    const { after, cursors } = options;
    this.#position =
      after === undefined ? undefined : cursors.positionFrom(after, ({ scope }) => scope === this.#scope);
    this.subscriber = new Subscriber<JobEvent>(this);
  }

  get filter(): ActivityFilter {
    return this.#options.filter;
  }

  caughtUp(): Promise<void> | undefined {
    return this.#position && this.#options.log.caughtUp(this.#position.offset);
  }

  onStart(): void {
    this.#options.onStart();
  }

  onEnd(): void {
    this.#options.onEnd();
  }

  onTransition(transition: Transition): void {
    if (this.#admits(transition)) this.subscriber.push(this.#changeFrom(transition));
  }

  /** The log has lost entries: events that were emitted, or events that never will be. */
  onLost(loss: object): void {
    this.subscriber.push(this.#eventsMissed(loss));
  }

  /**
   * The service's list cannot be read, for the first time or still. `batch` is the same object for all streams notified
   * in one pass.
   */
  onStale(service: JobService, since: Date, batch: object): void {
    if (this.#staleServices.has(service)) return;
    this.#staleServices = new Set([...this.#staleServices, service]);
    const { events, log } = this.#options;
    this.subscriber.push(events.ofStale(batch, { service, jobs: null }, since, this.#positionAt(log.head)));
  }

  /** The service's list can be read, for the first time or still. */
  onFresh(service: JobService, batch: object): void {
    if (!this.#staleServices.has(service)) return;
    this.#staleServices = new Set([...this.#staleServices].filter((each) => each !== service));
    const { events, log } = this.#options;
    this.subscriber.push(events.ofFresh(batch, { service, jobs: null }, this.#positionAt(log.head)));
  }

  /** What a resuming reader has missed, computed when it begins to read. */
  backlog(): readonly JobEvent[] {
    if (this.#options.after === undefined) return [];
    const since = this.#position && this.#options.log.since(this.#position.offset);
    if (since === undefined) return [this.#eventsMissed({})];
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

  #eventsMissed(loss: object): JobEvent {
    const { events, log } = this.#options;
    return events.ofMissed(loss, this.#positionAt(log.head));
  }

  #positionAt(offset: number): ReaderPosition {
    return { scope: this.#scope, audience: '', jobs: '', offset, pending: [], gone: [] };
  }
}

const none: ReadonlySet<never> = new Set();
