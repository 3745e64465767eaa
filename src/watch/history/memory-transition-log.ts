/** The newest part of what was observed, in memory: all that watching needs. What outlives the process lies in a store. */
import type { JobRef } from '../../model/job-state.ts';
import {
  type Head,
  type HistoryEntry,
  type HistoryPage,
  jobKey,
  type NewTransition,
  type Transition,
  type TransitionLog,
} from './transition-log.ts';

export interface Retention {
  /** At least this many of the newest transitions are held, at most twice as many. */
  readonly transitions: number;
  /** Of this many jobs, those looked at last, the newest state is known. More than can be watched at once. */
  readonly jobs: number;
}

export const defaultRetention: Retention = { transitions: 10_000, jobs: 100_000 };

/** What a log begins with. */
export interface Past {
  /** Every offset up to this one has been used, or may have been. */
  readonly head: number;
  /** What follows this offset is held; what lies before it is not. */
  readonly floor: number;
  /** Oldest first. */
  readonly entries: readonly Transition[];
  readonly heads: Iterable<readonly [string, Head]>;
  /** Offsets that no entry has, and at which readers of the present may stand: the head, unless told otherwise. */
  readonly places?: readonly number[];
}

const nothing: Past = { head: 0, floor: 0, entries: [], heads: [] };

export class MemoryTransitionLog implements TransitionLog {
  readonly id: string;
  readonly #retention: Retention;
  readonly #entries: Transition[];
  readonly #entriesOfJob = new Map<string, Transition[]>();
  /** The job looked at last comes last. */
  readonly #heads: Map<string, Head>;
  readonly #listeners: ((transition: Transition) => void)[] = [];
  /** The head that it began with, and those at which epochs began. Readers of the present got them as their place, though no entry has them. */
  readonly #places: Set<number>;
  #floor: number;
  #head: number;

  constructor(id: string, retention: Partial<Retention> = {}, past: Past = nothing) {
    this.id = id;
    this.#retention = { ...defaultRetention, ...retention };
    this.#entries = [...past.entries];
    this.#heads = new Map(past.heads);
    this.#places = new Set(past.places ?? [past.head]);
    this.#head = past.head;
    this.#floor = past.floor;
    for (const entry of past.entries) this.#entriesOf(jobKey(entry.job)).push(entry);
  }

  get head(): number {
    return this.#head;
  }

  last(ref: JobRef): Head | undefined {
    const key = jobKey(ref);
    const head = this.#heads.get(key);
    if (head !== undefined) this.#remember(key, head);
    return head;
  }

  async append(expected: number, transition: NewTransition): Promise<Transition | undefined> {
    return this.appendNow(expected, transition);
  }

  /** As `append`, at once. */
  appendNow(expected: number, transition: NewTransition): Transition | undefined {
    if ((this.#heads.get(jobKey(transition.job))?.sequence ?? 0) !== expected) return undefined;
    const entry = { ...transition, offset: this.#head + 1, sequence: expected + 1 };
    this.admit(entry);
    return entry;
  }

  /** Takes in what was numbered elsewhere and follows the head. */
  admit(entry: Transition): void {
    const key = jobKey(entry.job);
    this.#head = entry.offset;
    this.#entries.push(entry);
    this.#entriesOf(key).push(entry);
    this.#remember(key, { kind: entry.kind, sequence: entry.sequence, to: entry.to });
    // Trimmed by halves of its size, so that an append costs the same however full the log is.
    if (this.#entries.length >= 2 * this.#retention.transitions) this.#trim();
    for (const listener of this.#listeners) listener(entry);
  }

  /** The head moves on to `offset`, and nothing lies between. */
  beginEpoch(offset: number): void {
    this.#head = offset;
    this.#places.add(offset);
  }

  /** What is known elsewhere of a job of which this log knows otherwise, or nothing. */
  learn(key: string, head: Head): void {
    this.#remember(key, head);
  }

  since(offset: number, refs?: readonly JobRef[]): readonly Transition[] | undefined {
    if (offset === this.#head) return [];
    const next = countUpTo(this.#entries, offset);
    if (!this.#isPlace(offset, this.#entries[next - 1]?.offset)) return undefined;
    if (refs === undefined) return this.#entries.slice(next);
    return refs
      .flatMap((ref) => this.#entriesOfJob.get(jobKey(ref)) ?? [])
      .filter((entry) => entry.offset > offset)
      .sort((a, b) => a.offset - b.offset);
  }

  async history(ref: JobRef, { limit, before = Number.POSITIVE_INFINITY }: HistoryPage) {
    const entries: readonly HistoryEntry[] = this.#entriesOfJob.get(jobKey(ref)) ?? [];
    return entries
      .filter((entry) => entry.offset < before)
      .reverse()
      .slice(0, limit);
  }

  follow(listener: (transition: Transition) => void): void {
    this.#listeners.push(listener);
  }

  arrival(): undefined {
    return undefined;
  }

  /**
   * Offsets have gaps where entries were lost with a process. Whoever stands in one has seen what is lost, and must not go on
   * as if nothing were missing: only the place of an entry, of the beginning, or of what was held last before it is good.
   */
  #isPlace(offset: number, entryAt: number | undefined): boolean {
    return offset === (entryAt ?? this.#floor) || (this.#places.has(offset) && offset >= this.#floor);
  }

  #entriesOf(key: string): Transition[] {
    const entries = this.#entriesOfJob.get(key) ?? [];
    this.#entriesOfJob.set(key, entries);
    return entries;
  }

  #remember(key: string, head: Head): void {
    this.#heads.delete(key);
    this.#heads.set(key, head);
    if (this.#heads.size <= this.#retention.jobs) return;
    const [oldest] = this.#heads.keys();
    if (oldest !== undefined) this.#heads.delete(oldest);
  }

  #trim(): void {
    for (const entry of this.#entries.splice(0, this.#retention.transitions)) {
      const key = jobKey(entry.job);
      const ofJob = this.#entriesOfJob.get(key);
      ofJob?.shift();
      if (ofJob?.length === 0) this.#entriesOfJob.delete(key);
      this.#floor = entry.offset;
    }
  }
}

/** How many of `entries` lie at or before `offset`, by bisection. */
function countUpTo(entries: readonly Transition[], offset: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.offset ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
