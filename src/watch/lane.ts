/**
 * The polling of one service: one entry per watched job, however many watch it. Each service has a lane of its own, so that
 * the trouble of one never slows the other.
 */
import type { Clock } from '../clock.ts';
import type { JobRef } from '../job.ts';
import { type Cadence, intervalMs } from './schedule.ts';
import type { Observation, Reading, StateSource } from './state-source.ts';
import type { Transition, TransitionLog } from './transition-log.ts';

/** Someone who wants to know of a job. Called in the order in which things were observed. */
export interface Watching {
  readonly onTransition: (transition: Transition) => void;
  /** After each successful reading, whether or not anything changed. */
  readonly onReading: (observation: Observation) => void;
  readonly onGone: (ref: JobRef) => void;
}

interface Entry {
  readonly ref: JobRef;
  readonly watching: Set<Watching>;
  dueAt: number;
  unchanged: number;
  failures: number;
}

export interface LaneOptions {
  readonly source: StateSource;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly log: TransitionLog;
  /** Told of every change, beside those who watch the job. */
  readonly onTransition: (transition: Transition) => void;
}

export class Lane {
  readonly #options: LaneOptions;
  readonly #entries = new Map<string, Entry>();
  #timer: { readonly dueAt: number; readonly cancel: () => void } | undefined;
  /** Present while a reading is under way. */
  #reading: AbortController | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** How many jobs are polled. */
  get size(): number {
    return this.#entries.size;
  }

  /** Reads the job at once, whenever it was read last: whoever begins to watch is shown the present, not the past. */
  watch(ref: JobRef, watching: Watching): void {
    const entry = this.#entryOf(ref);
    entry.watching.add(watching);
    entry.dueAt = beforeAll;
    this.#arm(beforeAll);
  }

  /** The last to leave ends the polling of the job, and the reading under way if nothing else is watched. */
  unwatch(ref: JobRef, watching: Watching): void {
    const entry = this.#entries.get(ref.awsJobId);
    if (entry === undefined || !entry.watching.delete(watching) || entry.watching.size > 0) return;
    this.#entries.delete(ref.awsJobId);
    if (this.#entries.size === 0) this.stop();
  }

  /** Reads the job at once if it is watched: someone has just changed it. */
  notice(awsJobId: string): void {
    const entry = this.#entries.get(awsJobId);
    if (entry === undefined) return;
    entry.unchanged = 0;
    entry.dueAt = beforeAll;
    this.#arm(beforeAll);
  }

  stop(): void {
    this.#disarm();
    this.#reading?.abort();
    this.#reading = undefined;
    this.#entries.clear();
  }

  /** Takes in what was read of a job, here or elsewhere. */
  apply(awsJobId: string, reading: Reading): void {
    const entry = this.#entries.get(awsJobId);
    if (entry === undefined) return;
    if (reading.outcome === 'observed') this.#observe(entry, reading);
    else if (reading.outcome === 'gone') this.#forget(entry);
    else this.#postpone(entry, reading.retryAfterMs);
  }

  #entryOf(ref: JobRef): Entry {
    const existing = this.#entries.get(ref.awsJobId);
    if (existing !== undefined) return existing;
    const entry = { ref, watching: new Set<Watching>(), dueAt: 0, unchanged: 0, failures: 0 };
    this.#entries.set(ref.awsJobId, entry);
    return entry;
  }

  /** One timer, for whatever is due first. While a reading is under way there is none: its end arms the next. */
  #arm(dueAt: number): void {
    if (this.#reading !== undefined || dueAt === Number.POSITIVE_INFINITY) return;
    if (this.#timer !== undefined && this.#timer.dueAt <= dueAt) return;
    this.#disarm();
    const delayMs = Math.max(0, dueAt - this.#options.clock.now());
    this.#timer = { dueAt, cancel: this.#options.clock.schedule(() => void this.#tick(), delayMs) };
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #tick(): Promise<void> {
    this.#timer = undefined;
    const awsJobIds = this.#due();
    if (awsJobIds.length > 0) {
      const reading = new AbortController();
      this.#reading = reading;
      const readings = await this.#read(awsJobIds, reading.signal);
      if (reading.signal.aborted) return;
      this.#reading = undefined;
      for (const awsJobId of awsJobIds) this.apply(awsJobId, readings.get(awsJobId) ?? unread);
    }
    this.#arm(this.#firstDueAt());
  }

  #firstDueAt(): number {
    let dueAt = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) dueAt = Math.min(dueAt, entry.dueAt);
    return dueAt;
  }

  /** What a source does not answer for, or throws over, counts as a failed reading: a fault there must not end the polling. */
  async #read(awsJobIds: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Reading>> {
    try {
      return await this.#options.source.read(awsJobIds, signal);
    } catch {
      return new Map();
    }
  }

  /**
   * As many jobs as one reading takes, those first that have waited longest. Once one is due, those that would be soon
   * come along: a page costs the same for two hundred jobs as for one.
   */
  #due(): readonly string[] {
    const { clock, cadence } = this.#options;
    const now = clock.now();
    if (this.#firstDueAt() > now) return [];
    return [...this.#entries.values()]
      .filter((entry) => entry.dueAt <= now + cadence.minMs / 2)
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, this.#options.source.batchSize)
      .map((entry) => entry.ref.awsJobId);
  }

  #observe(entry: Entry, observation: Observation): void {
    const transition = this.#record(entry.ref, observation);
    entry.unchanged = transition === undefined ? entry.unchanged + 1 : 0;
    entry.failures = 0;
    this.#schedule(entry);
    // Those who watch may leave while they are told.
    const watching = [...entry.watching];
    if (transition?.kind === 'changed') {
      this.#options.onTransition(transition);
      for (const each of watching) each.onTransition(transition);
    }
    for (const each of watching) each.onReading(observation);
  }

  /** Appends to the log if the state is new to it. */
  #record(ref: JobRef, observation: Observation): Transition | undefined {
    const { log, clock } = this.#options;
    const last = log.last(ref);
    if (last?.to === observation.state) return undefined;
    return log.append(last?.sequence ?? 0, {
      kind: last === undefined ? 'first' : 'changed',
      job: observation.job,
      from: last?.to ?? null,
      to: observation.state,
      observedAt: new Date(clock.now()),
    });
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.ref.awsJobId);
    for (const watching of [...entry.watching]) watching.onGone(entry.ref);
  }

  /** A failed reading is no event: those who watch are told nothing, and the next one comes later. */
  #postpone(entry: Entry, retryAfterMs: number | undefined): void {
    entry.failures += 1;
    this.#schedule(entry, retryAfterMs);
  }

  #schedule(entry: Entry, retryAfterMs?: number): void {
    const { cadence, clock } = this.#options;
    const history = { unchanged: entry.unchanged, failures: entry.failures, retryAfterMs };
    entry.dueAt = clock.now() + intervalMs(cadence, history, clock.random());
  }
}

/** Due before whatever else is due, however long that has waited: someone looks at an empty place. */
const beforeAll = 0;

const unread: Reading = { outcome: 'failed', retryAfterMs: undefined };
