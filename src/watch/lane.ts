/**
 * The polling of one service: one entry per watched job, however many watch it. Each service has a lane of its own, so that
 * the trouble of one never slows the other.
 */
import type { Clock } from '../clock.ts';
import { isFinished, type JobRef, type JobState } from '../job.ts';
import { failuresUntilStale } from './events.ts';
import type { PollAssignment } from './poll-assignment.ts';
import { type Cadence, intervalMs } from './schedule.ts';
import type { Listing, Observation, Reading, Readings, StateSource, Watched } from './state-source.ts';
import type { Permit, Transition, TransitionLog } from './transition-log.ts';

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
  /** Whether another gateway has watchers for the job. */
  isWantedElsewhere: boolean;
  /** Those who wait for the present. */
  awaiting: Watching[];
  /** Those of them whom the reading under way will answer. */
  answering: Watching[];
  seen: Observation | undefined;
  /** What is being appended. */
  recording: { readonly state: JobState; readonly done: Promise<void> } | undefined;
  dueAt: number;
  /** Since when the state is what it is, as far as we saw. */
  changedAt: number;
  failures: number;
}

/** What the jobs of one reading share: the chance in their next interval, and what they may write. */
interface Turn {
  readonly random: number;
  readonly permit: Permit;
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
  /** Jobs of which the log told since the last reading began, so that it may have come too early. */
  readonly #overtaken = new Set<string>();
  /** Told of the newest jobs whenever a reading listed them on its way. */
  onListed: (newest: Listing, permit: Permit) => void = () => {};

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
    this.#add(entry, watching);
    entry.awaiting.push(watching);
    if (entry.failures >= failuresUntilStale) watching.onStale(ref);
    this.#hasten(entry);
  }

  /** As `watch`, for one who has just seen the job and waits for changes alone. */
  watchOn(observation: Observation, watching: Watching, permit: Permit): void {
    this.#add(this.#entryOf(observation.job), watching);
    this.take([observation], permit);
  }

  /** The last to leave ends the polling of the job, and the reading under way if nothing else is watched. */
  unwatch(ref: JobRef, watching: Watching): void {
    const entry = this.#entries.get(ref.awsJobId);
    if (entry === undefined || !entry.watching.delete(watching)) return;
    if (entry.watching.size === 0) {
      this.#options.assignment.want(entry.ref, false);
      if (!entry.isWantedElsewhere) this.#entries.delete(ref.awsJobId);
    }
    if (this.#entries.size === 0) this.stop();
  }

  /** Reads `wanted`, by AWS job id, for other gateways as well, and no other jobs for them any more. */
  pollForOthers(wanted: ReadonlyMap<string, JobRef>): void {
    for (const [awsJobId, entry] of [...this.#entries]) {
      if (!entry.isWantedElsewhere || wanted.has(awsJobId)) continue;
      entry.isWantedElsewhere = false;
      if (entry.watching.size === 0) this.#entries.delete(awsJobId);
    }
    for (const [awsJobId, ref] of wanted) {
      const isNew = !this.#entries.has(awsJobId);
      const entry = this.#entryOf(ref);
      entry.isWantedElsewhere = true;
      // Whoever watches it has read it just now.
      if (isNew) this.#schedule(entry, this.#options.clock.random());
    }
    if (this.#entries.size === 0) this.stop();
    else this.#arm(this.#firstDueAt());
  }

  /** Which jobs are read here has changed. The others may have been read well all the time. */
  reassign(): void {
    for (const entry of this.#entries.values()) if (!this.#isOurs(entry)) entry.failures = 0;
    this.#arm(this.#firstDueAt());
  }

  /** Another gateway cannot read the job. */
  tellStale(awsJobId: string): void {
    const entry = this.#entries.get(awsJobId);
    if (entry !== undefined) for (const watching of [...entry.watching]) watching.onStale(entry.ref);
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
  take(observed: readonly Observation[], permit: Permit): void {
    const turn = { random: this.#options.clock.random(), permit };
    for (const observation of observed) {
      const entry = this.#entries.get(observation.job.awsJobId);
      if (entry === undefined || isOlder(observation, entry.seen)) continue;
      if (this.#isDoubtful(entry, observation)) this.#hasten(entry);
      else void this.#see(entry, observation, turn);
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
    this.#catchUp(entry, transition);
    if (transition.kind !== 'changed') return;
    // Those who watch may leave while they are told.
    for (const watching of [...entry.watching]) watching.onTransition(transition);
  }

  /** Another gateway may have read what this one is about to read, or would not have read for long. */
  #catchUp(entry: Entry, { job, to: state }: Transition): void {
    const { clock, cadence } = this.#options;
    this.#overtaken.add(job.awsJobId);
    if (entry.seen?.state !== state && !isOlder({ job, state }, entry.seen)) entry.seen = { job, state };
    entry.changedAt = clock.monotonicMs();
    const soon = entry.changedAt + cadence.minMs;
    if (entry.dueAt === never || entry.dueAt <= soon) return;
    entry.dueAt = soon;
    this.#arm(soon);
  }

  #add(entry: Entry, watching: Watching): void {
    if (entry.watching.size === 0) this.#options.assignment.want(entry.ref, true);
    entry.watching.add(watching);
  }

  #entryOf(ref: JobRef): Entry {
    const existing = this.#entries.get(ref.awsJobId);
    if (existing !== undefined) return existing;
    const entry = {
      ref,
      watching: new Set<Watching>(),
      isWantedElsewhere: false,
      awaiting: [],
      answering: [],
      seen: undefined,
      recording: undefined,
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
      this.#overtaken.clear();
      const permit = this.#options.assignment.permit();
      for (const entry of due) beginReading(entry);
      const readings = await this.#read(due, reading.signal);
      if (reading.signal.aborted) return;
      await this.#takeIn(due, readings, permit);
      if (reading.signal.aborted) return;
      this.#reading = undefined;
    }
    this.#arm(this.#firstDueAt());
  }

  #firstDueAt(): number {
    let dueAt = never;
    for (const entry of this.#entries.values()) if (this.#isOurs(entry)) dueAt = Math.min(dueAt, entry.dueAt);
    return dueAt;
  }

  /** Who waits for the present is not made to wait for another gateway; and while there is none to be known of, all are tried. */
  #isOurs(entry: Entry): boolean {
    const { assignment } = this.#options;
    const isAwaited = entry.dueAt === beforeAll || entry.awaiting.length > 0;
    return isAwaited || assignment.isOurs(entry.ref) || assignment.isCutOff();
  }

  /** What a source throws over counts as failed readings: a fault there must not end the polling. */
  async #read(due: readonly Entry[], signal: AbortSignal): Promise<Readings> {
    // What cannot be written need not be read.
    if (this.#options.assignment.isCutOff()) return { byJob: new Map() };
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
  async #takeIn(due: readonly Entry[], { byJob, newest }: Readings, permit: Permit): Promise<void> {
    const turn = { random: this.#options.clock.random(), permit };
    for (const entry of due) {
      if (byJob.has(entry.ref.awsJobId)) continue;
      this.#postpone(entry, undefined, turn.random);
    }
    const recordings: Promise<void>[] = [];
    for (const [awsJobId, reading] of byJob) {
      const entry = this.#entries.get(awsJobId);
      const recording = entry && this.#apply(entry, reading, turn);
      if (recording !== undefined) recordings.push(recording);
    }
    if (recordings.length > 0) await Promise.all(recordings);
    if (newest !== undefined) this.onListed(newest, permit);
  }

  /** Gives what is to be waited for where something is written. */
  #apply(entry: Entry, reading: Reading, turn: Turn): Promise<void> | undefined {
    if (reading.outcome === 'observed') return this.#observe(entry, reading, turn);
    if (reading.outcome === 'gone') this.#forget(entry);
    else this.#postpone(entry, reading.retryAfterMs, turn.random);
    return undefined;
  }

  /** A list that was asked for later may have come in before the reading. */
  #observe(entry: Entry, read: Observation, turn: Turn): Promise<void> | undefined {
    const observation = entry.seen !== undefined && isOlder(read, entry.seen) ? entry.seen : read;
    if (this.#overtaken.has(entry.ref.awsJobId) && !this.#isLast(observation)) {
      this.#readAgain(entry);
      return undefined;
    }
    const recording = this.#see(entry, observation, turn);
    if (recording === undefined) this.#answer(entry, observation);
    return recording?.then(() => this.#answer(entry, observation));
  }

  #see(entry: Entry, observation: Observation, turn: Turn): Promise<void> | undefined {
    entry.seen = observation;
    if (this.#isLast(observation)) {
      this.#settle(entry, turn);
      return undefined;
    }
    const { state } = observation;
    // A list and a reading may bring the same while it is on its way to the log.
    if (entry.recording?.state !== state) entry.recording = { state, done: this.#record(entry, observation, turn) };
    return entry.recording.done;
  }

  #settle(entry: Entry, { random }: Turn): void {
    entry.failures = 0;
    // Whoever still waits for the present is not put off by a list that shows it to others, nor is what was noticed meanwhile.
    if (entry.awaiting.length === 0 && entry.dueAt !== beforeAll) this.#schedule(entry, random);
  }

  /** The log may have been told more meanwhile, of which those who wait for the present are not told by themselves. */
  #answer(entry: Entry, observation: Observation): void {
    if (entry.answering.length === 0) return;
    if (!this.#isLast(observation)) {
      this.#readAgain(entry);
      return;
    }
    const answered = entry.answering;
    entry.answering = [];
    for (const watching of answered) if (entry.watching.has(watching)) watching.onPresent(observation);
  }

  #isLast({ job, state }: Observation): boolean {
    return this.#options.log.last(job)?.to === state;
  }

  /** Appends to the log what is new to it; the log then tells those who watch. */
  async #record(entry: Entry, observation: Observation, turn: Turn): Promise<void> {
    try {
      await this.#append(observation, turn.permit);
      entry.recording = undefined;
      this.#conclude(entry, observation, turn);
    } catch {
      entry.recording = undefined;
      this.#postpone(entry, undefined, turn.random);
    }
  }

  /** What the log has refused was read too early, or by one who has not to read it any more. */
  #conclude(entry: Entry, observation: Observation, turn: Turn): void {
    const isAwaited = entry.answering.length + entry.awaiting.length > 0;
    if (this.#isLast(observation)) this.#settle(entry, turn);
    else if (isAwaited || this.#isOurs(entry)) this.#readAgain(entry);
    else this.#schedule(entry, turn.random);
  }

  #append({ job, state }: Observation, permit: Permit): Promise<Transition | undefined> {
    const { log, clock } = this.#options;
    const last = log.last(job);
    const kind = last === undefined ? 'first' : 'changed';
    const observedAt = new Date(clock.now());
    return log.append(last?.sequence ?? 0, { kind, job, from: last?.to ?? null, to: state, observedAt }, permit);
  }

  #readAgain(entry: Entry): void {
    entry.awaiting = [...entry.answering, ...entry.awaiting];
    entry.answering = [];
    this.#hasten(entry);
  }

  #forget(entry: Entry): void {
    const { assignment, clock } = this.#options;
    const told = [...entry.watching];
    if (told.length > 0) assignment.want(entry.ref, false);
    this.#entries.delete(entry.ref.awsJobId);
    if (entry.isWantedElsewhere) {
      assignment.tell('gone', entry.ref);
      // What is told may get lost: it is read until nobody wants it any more.
      const unwatched = this.#entryOf(entry.ref);
      unwatched.isWantedElsewhere = true;
      this.#schedule(unwatched, clock.random());
    }
    for (const watching of told) watching.onGone(entry.ref);
  }

  /** A failed reading is no event: the next one comes later. Only when it is one of many are those who watch told. */
  #postpone(entry: Entry, retryAfterMs: number | undefined, random: number): void {
    entry.failures += 1;
    entry.awaiting = [...entry.answering, ...entry.awaiting];
    entry.answering = [];
    // Whoever came while the reading was under way asked for one that begins after that.
    if (entry.dueAt !== beforeAll) this.#schedule(entry, random, retryAfterMs);
    if (entry.failures !== failuresUntilStale) return;
    if (entry.isWantedElsewhere) this.#options.assignment.tell('stale', entry.ref);
    for (const watching of [...entry.watching]) watching.onStale(entry.ref);
  }

  #schedule(entry: Entry, random: number, retryAfterMs?: number): void {
    const { cadence, clock } = this.#options;
    const now = clock.monotonicMs();
    const history = { ageMs: now - entry.changedAt, failures: entry.failures, retryAfterMs };
    const from = entry.failures > 0 ? now : Math.max(this.#readAt, now - cadence.minMs / 2);
    entry.dueAt = from + intervalMs(cadence, history, random);
    // Where a list has brought it, no reading ends that would arm the next one. Everybody may have left while it was written down.
    const isWatched = this.#entries.get(entry.ref.awsJobId) === entry;
    if (isWatched && this.#isOurs(entry)) this.#arm(entry.dueAt);
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
