/** A transition log that does not outlive the process, and whose cursors do not either. */
import type { JobRef } from '../job.ts';
import { type Head, jobKey, type NewTransition, type Transition, type TransitionLog } from './transition-log.ts';

export interface Retention {
  /** At least this many of the newest transitions are held, at most twice as many. */
  readonly transitions: number;
  /** Of this many jobs, those looked at last, the newest state is known. More than can be watched at once. */
  readonly jobs: number;
}

const defaultRetention: Retention = { transitions: 10_000, jobs: 100_000 };

export class MemoryTransitionLog implements TransitionLog {
  readonly id: string;
  readonly #retention: Retention;
  readonly #entries: Transition[] = [];
  readonly #entriesOfJob = new Map<string, Transition[]>();
  /** The job looked at last comes last. */
  readonly #heads = new Map<string, Head>();
  readonly #listeners: ((transition: Transition) => void)[] = [];
  #head = 0;

  constructor(id: string, retention: Partial<Retention> = {}) {
    this.id = id;
    this.#retention = { ...defaultRetention, ...retention };
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

  append(expected: number, transition: NewTransition): Transition | undefined {
    const key = jobKey(transition.job);
    if ((this.#heads.get(key)?.sequence ?? 0) !== expected) return undefined;
    this.#head += 1;
    const entry = { ...transition, offset: this.#head, sequence: expected + 1 };
    this.#entries.push(entry);
    const ofJob = this.#entriesOfJob.get(key);
    if (ofJob === undefined) this.#entriesOfJob.set(key, [entry]);
    else ofJob.push(entry);
    this.#remember(key, { kind: entry.kind, sequence: entry.sequence, to: entry.to });
    // Trimmed by halves of its size, so that an append costs the same however full the log is.
    if (this.#entries.length >= 2 * this.#retention.transitions) this.#trim();
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  since(offset: number, refs?: readonly JobRef[]): readonly Transition[] | undefined {
    const missed = this.#head - offset;
    if (missed < 0 || missed > this.#entries.length) return undefined;
    if (missed === 0) return [];
    if (refs === undefined) return this.#entries.slice(-missed);
    return refs
      .flatMap((ref) => this.#entriesOfJob.get(jobKey(ref)) ?? [])
      .filter((entry) => entry.offset > offset)
      .sort((a, b) => a.offset - b.offset);
  }

  follow(listener: (transition: Transition) => void): void {
    this.#listeners.push(listener);
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
    }
  }
}
