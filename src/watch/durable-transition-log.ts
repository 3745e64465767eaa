/**
 * A transition log that outlives the process: in memory for those who watch, written behind to the store.
 *
 * What a process that was killed had handed out and not yet written is lost. Its offsets are never used again: after such an
 * end the head leaps over all that could have been given out, so that a cursor from there is too old rather than wrong.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { JobRef } from '../job.ts';
import { Collection } from '../store/collection.ts';
import { type Change, numberKey, type Store } from '../store/store.ts';
import { defaultRetention, MemoryTransitionLog } from './memory-transition-log.ts';
import { storable, storedHead, storedHistoryEntry, storedTransition } from './stored-transition.ts';
import {
  type HistoryEntry,
  type HistoryPage,
  jobKey,
  type NewTransition,
  type Transition,
  type TransitionLog,
} from './transition-log.ts';

const mark = z.strictObject({
  id: z.string(),
  /** No offset above it was in use when this was written. */
  head: z.number(),
  /** What lies up to here is gone, or may have holes. */
  floor: z.number(),
  /** Whether everything was written when the process ended. */
  isClean: z.boolean(),
});

type Mark = z.infer<typeof mark>;

/** More than any process gives out while its store takes nothing; there is room for two million such leaps. */
const leap = 2 ** 32;
const batchSize = 500;
/** So many may wait for a store that is down; then the oldest are given up. */
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
const retained: LogRetention = {
  transitions: 100_000,
  ageMs: 90 * dayMs,
  inMemory: defaultRetention.transitions,
};

interface Collections {
  readonly marks: Collection<Mark>;
  readonly transitions: Collection<Transition>;
  readonly heads: Collection<z.infer<typeof storedHead>>;
  readonly histories: Collection<HistoryEntry>;
}

/** Takes up the log that `store` holds, or begins one. */
export async function openTransitionLog(
  store: Store,
  clock: Clock,
  retention: LogRetention = retained,
): Promise<DurableTransitionLog> {
  const collections: Collections = {
    marks: new Collection(store, 'log', mark),
    transitions: new Collection(store, 'transitions', storedTransition),
    heads: new Collection(store, 'heads', storedHead),
    histories: new Collection(store, 'history', storedHistoryEntry),
  };
  const { marks, transitions, heads } = collections;
  const last = (await marks.get('mark')) ?? { id: randomUUID(), head: 0, floor: 0, isClean: true };
  const newest = await transitions.list({ isReversed: true, limit: retention.inMemory + 1 });
  const kept = newest.map(([, entry]) => entry).filter((entry) => entry.offset > last.floor);
  const written = Math.max(last.head, kept[0]?.offset ?? 0);
  const begun = { ...last, head: last.isClean ? written : written + leap, isClean: false };
  await store.write(marks.put('mark', begun), 'durable');
  const past = {
    head: begun.head,
    floor: kept[retention.inMemory]?.offset ?? last.floor,
    entries: kept.slice(0, retention.inMemory).reverse(),
    heads: (await heads.list({})).map(([key, head]) => [decodeURIComponent(key), head] as const),
  };
  const memory = new MemoryTransitionLog(begun.id, { transitions: retention.inMemory }, past);
  const count = await transitions.count();
  return new DurableTransitionLog({ store, clock, collections, memory, retention, count, floor: begun.floor });
}

interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly collections: Collections;
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

  append(expected: number, transition: NewTransition): Transition | undefined {
    const entry = this.#parts.memory.append(expected, transition);
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

  /** What is not written yet is in memory; what cannot be read is left out. */
  async history(ref: JobRef, page: HistoryPage): Promise<readonly HistoryEntry[]> {
    const { histories } = this.#parts.collections;
    const key = encodeURIComponent(jobKey(ref));
    const range = {
      after: `${key} `,
      before: page.before === undefined ? `${key}!` : `${key} ${numberKey(page.before)}`,
      isReversed: true,
      limit: page.limit,
    };
    const stored = await histories.list(range).catch(() => []);
    const recent = await this.#parts.memory.history(ref, page);
    const byOffset = new Map<number, HistoryEntry>();
    for (const [, entry] of stored) byOffset.set(entry.offset, entry);
    for (const entry of recent) byOffset.set(entry.offset, entry);
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
    await this.#parts.store.write(this.#mark(true), 'durable').catch(() => {});
  }

  #mark(isClean = false): readonly Change[] {
    const { marks } = this.#parts.collections;
    return marks.put('mark', { id: this.id, head: this.head, floor: this.#floor, isClean });
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
      const mark = floor > this.#writtenFloor ? this.#mark() : [];
      await this.#parts.store.write([...batch.flatMap((entry) => this.#changesOf(entry)), ...mark], 'lazy');
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

  #changesOf(entry: Transition): readonly Change[] {
    const { transitions, heads, histories } = this.#parts.collections;
    const { job, ...rest } = storable(entry);
    const key = encodeURIComponent(jobKey(job));
    const { kind, sequence, to, offset } = entry;
    return [
      ...transitions.put(numberKey(offset), { ...rest, job }),
      ...histories.put(`${key} ${numberKey(offset)}`, rest),
      ...heads.put(key, { kind, sequence, to, offset }),
    ];
  }

  /** The floor rises with what is forgotten, so that no cursor below it is taken for a good one. */
  async #forgetOldest(): Promise<void> {
    const { store, clock, collections, retention } = this.#parts;
    const excess = this.#count - retention.transitions;
    const isAgeDue = clock.now() >= this.#ageCheckedAt + hourMs;
    // Not for each entry by itself: the oldest have to be read.
    if (excess < Math.min(retention.transitions, batchSize) / 2 && !isAgeDue) return;
    this.#ageCheckedAt = clock.now();
    const oldest = await collections.transitions.list({ limit: batchSize });
    const tooOld = new Date(clock.now() - retention.ageMs);
    const over = oldest.map(([, entry]) => entry).filter((entry, index) => index < excess || entry.observedAt < tooOld);
    const last = over.at(-1);
    if (last === undefined) return;
    const changes = await Promise.all(over.map((entry) => this.#changesWithout(entry)));
    this.#floor = Math.max(this.#floor, last.offset);
    await store.write([...changes.flat(), ...this.#mark()], 'lazy');
    this.#count -= over.length;
  }

  async #changesWithout({ job, offset }: Transition): Promise<readonly Change[]> {
    const { transitions, heads, histories } = this.#parts.collections;
    const key = encodeURIComponent(jobKey(job));
    const isNewest = (await heads.get(key))?.offset === offset;
    return [
      ...transitions.delete(numberKey(offset)),
      ...histories.delete(`${key} ${numberKey(offset)}`),
      ...(isNewest ? heads.delete(key) : []),
    ];
  }
}
