/** One `jobStateChanged`: the present state of each of its jobs, then each change, until every one is finished. */
import { isFinished, type JobRef, type JobState } from '../../model/job-state.ts';
import { jobKey, type Transition, type TransitionLog } from '../history/transition-log.ts';
import type { Poller } from '../poller.ts';
import type { Observation } from '../state-source.ts';
import { type StaleJob, ToldStale } from '../told-stale.ts';
import type { JobWatcher } from '../watched-job.ts';
import { type Cursors, type Position, scopeFrom } from './cursor.ts';
import type { JobEvent, JobStateChange, JobsOfService } from './events.ts';
import type { ReaderPosition, SharedEvents } from './shared-events.ts';
import { Subscriber } from './subscriber.ts';

export interface JobSubscriptionOptions {
  readonly refs: readonly JobRef[];
  /** Who is told: nobody else can go on from the cursors, nor is shown what was made of the events. */
  readonly audience: string;
  readonly after: string | undefined;
  readonly log: TransitionLog;
  readonly cursors: Cursors;
  readonly events: SharedEvents;
  readonly pollerOf: (ref: JobRef) => Poller;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

export class JobSubscription implements JobWatcher {
  readonly subscriber: Subscriber<JobEvent>;
  readonly #options: JobSubscriptionOptions;
  /** The order that cursors count the jobs by. */
  readonly #keys: readonly string[];
  readonly #scope: string;
  /** Where the reader left off; undefined where that is not, or no longer, known. */
  readonly #position: Position | undefined;
  /** The jobs by key; those that can still bring an event. */
  readonly #open: Map<string, JobRef>;
  /** Jobs whose present state has not been handed out yet, each with its place among the keys. */
  readonly #pending = new Map<string, number>();
  /** Jobs that were told to be gone, likewise. */
  readonly #gone: Map<string, number>;

  readonly #toldStale = new ToldStale();

  /** Throws `StreamError` for a cursor that no gateway made for these jobs and this audience. */
  constructor(options: JobSubscriptionOptions) {
    this.#options = options;
    this.#keys = options.refs.map(jobKey).sort();
    this.#scope = scopeFrom(['jobs', options.audience, ...this.#keys]);
    this.#open = new Map(options.refs.map((ref) => [jobKey(ref), ref]));
    const { after, cursors } = options;
    this.#position = after === undefined ? undefined : cursors.positionFrom(after, this.#scope);
    this.#gone = new Map((this.#position?.gone ?? []).map((place) => [this.#keys[place] ?? '', place]));
    const arrival = () => this.#position && options.log.arrival(this.#position.offset);
    const hooks = { onStart: () => this.#start(), onEnd: () => this.#end(), arrival };
    this.subscriber = new Subscriber<JobEvent>(hooks, () => this.#backlog());
  }

  onTransition(transition: Transition): void {
    if (this.#pending.has(jobKey(transition.job))) return;
    this.subscriber.push(this.#changeFrom(transition));
    this.#settle(transition.job, transition.to, transition);
  }

  onPresent(observation: Observation): void {
    if (!this.#pending.delete(jobKey(observation.job))) return;
    const { events, log } = this.#options;
    this.subscriber.push(events.ofPresent(observation, this.#positionAt(log.head)));
    this.#settle(observation.job, observation.state, observation);
  }

  onGone(ref: JobRef): void {
    const key = jobKey(ref);
    const { events, log } = this.#options;
    this.#pending.delete(key);
    this.#gone.set(key, this.#keys.indexOf(key));
    this.subscriber.push(events.ofGone(ref, this.#positionAt(log.head)));
    this.#close(ref);
  }

  onStale(jobs: readonly StaleJob[], moment: object): void {
    const open = jobs.filter(({ ref }) => this.#open.has(jobKey(ref)));
    const { fresh, stale } = this.#toldStale.add(open);
    this.#tellFresh(fresh, moment);
    const [first] = stale;
    if (first === undefined) return;
    const { service } = first.ref;
    const refs = stale.map(({ ref }) => ref);
    const isAll = [...this.#open.values()].filter((ref) => ref.service === service).length === refs.length;
    const told = { service, jobs: isAll ? null : refs };
    this.#toldStale.note(told, stale);
    const { events, log } = this.#options;
    const since = new Date(Math.min(...stale.map(({ wellAt }) => wellAt)));
    this.subscriber.push(events.ofStale(moment, told, since, this.#positionAt(log.head)));
  }

  onFresh(refs: readonly JobRef[], moment: object): void {
    this.#tellFresh(this.#toldStale.remove(refs), moment);
  }

  /** What was told may have been lost: the reader begins anew with the present of what is not over. */
  onLost(loss: object): void {
    if (this.#open.size === 0) return;
    for (const [place, key] of this.#keys.entries()) if (this.#open.has(key)) this.#pending.set(key, place);
    this.subscriber.push(this.#missed(loss));
    for (const ref of [...this.#open.values()]) this.#options.pollerOf(ref).watch(ref, this);
  }

  /**
   * What a reader who comes back has not seen, as of when it begins to read. A job of which the log knows nothing counts as
   * not seen at all: whatever it was, its present state is the honest answer; and so do all jobs where the cursor is too old.
   */
  #backlog(): readonly JobEvent[] {
    const { log, refs, after } = this.#options;
    const since = this.#position && log.since(this.#position.offset, refs);
    const unseen = new Set(this.#position?.pending);
    for (const [place, key] of this.#keys.entries()) {
      if (this.#gone.has(key)) continue;
      const ref = this.#open.get(key);
      const isUnknown = since === undefined || unseen.has(place) || ref === undefined || log.last(ref) === undefined;
      if (isUnknown) this.#pending.set(key, place);
    }
    if (after !== undefined && since === undefined) return [this.#missed({})];
    const missed = since?.filter(({ kind, job }) => kind === 'changed' && !this.#pending.has(jobKey(job))) ?? [];
    return missed.map((transition) => this.#changeFrom(transition));
  }

  #start(): void {
    this.#options.onStart();
    for (const [key, ref] of [...this.#open]) {
      const last = this.#options.log.last(ref);
      const isOver = !this.#pending.has(key) && last !== undefined && isFinished(last.to);
      if (isOver || this.#gone.has(key)) this.#close(ref);
      else this.#options.pollerOf(ref).watch(ref, this);
    }
  }

  #end(): void {
    for (const ref of this.#open.values()) this.#options.pollerOf(ref).unwatch(ref, this);
    this.#open.clear();
    this.#options.onEnd();
  }

  #settle(ref: JobRef, state: JobState, moment: object): void {
    if (isFinished(state)) this.#close(ref, moment);
  }

  /** `moment` is what all are told of in whose streams it is over. */
  #close(ref: JobRef, moment: object = ref): void {
    if (!this.#open.delete(jobKey(ref))) return;
    this.#tellFresh(this.#toldStale.remove([ref]), moment);
    this.#options.pollerOf(ref).unwatch(ref, this);
    if (this.#open.size === 0) this.subscriber.complete();
  }

  #tellFresh(fresh: readonly JobsOfService[], moment: object): void {
    const { events, log } = this.#options;
    for (const each of fresh) this.subscriber.push(events.ofFresh(moment, each, this.#positionAt(log.head)));
  }

  #changeFrom(transition: Transition): JobStateChange {
    return this.#options.events.ofTransition(transition, this.#positionAt(transition.offset));
  }

  #missed(loss: object): JobEvent {
    const { events, log } = this.#options;
    return events.ofMissed(loss, this.#positionAt(log.head));
  }

  #positionAt(offset: number): ReaderPosition {
    return { scope: this.#scope, offset, pending: [...this.#pending.values()], gone: [...this.#gone.values()] };
  }
}
