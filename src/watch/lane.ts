/**
 * The polling of one service: one entry per watched job, however many watch it. Each service has a lane of its own, so that
 * the trouble of one never slows the other.
 */
import type { Clock } from '../clock.ts';
import { isFinished, type JobRef } from '../job.ts';
import { failuresUntilStale } from './events.ts';
import { type Cadence, intervalMs } from './schedule.ts';
import type { Listing, Observation, PollAssignment, Reading, Readings, StateSource, Watched } from './state-source.ts';
import type { Transition, TransitionLog } from './transition-log.ts';

/** Someone who wants to know of a job. Called in the order in which things were observed. */
export interface Watching {
  readonly onTransition: (transition: Transition) => void;
  /** The first reading that was begun after this one began to watch. */
  readonly onPresent: (observation: Observation) => void;
  readonly onGone: (ref: JobRef) => void;
  /** So many readings in a row have failed that what was told of the job may be old. */
  readonly onStale: (ref: JobRef) => void;
}

interface Entry extends Watched {
  readonly ref: JobRef;
  readonly watching: Set<Watching>;
  /** Those who wait for the present. */
  awaiting: Watching[];
  /** Those of them whom the reading under way will answer. */
  answering: Watching[];
  seen: Observation | undefined;
  dueAt: number;
  /** Since when the state is what it is, as far as we saw. */
  changedAt: number;
  failures: number;
}

export interface LaneOptions {
  readonly source: StateSource;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly log: TransitionLog;
  readonly assignment: PollAssignment;
}

export class Lane {
  readonly #options: LaneOptions;
  readonly #entries = new Map<string, Entry>();
  #timer: { readonly dueAt: number; readonly cancel: () => void } | undefined;
  /** Present while a reading is under way. */
  #reading: AbortController | undefined;
  /** When the last reading began: intervals go from beginning to beginning, or slow answers would stretch them. */
  #readAt = 0;
  /** Told of the newest jobs whenever a reading listed them on its way. */
  onListed: (newest: Listing) => void = () => {};

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
    entry.awaiting.push(watching);
    if (entry.failures >= failuresUntilStale) watching.onStale(ref);
    this.#hasten(entry);
  }

  /** As `watch`, for one who has just seen the job and waits for changes alone. */
  watchOn(observation: Observation, watching: Watching): void {
    this.#entryOf(observation.job).watching.add(watching);
    this.take([observation]);
  }

  /** The last to leave ends the polling of the job, and the reading under way if nothing else is watched. */
  unwatch(ref: JobRef, watching: Watching): void {
    const entry = this.#entries.get(ref.awsJobId);
    if (entry === undefined || !entry.watching.delete(watching)) return;
    if (entry.watching.size === 0) this.#entries.delete(ref.awsJobId);
    if (this.#entries.size === 0) this.stop();
  }

  /** Reads the job at once if it is watched: someone has just changed it. */
  notice(awsJobId: string): void {
    const entry = this.#entries.get(awsJobId);
    if (entry === undefined) return;
    entry.changedAt = this.#options.clock.monotonicMs();
    this.#hasten(entry);
  }

  stop(): void {
    this.#disarm();
    this.#reading?.abort();
    this.#reading = undefined;
    this.#entries.clear();
  }

  /**
   * Takes in what was listed of the jobs that are watched. Whether lists lag behind single reads is not known: so none takes
   * a state back, and what it calls finished is read once more.
   */
  take(observed: readonly Observation[]): void {
    const random = this.#options.clock.random();
    for (const observation of observed) {
      const entry = this.#entries.get(observation.job.awsJobId);
      if (entry === undefined || isOlder(observation, entry.seen)) continue;
      if (this.#isDoubtful(entry, observation)) this.#hasten(entry);
      else this.#see(entry, observation, random);
    }
  }

  #isDoubtful({ seen, known }: Entry, { state }: Observation): boolean {
    const before = seen?.state ?? known;
    return before !== state && (isFinished(state) || (seen === undefined && before !== undefined));
  }

  /** Hands on what the log was told, by this gateway or another. */
  dispatch(transition: Transition): void {
    const entry = this.#entries.get(transition.job.awsJobId);
    if (entry === undefined) return;
    entry.changedAt = this.#options.clock.monotonicMs();
    if (transition.kind !== 'changed') return;
    // Those who watch may leave while they are told.
    for (const watching of [...entry.watching]) watching.onTransition(transition);
  }

  #entryOf(ref: JobRef): Entry {
    const existing = this.#entries.get(ref.awsJobId);
    if (existing !== undefined) return existing;
    const entry = {
      ref,
      watching: new Set<Watching>(),
      awaiting: [],
      answering: [],
      seen: undefined,
      known: this.#options.log.last(ref)?.to,
      dueAt: never,
      changedAt: this.#options.clock.monotonicMs(),
      failures: 0,
    };
    this.#entries.set(ref.awsJobId, entry);
    return entry;
  }

  #hasten(entry: Entry): void {
    entry.dueAt = beforeAll;
    this.#arm(beforeAll);
  }

  /** One timer, for whatever is due first. While a reading is under way there is none: its end arms the next. */
  #arm(dueAt: number): void {
    if (this.#reading !== undefined || dueAt === never) return;
    if (this.#timer !== undefined && this.#timer.dueAt <= dueAt) return;
    this.#disarm();
    const delayMs = Math.max(0, dueAt - this.#options.clock.monotonicMs());
    this.#timer = { dueAt, cancel: this.#options.clock.schedule(() => void this.#tick(), delayMs) };
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #tick(): Promise<void> {
    this.#timer = undefined;
    const due = this.#due();
    if (due.length > 0) {
      const reading = new AbortController();
      this.#reading = reading;
      this.#readAt = this.#options.clock.monotonicMs();
      for (const entry of due) beginReading(entry);
      const readings = await this.#read(due, reading.signal);
      if (reading.signal.aborted) return;
      this.#reading = undefined;
      this.#takeIn(due, readings);
    }
    this.#arm(this.#firstDueAt());
  }

  #firstDueAt(): number {
    let dueAt = never;
    for (const entry of this.#entries.values()) if (this.#isOurs(entry)) dueAt = Math.min(dueAt, entry.dueAt);
    return dueAt;
  }

  #isOurs(entry: Entry): boolean {
    return this.#options.assignment.isOurs(entry.ref.awsJobId);
  }

  /** What a source throws over counts as failed readings: a fault there must not end the polling. */
  async #read(due: readonly Entry[], signal: AbortSignal): Promise<Readings> {
    try {
      const awsJobIds = due.map((entry) => entry.ref.awsJobId);
      return await this.#options.source.read(awsJobIds, this.#entries, signal);
    } catch {
      return { byJob: new Map() };
    }
  }

  /** As many jobs as one reading takes, those first that have waited longest. */
  #due(): readonly Entry[] {
    const { clock, cadence, source } = this.#options;
    const now = clock.monotonicMs();
    if (this.#firstDueAt() > now) return [];
    const soon = source.readsPages ? now + cadence.minMs / 2 : now;
    return [...this.#entries.values()]
      .filter((entry) => entry.dueAt <= soon && this.#isOurs(entry))
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, source.batchSize);
  }

  /** Jobs that were read together stay together, since they share the chance in their next interval. */
  #takeIn(due: readonly Entry[], { byJob, newest }: Readings): void {
    const random = this.#options.clock.random();
    for (const entry of due) {
      if (byJob.has(entry.ref.awsJobId)) continue;
      this.#apply(entry, { outcome: 'failed', retryAfterMs: undefined }, random);
    }
    for (const [awsJobId, reading] of byJob) {
      const entry = this.#entries.get(awsJobId);
      if (entry !== undefined) this.#apply(entry, reading, random);
    }
    if (newest !== undefined) this.onListed(newest);
  }

  #apply(entry: Entry, reading: Reading, random: number): void {
    if (reading.outcome === 'observed') this.#observe(entry, reading, random);
    else if (reading.outcome === 'gone') this.#forget(entry);
    else this.#postpone(entry, reading.retryAfterMs, random);
  }

  #see(entry: Entry, observation: Observation, random: number): void {
    entry.seen = observation;
    entry.failures = 0;
    this.#record(entry.ref, observation);
    // Whoever still waits for the present is not put off by a list that shows it to others.
    if (entry.awaiting.length === 0) this.#schedule(entry, random);
  }

  /** A list that was asked for later may have come in before the reading. */
  #observe(entry: Entry, read: Observation, random: number): void {
    const observation = entry.seen !== undefined && isOlder(read, entry.seen) ? entry.seen : read;
    this.#see(entry, observation, random);
    const answered = entry.answering;
    entry.answering = [];
    for (const watching of answered) if (entry.watching.has(watching)) watching.onPresent(observation);
  }

  /** Appends to the log if the state is new to it; the log then tells those who watch. */
  #record(ref: JobRef, observation: Observation): void {
    const { log, clock } = this.#options;
    const last = log.last(ref);
    if (last?.to === observation.state) return;
    log.append(last?.sequence ?? 0, {
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

  /** A failed reading is no event: the next one comes later. Only when it is one of many are those who watch told. */
  #postpone(entry: Entry, retryAfterMs: number | undefined, random: number): void {
    entry.failures += 1;
    entry.awaiting = [...entry.answering, ...entry.awaiting];
    entry.answering = [];
    // Whoever came while the reading was under way asked for one that begins after that.
    if (entry.dueAt !== beforeAll) this.#schedule(entry, random, retryAfterMs);
    if (entry.failures !== failuresUntilStale) return;
    for (const watching of [...entry.watching]) watching.onStale(entry.ref);
  }

  #schedule(entry: Entry, random: number, retryAfterMs?: number): void {
    const { cadence, clock } = this.#options;
    const now = clock.monotonicMs();
    const history = { ageMs: now - entry.changedAt, failures: entry.failures, retryAfterMs };
    const from = entry.failures > 0 ? now : Math.max(this.#readAt, now - cadence.minMs / 2);
    entry.dueAt = from + intervalMs(cadence, history, random);
  }
}

/** From here on whoever wants the job read means the reading after this one. */
function beginReading(entry: Entry): void {
  entry.dueAt = never;
  entry.answering = entry.awaiting;
  entry.awaiting = [];
}

/** Whether a job was seen as the service had it later. Import/Export says nothing of when a job changed. */
function isOlder({ job }: Observation, seen: Observation | undefined): boolean {
  return job.service === 'DATA_EXCHANGE' && seen?.job.service === 'DATA_EXCHANGE' && job.updatedAt < seen.job.updatedAt;
}

/** Due before whatever else is due, however long that has waited: someone looks at an empty place. */
const beforeAll = -1;

const never = Number.POSITIVE_INFINITY;
