/** What is made of an observation: what is new to the log is appended, and those who wait for the present are answered. */
import type { Clock } from '../base/clock.ts';
import { isFinished } from '../model/job-state.ts';
import { isAnomalous } from './anomaly.ts';
import type { FencingTokens, Transition, TransitionLog } from './history/transition-log.ts';
import type { PollQueue } from './poll-queue.ts';
import type { Observation } from './state-source.ts';
import { dueImmediately, type WatchedJob } from './watched-job.ts';

/** What the jobs of one reading share: the chance in their next interval, and what they may write. */
export interface Tick {
  readonly random: number;
  readonly fencingTokens: FencingTokens;
}

export interface RecorderOptions {
  readonly clock: Clock;
  readonly log: TransitionLog;
  readonly queue: PollQueue;
  /** A list shows what cannot be believed of it yet. */
  readonly onDoubt: (job: WatchedJob) => void;
  /** The job was read, and what was seen is in the log. */
  readonly onWell: (job: WatchedJob) => void;
  /** The log was told of the job, by whoever saw it. */
  readonly onSighted: (job: WatchedJob) => void;
  /** What was observed could not be written down: as good as not read. */
  readonly onFailed: (job: WatchedJob, tick: Tick) => void;
}

export class Recorder {
  readonly #options: RecorderOptions;
  /** Jobs of which the log told since the last reading began, so that it may have come too early. */
  readonly #overtaken = new Set<string>();

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  beginReading(): void {
    this.#overtaken.clear();
  }

  /** Another gateway may have read what this one is about to read, or would not have read for long. */
  catchUp(job: WatchedJob, { job: told, to: state }: Transition): void {
    this.#overtaken.add(told.awsJobId);
    const observation = { job: told, state };
    // An outline tells when to look, not what there is.
    const isOutline = told.service === 'DATA_EXCHANGE' && told.outline !== undefined;
    if (!isOutline && job.seen?.state !== state && !isOlder(observation, job.seen)) job.seen = observation;
    this.#options.onSighted(job);
    this.#options.queue.noteChange(job);
  }

  /**
   * Takes in what a list shows. Whether lists lag behind single reads is not known: so none takes a state back, and what cannot
   * be believed is confirmed.
   */
  takeListed(job: WatchedJob, observation: Observation, tick: Tick): void {
    if (isOlder(observation, job.seen)) return;
    if (isDoubtful(job, observation)) this.#options.onDoubt(job);
    else void this.#see(job, fullerOf(observation, job.seen), tick);
  }

  /**
   * Takes in what was read. A list that was asked for later may have come in before it. Gives what is to be waited for where
   * something is written.
   */
  takeRead(job: WatchedJob, read: Observation, tick: Tick): Promise<void> | undefined {
    const observation = job.seen !== undefined && isOlder(read, job.seen) ? job.seen : read;
    if (this.#overtaken.has(job.ref.awsJobId) && !this.#isLast(observation)) {
      this.#readAgain(job);
      return undefined;
    }
    const recording = this.#see(job, observation, tick);
    if (recording === undefined) this.#answer(job, observation);
    return recording?.then(() => this.#answer(job, observation));
  }

  #see(job: WatchedJob, observation: Observation, tick: Tick): Promise<void> | undefined {
    job.seen = observation;
    if (this.#isLast(observation)) {
      this.#settle(job, tick);
      return undefined;
    }
    const { state } = observation;
    // A list and a reading may bring the same while it is on its way to the log.
    if (job.recording?.state !== state) job.recording = { state, done: this.#record(job, observation, tick) };
    return job.recording.done;
  }

  #settle(job: WatchedJob, { random }: Tick): void {
    this.#options.onWell(job);
    // Whoever still waits for the present is not put off by a list that shows it to others, nor is what was noticed meanwhile.
    if (job.awaiting.size === 0 && job.dueAt !== dueImmediately) this.#options.queue.schedule(job, random);
  }

  /** The log may have been told more meanwhile, of which those who wait for the present are not told by themselves. */
  #answer(job: WatchedJob, observation: Observation): void {
    if (job.answering.size === 0) return;
    if (!this.#isLast(observation)) {
      this.#readAgain(job);
      return;
    }
    const answered = job.answering;
    job.answering = new Set();
    for (const watcher of answered) if (job.watchers.has(watcher)) watcher.onPresent(observation);
  }

  #isLast({ job, state }: Observation): boolean {
    return this.#options.log.last(job)?.to === state;
  }

  /** Appends to the log what is new to it; the log then tells those who watch. */
  async #record(job: WatchedJob, observation: Observation, tick: Tick): Promise<void> {
    try {
      await this.#append(observation, tick.fencingTokens);
      job.recording = undefined;
      this.#conclude(job, observation, tick);
    } catch {
      job.recording = undefined;
      this.#options.onFailed(job, tick);
    }
  }

  /** What the log has refused was read too early, or by one who has not to read it any more. */
  #conclude(job: WatchedJob, observation: Observation, tick: Tick): void {
    const { queue } = this.#options;
    const isAwaited = job.answering.size + job.awaiting.size > 0;
    if (this.#isLast(observation)) this.#settle(job, tick);
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

/** Whether a list contradicts what is known of the job, or ends a job of which it does not tell all: those of Import/Export. */
function isDoubtful({ seen, known }: WatchedJob, { job, state }: Observation): boolean {
  const before = seen?.state ?? known;
  if (before === state) return false;
  if (job.service === 'IMPORT_EXPORT') return isFinished(state) || (seen === undefined && before !== undefined);
  return before !== undefined && isAnomalous(job.service, before, state);
}

/** A list of Import/Export says of a state no more than its name: what a read has shown with it stays. */
function fullerOf(listed: Observation, seen: Observation | undefined): Observation {
  return listed.job.service === 'IMPORT_EXPORT' && seen?.state === listed.state ? seen : listed;
}

/** Whether a job was seen as the service had it later. Import/Export says nothing of when a job changed. */
function isOlder({ job }: Observation, seen: Observation | undefined): boolean {
  return job.service === 'DATA_EXCHANGE' && seen?.job.service === 'DATA_EXCHANGE' && job.updatedAt < seen.job.updatedAt;
}
