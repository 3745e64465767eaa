/**
 * A transition log that outlives the process: in memory for those who watch, written behind to the store.
 *
 * What a process that was killed had handed out and not yet written is lost. Its offsets are never used again: after such an
 * end a new epoch begins behind all that could have been given out, so that a cursor from there is too old rather than wrong.
 */
import type { Clock } from '../../base/clock.ts';
import type { JobRef } from '../../model/job-state.ts';
import type { Store } from '../../store/store.ts';
import { defaultRetention, MemoryTransitionLog } from './memory-transition-log.ts';
import { StoredLog } from './stored-log.ts';
import type { OnUnreadable } from './stored-transition.ts';
import type { HistoryEntry, HistoryPage, NewTransition, Transition, TransitionLog } from './transition-log.ts';

const batchSize = 500;
/** The most entries that wait for a store that is down; beyond, the oldest are given up. */
const maxPending = 10_000;
const retryMs = 1_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface LogRetention {
  readonly transitions: number;
  readonly ageMs: number;
  /** Held in memory, too. */
  readonly inMemory: number;
}

/** Data Exchange keeps its jobs for as long. */
export const retained: LogRetention = {
  transitions: 100_000,
  ageMs: 90 * dayMs,
  inMemory: defaultRetention.transitions,
};

/** Takes up the log that `store` holds, or begins one. What it cannot read of it is left out, and `onUnreadable` is told. */
export async function openTransitionLog(
  store: Store,
  clock: Clock,
  retention: LogRetention = retained,
  onUnreadable: OnUnreadable = () => {},
): Promise<DurableTransitionLog> {
  const stored = new StoredLog(store, onUnreadable);
  const past = await stored.open(retention.inMemory);
  const memory = new MemoryTransitionLog(past.id, { transitions: retention.inMemory }, past);
  const count = await stored.count();
  return new DurableTransitionLog({ stored, clock, memory, retention, count, floor: past.floor });
}

interface Parts {
  readonly stored: StoredLog;
  readonly clock: Clock;
  readonly memory: MemoryTransitionLog;
  readonly retention: LogRetention;
  readonly count: number;
  readonly floor: number;
}

class DurableTransitionLog implements TransitionLog {
  readonly #parts: Parts;
  /** Handed out and not yet written, oldest first. */
  readonly #pending: Transition[] = [];
  #count: number;
  /** Up to here entries were forgotten or given up. */
  #floor: number;
  /** What the store knows of it. */
  #writtenFloor: number;
  #ageCheckedAt = 0;
  #writing: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#count = parts.count;
    this.#floor = parts.floor;
    this.#writtenFloor = parts.floor;
  }

  get id(): string {
    return this.#parts.memory.id;
  }

  get head(): number {
    return this.#parts.memory.head;
  }

  last(ref: JobRef) {
    return this.#parts.memory.last(ref);
  }

  async append(expected: number, transition: NewTransition): Promise<Transition | undefined> {
    const entry = this.#parts.memory.appendNow(expected, transition);
    if (entry === undefined) return undefined;
    this.#pending.push(entry);
    if (this.#pending.length > maxPending) this.#floor = this.#pending.shift()?.offset ?? this.#floor;
    this.#write();
    return entry;
  }

  since(offset: number, refs?: readonly JobRef[]) {
    return this.#parts.memory.since(offset, refs);
  }

  follow(listener: (transition: Transition) => void): void {
    this.#parts.memory.follow(listener);
  }

  arrival(): undefined {
    return undefined;
  }

  /** What is not written yet is in memory; what cannot be read is left out. */
  async history(ref: JobRef, page: HistoryPage): Promise<readonly HistoryEntry[]> {
    const stored = await this.#parts.stored.history(ref, page).catch(() => []);
    const recent = await this.#parts.memory.history(ref, page);
    const byOffset = new Map([...stored, ...recent].map((entry) => [entry.offset, entry]));
    return [...byOffset.values()].sort((a, b) => b.offset - a.offset).slice(0, page.limit);
  }

  /** Writes what is left. Whatever follows finds that nothing was lost, unless the store is down. */
  async close(): Promise<void> {
    this.#cancelRetry?.();
    // From here on nothing is tried again.
    this.#cancelRetry = () => {};
    await this.#writing;
    const isWritten = await this.#writePending().then(
      () => true,
      () => false,
    );
    if (!isWritten) return;
    await this.#parts.stored.write(this.#checkpoint(true), 'durable').catch(() => {});
  }

  #checkpoint(isClean = false) {
    return this.#parts.stored.marking({ id: this.id, head: this.head, floor: this.#floor, isClean });
  }

  /** At most one write is under way; what comes meanwhile goes with the next. */
  #write(): void {
    if (this.#writing !== undefined || this.#cancelRetry !== undefined) return;
    this.#writing = this.#writePending()
      .catch(() => this.#retryLater())
      .finally(() => {
        this.#writing = undefined;
        if (this.#pending.length > 0) this.#write();
      });
  }

  async #writePending(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending.slice(0, batchSize);
      const floor = this.#floor;
      const checkpoint = floor > this.#writtenFloor ? this.#checkpoint() : [];
      await this.#parts.stored.write([...batch.flatMap((entry) => this.#parts.stored.adding(entry)), ...checkpoint]);
      this.#writtenFloor = floor;
      const isWritten = new Set(batch);
      while (this.#pending[0] !== undefined && isWritten.has(this.#pending[0])) this.#pending.shift();
      this.#count += batch.length;
      await this.#forgetOldest();
    }
  }

  #retryLater(): void {
    this.#cancelRetry ??= this.#parts.clock.schedule(() => {
      this.#cancelRetry = undefined;
      this.#write();
    }, retryMs);
  }

  /** The floor rises with what is forgotten, so that no cursor below it is taken for a good one. */
  async #forgetOldest(): Promise<void> {
    const { stored, clock, retention } = this.#parts;
    const excess = this.#count - retention.transitions;
    const isAgeDue = clock.now() >= this.#ageCheckedAt + hourMs;
    // Not for each entry by itself: the oldest have to be read.
    if (excess < Math.min(retention.transitions, batchSize) / 2 && !isAgeDue) return;
    this.#ageCheckedAt = clock.now();
    const oldest = await stored.oldest(batchSize);
    const tooOld = new Date(clock.now() - retention.ageMs);
    const over = oldest.filter(
      ({ transition }, index) => index < excess || (transition !== undefined && transition.observedAt < tooOld),
    );
    const last = over.at(-1);
    if (last === undefined) return;
    const changes = await Promise.all(over.map((entry) => stored.forgetting(entry)));
    this.#floor = Math.max(this.#floor, last.offset);
    await stored.write([...changes.flat(), ...this.#checkpoint()]);
    this.#count -= over.length;
  }
}
