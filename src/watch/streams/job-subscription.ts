/**
 * One `jobStateChanged` subscription: the present state of each of its jobs, then each change, until every job is
 * finished.
 */
import { isFinished, type JobRef, type JobState } from '../../model/job-state.ts';
import { jobKey, type Transition, type TransitionLog } from '../history/transition-log.ts';
import type { Poller } from '../poller.ts';
import { type StaleJob, StaleNotices } from '../stale-notices.ts';
import type { Observation } from '../state-source.ts';
import type { JobWatcher } from '../watched-job.ts';
import type { Cursors, Position, ReaderPosition } from './cursor.ts';
import { CursorJobs } from './cursor-jobs.ts';
import type { JobEvent, JobStateChange, JobsOfService } from './events.ts';
import type { SharedEvents } from './shared-events.ts';
import { Subscriber, type SubscriberOwner } from './subscriber.ts';

export interface JobSubscriptionOptions {
  readonly refs: readonly JobRef[];
  /** The caller and their rights. Cursors of another audience are refused, and results are not shared with it. */
  readonly audience: string;
  readonly after: string | undefined;
  readonly log: TransitionLog;
  readonly cursors: Cursors;
  readonly events: SharedEvents;
  readonly pollerOf: (ref: JobRef) => Poller;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

export class JobSubscription implements JobWatcher, SubscriberOwner<JobEvent> {
  readonly subscriber: Subscriber<JobEvent>;
  readonly #options: JobSubscriptionOptions;
  /** The order in which cursors index the jobs. */
  readonly #keys: readonly string[];
  readonly #cursorJobs: CursorJobs;
  /** The position to resume from; undefined where there is none, or where the log no longer has it. */
  readonly #position: Position | undefined;
  /** The jobs that can still bring an event, by key. */
  readonly #open: Map<string, JobRef>;
  /** Jobs whose present state has not been emitted yet, each with its index among the keys. */
  readonly #pending = new Map<string, number>();
  /** Jobs with an emitted `JobGone`, likewise. */
  readonly #gone: Map<string, number>;

  readonly #staleNotices = new StaleNotices();

  /** Throws `StreamError` for a cursor that no gateway made for this audience and `jobStateChanged`. */
  constructor(options: JobSubscriptionOptions) {
    this.#options = options;
    this.#keys = options.refs.map(jobKey).sort();
    this.#cursorJobs = new CursorJobs(options.audience, this.#keys);
    this.#open = new Map(options.refs.map((ref) => [jobKey(ref), ref]));
    const { after, cursors } = options;
    this.#position =
      after === undefined ? undefined : cursors.positionFrom(after, (position) => this.#cursorJobs.mayResume(position));
    this.#gone = this.#indexed(this.#position === undefined ? [] : this.#cursorJobs.goneIn(this.#position));
    this.subscriber = new Subscriber<JobEvent>(this);
  }

  caughtUp(): Promise<void> | undefined {
    return this.#position && this.#options.log.caughtUp(this.#position.offset);
  }

  onTransition(transition: Transition): void {
    if (this.#pending.has(jobKey(transition.job))) return;
    this.subscriber.push(this.#changeFrom(transition));
    this.#closeIfFinished(transition.job, transition.to, transition);
  }

  onPresent(observation: Observation): void {
    if (!this.#pending.delete(jobKey(observation.job))) return;
    const { events, log } = this.#options;
    this.subscriber.push(events.ofPresent(observation, this.#positionAt(log.head)));
    this.#closeIfFinished(observation.job, observation.state, observation);
  }

  onGone(ref: JobRef): void {
    const key = jobKey(ref);
    const { events, log } = this.#options;
    this.#pending.delete(key);
    this.#gone.set(key, this.#keys.indexOf(key));
    this.subscriber.push(events.ofGone(ref, this.#positionAt(log.head)));
    this.#close(ref);
  }

  onStale(jobs: readonly StaleJob[], batch: object): void {
    const open = jobs.filter(({ ref }) => this.#open.has(jobKey(ref)));
    const { fresh, stale } = this.#staleNotices.add(open);
    this.#emitFresh(fresh, batch);
    const [first] = stale;
    if (first === undefined) return;
    const { service } = first.ref;
    const refs = stale.map(({ ref }) => ref);
    const isAll = [...this.#open.values()].filter((ref) => ref.service === service).length === refs.length;
    const emitted = { service, jobs: isAll ? null : refs };
    this.#staleNotices.record(emitted, stale);
    const { events, log } = this.#options;
    const since = new Date(Math.min(...stale.map(({ lastReadAt }) => lastReadAt)));
    this.subscriber.push(events.ofStale(batch, emitted, since, this.#positionAt(log.head)));
  }

  onFresh(refs: readonly JobRef[], batch: object): void {
    this.#emitFresh(this.#staleNotices.remove(refs), batch);
  }

  /** The log has lost entries: the stream starts again with the present state of each job that is still open. */
  onLost(loss: object): void {
    if (this.#open.size === 0) return;
    for (const [index, key] of this.#keys.entries()) if (this.#open.has(key)) this.#pending.set(key, index);
    this.subscriber.push(this.#eventsMissed(loss));
    for (const ref of [...this.#open.values()]) this.#options.pollerOf(ref).watch(ref, this);
  }

  /**
   * What a resuming reader has missed, computed when it begins to read. Jobs that the log or the cursor does not know
   * become pending, so that their present state is emitted; so do all jobs if the cursor is too old.
   */
  backlog(): readonly JobEvent[] {
    const { log, refs, after } = this.#options;
    const since = this.#position && log.since(this.#position.offset, refs);
    const untold = new Set(this.#position && this.#cursorJobs.untoldIn(this.#position));
    for (const [index, key] of this.#keys.entries()) {
      if (this.#gone.has(key)) continue;
      const ref = this.#open.get(key);
      const isUnknown = since === undefined || untold.has(key) || ref === undefined || log.last(ref) === undefined;
      if (isUnknown) this.#pending.set(key, index);
    }
    if (after !== undefined && since === undefined) return [this.#eventsMissed({})];
    const missed = since?.filter(({ kind, job }) => kind === 'changed' && !this.#pending.has(jobKey(job))) ?? [];
    return missed.map((transition) => this.#changeFrom(transition));
  }

  onStart(): void {
    this.#options.onStart();
    for (const [key, ref] of [...this.#open]) {
      const last = this.#options.log.last(ref);
      const isOver = !this.#pending.has(key) && last !== undefined && isFinished(last.to);
      if (isOver || this.#gone.has(key)) this.#close(ref);
      else this.#options.pollerOf(ref).watch(ref, this);
    }
  }

  onEnd(): void {
    for (const ref of this.#open.values()) this.#options.pollerOf(ref).unwatch(ref, this);
    this.#open.clear();
    this.#options.onEnd();
  }

  #indexed(keys: readonly string[]): Map<string, number> {
    return new Map(keys.map((key) => [key, this.#keys.indexOf(key)]));
  }

  #closeIfFinished(ref: JobRef, state: JobState, batch: object): void {
    if (isFinished(state)) this.#close(ref, batch);
  }

  /** `batch` is shared by all streams that close the job in one pass. */
  #close(ref: JobRef, batch: object = ref): void {
    if (!this.#open.delete(jobKey(ref))) return;
    this.#emitFresh(this.#staleNotices.remove([ref]), batch);
    this.#options.pollerOf(ref).unwatch(ref, this);
    if (this.#open.size === 0) this.subscriber.complete();
  }

  #emitFresh(fresh: readonly JobsOfService[], batch: object): void {
    const { events, log } = this.#options;
    for (const each of fresh) this.subscriber.push(events.ofFresh(batch, each, this.#positionAt(log.head)));
  }

  #changeFrom(transition: Transition): JobStateChange {
    return this.#options.events.ofTransition(transition, this.#positionAt(transition.offset));
  }

  #eventsMissed(loss: object): JobEvent {
    const { events, log } = this.#options;
    return events.ofMissed(loss, this.#positionAt(log.head));
  }

  #positionAt(offset: number): ReaderPosition {
    const { scope, audience, jobs } = this.#cursorJobs;
    return { scope, audience, jobs, offset, pending: [...this.#pending.values()], gone: [...this.#gone.values()] };
  }
}
