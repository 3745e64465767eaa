/** One `jobActivity` subscription: each change that the filter admits, and each new job. */
import type { Job } from '../../model/job.ts';
import { admitsJob, admitsState, type JobFilter } from '../../model/job-filter.ts';
import type { JobService } from '../../model/job-state.ts';
import type { Transition, TransitionLog } from '../history/transition-log.ts';
import { activityScope } from './activity-place.ts';
import type { Cursors, Position, ReaderPosition } from './cursor.ts';
import type { JobEvent, JobStateChange } from './events.ts';
import type { SharedEvents } from './shared-events.ts';
import { Subscriber, type SubscriberOwner } from './subscriber.ts';

export interface ActivitySubscriptionOptions {
  readonly filter: JobFilter;
  /** The caller and their rights, as for `JobSubscription`. */
  readonly audience: string;
  readonly after: string | undefined;
  readonly log: TransitionLog;
  readonly cursors: Cursors;
  readonly events: SharedEvents;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

/**
 * How long after a list a stream may go on from it. What was created meanwhile is looked for in the lists of the services,
 * which go back a thousand jobs.
 */
const maxListAgeMs = 3_600_000;

/** How long the list of a service may lack a new job: what came before an event may not have been listed yet. */
const listLagMs = 2_000;

export class ActivitySubscription implements SubscriberOwner<JobEvent> {
  readonly subscriber: Subscriber<JobEvent>;
  readonly #options: ActivitySubscriptionOptions;
  readonly #scope: Pick<ReaderPosition, 'audience' | 'scope'>;
  /** The offset to resume from; undefined where there is none, or where it is out of reach. */
  readonly #position: Position | undefined;
  /** Services with an emitted `JobsStale` that no `JobsFresh` has followed yet. */
  #staleServices: ReadonlySet<JobService> = none;

  /**
   * Throws `StreamError` for a cursor that no gateway made for this field and this audience. It is a place in the log, so
   * the filter may be another one; older gateways accept it for the same filter only, by its scope.
   */
  constructor(options: ActivitySubscriptionOptions) {
    this.#options = options;
    const { filter, audience, after, cursors, now } = options;
    const own = activityScope(audience, filter);
    this.#scope = own;
    const isUsable = (position: Position) => position.scope === own.scope || position.audience === own.audience;
    const position = after === undefined ? undefined : cursors.positionFrom(after, isUsable);
    this.#position = (position?.since ?? now) < now - maxListAgeMs ? undefined : position;
    this.subscriber = new Subscriber<JobEvent>(this);
  }

  get filter(): JobFilter {
    return this.#options.filter;
  }

  /** From when on jobs are new to a stream that goes on from a list or from an event, in milliseconds since the epoch. */
  get since(): number | undefined {
    return this.#position?.since ?? this.#lastEventAt();
  }

  /** No gateway may have run between the event and this stream. */
  #lastEventAt(): number | undefined {
    const { offset } = this.#position ?? {};
    if (offset === undefined || offset === 0) return undefined;
    const [last] = this.#options.log.since(offset - 1) ?? [];
    if (last?.offset !== offset) return undefined;
    return Math.max(last.observedAt.getTime() - listLagMs, this.#options.now - maxListAgeMs);
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

  /** A change into or out of the filter's states is admitted, and a job of which too little is known to refuse it. */
  #admits(transition: Transition): boolean {
    const { kind, from, to } = transition;
    const { filter } = this.#options;
    if (kind === 'first') return false;
    const isOfStates = admitsState(filter, to) || (from !== null && admitsState(filter, from));
    return isOfStates && admitsJob(filter, datedJob(transition)) !== false;
  }

  #changeFrom(transition: Transition): JobStateChange {
    return this.#options.events.ofTransition(transition, this.#positionAt(transition.offset));
  }

  #eventsMissed(loss: object): JobEvent {
    const { events, log } = this.#options;
    return events.ofMissed(loss, this.#positionAt(log.head));
  }

  #positionAt(offset: number): ReaderPosition {
    return { ...this.#scope, jobs: '', offset, pending: [], gone: [] };
  }
}

/** The answer to a create of an Import/Export job does not say when, but it has just happened. */
function datedJob({ kind, job, observedAt }: Transition): Job {
  return kind === 'appeared' && job.createdAt === undefined ? { ...job, createdAt: observedAt } : job;
}

const none: ReadonlySet<never> = new Set();
