/**
 * Processes observations: appends those that are new to the log, and answers watchers that wait for the present state.
 */
import type { Clock } from '../base/clock.ts';
import { isFinished } from '../model/job-state.ts';
import { isAnomalous } from './anomaly.ts';
import type { FencingTokens, Transition, TransitionLog } from './history/transition-log.ts';
import type { PollQueue } from './poll-queue.ts';
import type { Observation } from './state-source.ts';
import { dueImmediately, type WatchedJob } from './watched-job.ts';

/** What the jobs of one reading share: the random part of their next interval, and the fencing tokens to write with. */
export interface Tick {
  readonly random: number;
  readonly fencingTokens: FencingTokens;
}

export interface RecorderOptions {
  readonly clock: Clock;
  readonly log: TransitionLog;
  readonly queue: PollQueue;
  /** A list shows a state that must be confirmed. */
  readonly onUnconfirmed: (job: WatchedJob) => void;
  /** The job was read, and the log holds its state. */
  readonly onRead: (job: WatchedJob) => void;
  /** The log received a transition of the job, whoever observed it. */
  readonly onLogged: (job: WatchedJob) => void;
  /** The observation could not be appended, which counts as a failed reading. */
  readonly onFailed: (job: WatchedJob, tick: Tick) => void;
}

export class Recorder {
  readonly #options: RecorderOptions;
  /** Jobs with a transition since the last reading began, so that the reading may be older. */
  readonly #overtaken = new Set<string>();

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  beginReading(): void {
    this.#overtaken.clear();
  }

  /** Another gateway may have observed the job before this one would have. */
  onTransition(job: WatchedJob, { job: logged, to: state }: Transition): void {
    this.#overtaken.add(logged.awsJobId);
    const observation = { job: logged, state };
    // An outline says that the job has changed, but lacks its details.
    const isOutline = logged.service === 'DATA_EXCHANGE' && logged.outline !== undefined;
    if (!isOutline && job.latest?.state !== state && !isOlder(observation, job.latest)) job.latest = observation;
    this.#options.onLogged(job);
    this.#options.queue.noteChange(job);
  }

  /**
   * Applies what a list shows. Whether lists lag behind single reads is not documented: so a list never takes a state
   * back, and what looks like that is confirmed.
   */
  takeListed(job: WatchedJob, observation: Observation, tick: Tick): void {
    if (isOlder(observation, job.latest)) return;
    if (needsConfirmation(job, observation)) this.#options.onUnconfirmed(job);
    else void this.#observe(job, mergedWithDetails(observation, job.latest), tick);
  }

  /**
   * Applies what was read. A list that was requested later may have been applied before it. Returns a promise while the
   * state is being appended.
   */
  takeRead(job: WatchedJob, read: Observation, tick: Tick): Promise<void> | undefined {
    const observation = job.latest !== undefined && isOlder(read, job.latest) ? job.latest : read;
    if (this.#overtaken.has(job.ref.awsJobId) && !this.#isCurrent(observation)) {
      this.#readAgain(job);
      return undefined;
    }
    const recording = this.#observe(job, observation, tick);
    if (recording === undefined) this.#answerWaiters(job, observation);
    return recording?.then(() => this.#answerWaiters(job, observation));
  }

  #observe(job: WatchedJob, observation: Observation, tick: Tick): Promise<void> | undefined {
    job.latest = observation;
    if (this.#isCurrent(observation)) {
      this.#reschedule(job, tick);
      return undefined;
    }
    const { state } = observation;
    // A list and a reading may bring the same state while it is being appended.
    if (job.recording?.state !== state) job.recording = { state, done: this.#record(job, observation, tick) };
    return job.recording.done;
  }

  #reschedule(job: WatchedJob, { random }: Tick): void {
    this.#options.onRead(job);
    // Watchers that still wait for the present are not delayed by a list that shows it to others, nor is a mutation
    // that was noted meanwhile.
    if (job.waiters.size === 0 && job.dueAt !== dueImmediately) this.#options.queue.schedule(job, random);
  }

  /** The log may have received later transitions, which waiting watchers do not receive. */
  #answerWaiters(job: WatchedJob, observation: Observation): void {
    if (job.waitersInFlight.size === 0) return;
    if (!this.#isCurrent(observation)) {
      this.#readAgain(job);
      return;
    }
    const answered = job.waitersInFlight;
    job.waitersInFlight = new Set();
    for (const watcher of answered) if (job.watchers.has(watcher)) watcher.onPresent(observation);
  }

  #isCurrent({ job, state }: Observation): boolean {
    return this.#options.log.last(job)?.to === state;
  }

  /** Appends the observation; the log then notifies all watchers. */
  async #record(job: WatchedJob, observation: Observation, tick: Tick): Promise<void> {
    try {
      await this.#append(observation, tick.fencingTokens);
      job.recording = undefined;
      this.#afterAppend(job, observation, tick);
    } catch {
      job.recording = undefined;
      this.#options.onFailed(job, tick);
    }
  }

  /** The log refuses an observation that is outdated, or that came from a gateway that no longer reads the service. */
  #afterAppend(job: WatchedJob, observation: Observation, tick: Tick): void {
    const { queue } = this.#options;
    const isAwaited = job.waitersInFlight.size + job.waiters.size > 0;
    if (this.#isCurrent(observation)) this.#reschedule(job, tick);
    else if (isAwaited || queue.isOurs(job)) this.#readAgain(job);
    else queue.schedule(job, tick.random);
  }

  #append({ job, state }: Observation, fencingTokens: FencingTokens): Promise<Transition | undefined> {
    const { log, clock } = this.#options;
    const last = log.last(job);
    const kind = last === undefined ? 'first' : 'changed';
    const observedAt = new Date(clock.now());
    return log.append(last?.sequence ?? 0, { kind, job, from: last?.to ?? null, to: state, observedAt }, fencingTokens);
  }

  #readAgain(job: WatchedJob): void {
    job.requeueWaiters();
    this.#options.queue.pollSoon(job);
  }
}

/**
 * Whether a list contradicts what is known of the job, or ends an Import/Export job, of which a list does not show
 * everything.
 */
function needsConfirmation({ latest, priorState }: WatchedJob, { job, state }: Observation): boolean {
  const before = latest?.state ?? priorState;
  if (before === state) return false;
  if (job.service === 'IMPORT_EXPORT') return isFinished(state) || (latest === undefined && before !== undefined);
  return before !== undefined && isAnomalous(job.service, before, state);
}

/** A list of Import/Export shows only the name of a state: the details of the last read are kept. */
function mergedWithDetails(listed: Observation, latest: Observation | undefined): Observation {
  return listed.job.service === 'IMPORT_EXPORT' && latest?.state === listed.state ? latest : listed;
}

/** Whether the first observation is older than the second. Import/Export does not say when a job changed. */
function isOlder({ job }: Observation, latest: Observation | undefined): boolean {
  return (
    job.service === 'DATA_EXCHANGE' && latest?.job.service === 'DATA_EXCHANGE' && job.updatedAt < latest.job.updatedAt
  );
}
