/** Looks through a service's newest jobs while someone watches its activity, so that nobody needs to name ids. */
import type { Clock } from '../clock.ts';
import { isFinished, type Job, type JobRef } from '../job.ts';
import type { Lane, Watching } from './lane.ts';
import { type Cadence, intervalMs } from './schedule.ts';
import type { Observation, StateSource, Sweep } from './state-source.ts';
import type { Transition, TransitionLog } from './transition-log.ts';

export interface SweeperOptions {
  readonly source: StateSource;
  readonly lane: Lane;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly log: TransitionLog;
  readonly onTransition: (transition: Transition) => void;
}

/**
 * Every unfinished job that a sweep brings is watched in the lane until it is finished; the readings that the sweep itself
 * holds spare the lane its own.
 */
export class Sweeper implements Watching {
  readonly #options: SweeperOptions;
  readonly #held = new Map<string, JobRef>();
  /** Jobs that came into being since the last sweep and have not been read yet. */
  readonly #newborn = new Set<string>();
  #known: ReadonlySet<string> = new Set();
  /** Jobs created from here on, and not known, are new. Before the first sweep: those created since it was asked for. */
  #newestAt: number | undefined;
  #unchanged = 0;
  #failures = 0;
  #cancelTimer: (() => void) | undefined;
  #sweeping: AbortController | undefined;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  get #isRunning(): boolean {
    return this.#cancelTimer !== undefined || this.#sweeping !== undefined;
  }

  /**
   * Sweeps at once, then at the cadence of the lane. Goes on from what it knew when it stopped if `isResumed`, so that jobs
   * created meanwhile count as new; else whatever is there by now is old.
   */
  start(isResumed: boolean): void {
    if (this.#isRunning) return;
    if (!isResumed || this.#newestAt === undefined) {
      this.#known = new Set();
      // List entries of Import/Export have whole seconds.
      this.#newestAt = Math.floor(this.#options.clock.now() / 1_000) * 1_000;
    }
    this.#schedule(0);
  }

  /** Sweeps at once if it is running: something new is there. */
  notice(): void {
    this.#unchanged = 0;
    if (this.#cancelTimer === undefined) return;
    this.#cancelTimer();
    this.#schedule(0);
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#sweeping?.abort();
    this.#sweeping = undefined;
    for (const ref of this.#held.values()) this.#options.lane.unwatch(ref, this);
    this.#held.clear();
    this.#newborn.clear();
  }

  onTransition(_transition: Transition): void {
    this.#unchanged = 0;
  }

  onReading(observation: Observation): void {
    const { awsJobId } = observation.job;
    if (this.#newborn.delete(awsJobId)) this.#announce(observation);
    if (isFinished(observation.state)) this.#release(observation.job);
  }

  onGone(ref: JobRef): void {
    this.#newborn.delete(ref.awsJobId);
    this.#held.delete(ref.awsJobId);
  }

  #schedule(delayMs: number): void {
    this.#cancelTimer = this.#options.clock.schedule(() => void this.#sweep(), delayMs);
  }

  async #sweep(): Promise<void> {
    const sweeping = new AbortController();
    this.#cancelTimer = undefined;
    this.#sweeping = sweeping;
    try {
      const sweep = await this.#options.source.sweep(sweeping.signal);
      if (sweeping.signal.aborted) return;
      this.#failures = 0;
      this.#unchanged += 1;
      this.#take(sweep);
    } catch {
      // A service that cannot be listed is no event; the next sweep comes later.
      if (sweeping.signal.aborted) return;
      this.#failures += 1;
    }
    this.#sweeping = undefined;
    const { cadence, clock } = this.#options;
    const history = { unchanged: this.#unchanged, failures: this.#failures };
    this.#schedule(intervalMs(cadence, history, clock.random()));
  }

  #take(sweep: Sweep): void {
    const jobs = [...sweep.observed.map((each) => each.job), ...sweep.unread];
    for (const job of jobs) if (this.#isNew(job)) this.#newborn.add(job.awsJobId);
    for (const job of sweep.unread) if (!this.#isSettled(job)) this.#hold(job);
    for (const observation of sweep.observed) this.#observe(observation);
    this.#known = new Set(jobs.map((job) => job.awsJobId));
    this.#newestAt = Math.max(this.#newestAt ?? 0, ...jobs.map((job) => job.createdAt?.getTime() ?? 0));
  }

  #isNew(job: Job): boolean {
    const createdAt = job.createdAt?.getTime() ?? 0;
    return !this.#known.has(job.awsJobId) && createdAt >= (this.#newestAt ?? 0);
  }

  #observe(observation: Observation): void {
    const { job, state } = observation;
    const last = this.#options.log.last(job);
    const isChanged = last !== undefined && last.to !== state;
    if (isChanged || this.#newborn.has(job.awsJobId) || !isFinished(state)) this.#hold(job);
    this.#options.lane.apply(job.awsJobId, { outcome: 'observed', ...observation });
  }

  /** Whether the job was seen finished, so that it need never be read again. */
  #isSettled(ref: JobRef): boolean {
    const last = this.#options.log.last(ref);
    return last !== undefined && isFinished(last.to);
  }

  #hold(ref: JobRef): void {
    if (this.#held.has(ref.awsJobId)) return;
    this.#held.set(ref.awsJobId, ref);
    this.#options.lane.watch(ref, this);
  }

  #release(ref: JobRef): void {
    this.#held.delete(ref.awsJobId);
    this.#options.lane.unwatch(ref, this);
  }

  /** A job of which a change was told already, because someone watched it by its id, is no news any more. */
  #announce(observation: Observation): void {
    const { log, clock } = this.#options;
    const last = log.last(observation.job);
    if (last?.kind === 'changed') return;
    this.#unchanged = 0;
    const transition = log.append(last?.sequence ?? 0, {
      kind: 'appeared',
      job: observation.job,
      from: null,
      to: observation.state,
      observedAt: new Date(clock.now()),
    });
    if (transition !== undefined) this.#options.onTransition(transition);
  }
}
