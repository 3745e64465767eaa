/**
 * What was observed, in the order in which it was observed.
 *
 * Append-only, and compare-and-append is the only way to write, so that a second poller can never duplicate or reorder what
 * subscribers see. `(job, sequence)` is unique; `offset` numbers the whole log and is what cursors point at.
 */
import type { Job, JobRef, JobState } from '../job.ts';

/**
 * `first`: the watcher's first sight of a job, which nobody waits for. `appeared`: a job that came into being while
 * activity was watched. `changed`: one state after another.
 */
export type TransitionKind = 'appeared' | 'changed' | 'first';

export interface Transition {
  readonly offset: number;
  readonly sequence: number;
  readonly kind: TransitionKind;
  readonly job: Job;
  readonly from: JobState | null;
  readonly to: JobState;
  readonly observedAt: Date;
}

export type NewTransition = Omit<Transition, 'offset' | 'sequence'>;

export interface TransitionLog {
  /** Tells this log from every other, a restarted one included: offsets mean nothing elsewhere. */
  readonly id: string;
  /** The offset of the newest entry, 0 where there is none. */
  readonly head: number;
  /** The newest entry about a job, while the log still holds it. */
  last(ref: JobRef): Transition | undefined;
  /** Appends if `expected` is still the job's last sequence (0: none); else changes nothing and gives undefined. */
  append(expected: number, transition: NewTransition): Transition | undefined;
  /** Everything after `offset`, oldest first; undefined if part of that is no longer held. */
  since(offset: number): readonly Transition[] | undefined;
}

/** One string for a job of either service. */
export function jobKey(ref: JobRef): string {
  return `${ref.service}:${ref.awsJobId}`;
}

/** A log in memory that keeps the newest `capacity` entries. It does not outlive the process, and its cursors neither. */
export class MemoryTransitionLog implements TransitionLog {
  readonly id: string;
  readonly #capacity: number;
  readonly #entries: Transition[] = [];
  readonly #lastOfJob = new Map<string, Transition>();
  #head = 0;

  constructor(id: string, capacity = 10_000) {
    this.id = id;
    this.#capacity = capacity;
  }

  get head(): number {
    return this.#head;
  }

  last(ref: JobRef): Transition | undefined {
    return this.#lastOfJob.get(jobKey(ref));
  }

  append(expected: number, transition: NewTransition): Transition | undefined {
    const key = jobKey(transition.job);
    const last = this.#lastOfJob.get(key)?.sequence ?? 0;
    if (last !== expected) return undefined;
    this.#head += 1;
    const entry = { ...transition, offset: this.#head, sequence: expected + 1 };
    this.#entries.push(entry);
    this.#lastOfJob.set(key, entry);
    // Trimmed by halves of its size, so that an append costs the same however full the log is.
    if (this.#entries.length >= 2 * this.#capacity) this.#trim();
    return entry;
  }

  since(offset: number): readonly Transition[] | undefined {
    if (offset > this.#head) return undefined;
    const missed = this.#head - offset;
    if (missed === 0) return [];
    return missed <= this.#entries.length ? this.#entries.slice(-missed) : undefined;
  }

  #trim(): void {
    for (const entry of this.#entries.splice(0, this.#capacity)) {
      const key = jobKey(entry.job);
      if (this.#lastOfJob.get(key) === entry) this.#lastOfJob.delete(key);
    }
  }
}
