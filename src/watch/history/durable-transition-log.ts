/**
 * A transition log that survives restarts: in memory for its readers, with write-behind to the store.
 *
 * A killed process loses entries that it has emitted and not yet written. Their offsets are never reused: a new epoch
 * then begins beyond all offsets that may have been issued, so that a cursor from there is too old rather than wrong.
 */
import type { Clock } from '../../base/clock.ts';
import type { JobRef } from '../../model/job-state.ts';
import type { Store } from '../../store/store.ts';
import { defaultRetention, MemoryTransitionLog } from './memory-transition-log.ts';
import { StoredLog } from './stored-log.ts';
import type { OnUnreadable } from './stored-transition.ts';
import type { HistoryEntry, HistoryPage, NewTransition, Transition, TransitionLog } from './transition-log.ts';

const batchSize = 500;
/** Max number of entries that wait for an unavailable store; beyond it, the oldest are dropped. */
const maxPending = 10_000;
const retryMs = 1_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface LogRetention {
  readonly transitions: number;
  readonly ageMs: number;
  /** Number of transitions held in memory as well. */
  readonly inMemory: number;
}

/** The age is that of Data Exchange's own jobs. */
export const retained: LogRetention = {
  transitions: 100_000,
  ageMs: 90 * dayMs,
  inMemory: defaultRetention.transitions,
};

/** Opens the log in `store`, or begins one. Skips entries that it cannot read, and calls `onUnreadable` for each. */
export async function openTransitionLog(
  store: Store,
  clock: Clock,
  retention: LogRetention = retained,
  onUnreadable: OnUnreadable = () => {},
): Promise<DurableTransitionLog> {
  const stored = new StoredLog(store, onUnreadable);
  const initial = await stored.open(retention.inMemory);
  const memory = new MemoryTransitionLog(initial.id, { transitions: retention.inMemory }, initial);
  const count = await stored.count();
  return new DurableTransitionLog({ stored, clock, memory, retention, count, floor: initial.floor });
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
  /** Emitted and not yet written, oldest first. */
  readonly #pending: Transition[] = [];
  #count: number;
  /** Entries up to here were deleted or dropped. */
  #floor: number;
  /** The floor in the store. */
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

  caughtUp(): undefined {
    return undefined;
  }

  /** Entries that are not written yet are in memory; unreadable ones are left out. */
  async history(ref: JobRef, page: HistoryPage): Promise<readonly HistoryEntry[]> {
    const stored = await this.#parts.stored.history(ref, page).catch(() => []);
    const recent = await this.#parts.memory.history(ref, page);
    const byOffset = new Map([...stored, ...recent].map((entry) => [entry.offset, entry]));
    return [...byOffset.values()].sort((a, b) => b.offset - a.offset).slice(0, page.limit);
  }

  /** Writes the pending entries. The next process then finds nothing lost, unless the store is unavailable. */
  async close(): Promise<void> {
    this.#cancelRetry?.();
    // From here on nothing is retried.
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
    return this.#parts.stored.putCheckpoint({ id: this.id, head: this.head, floor: this.#floor, isClean });
  }

  /** At most one write is under way; entries that come meanwhile go with the next. */
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
      await this.#parts.stored.write([...batch.flatMap((entry) => this.#parts.stored.putEntry(entry)), ...checkpoint]);
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

  /** The floor rises with the deleted entries, so that a cursor below it is too old. */
  async #forgetOldest(): Promise<void> {
    const { stored, clock, retention } = this.#parts;
    const excess = this.#count - retention.transitions;
    const isAgeDue = clock.now() >= this.#ageCheckedAt + hourMs;
    // In batches, since the oldest entries have to be read.
    if (excess < Math.min(retention.transitions, batchSize) / 2 && !isAgeDue) return;
    this.#ageCheckedAt = clock.now();
    const oldest = await stored.oldest(batchSize);
    const tooOld = new Date(clock.now() - retention.ageMs);
    const over = oldest.filter(
      ({ transition }, index) => index < excess || (transition !== undefined && transition.observedAt < tooOld),
    );
    const last = over.at(-1);
    if (last === undefined) return;
    const changes = await Promise.all(over.map((entry) => stored.deleteEntry(entry)));
    this.#floor = Math.max(this.#floor, last.offset);
    await stored.write([...changes.flat(), ...this.#checkpoint()]);
    this.#count -= over.length;
  }
}
