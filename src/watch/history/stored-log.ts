/** The transition log in the store: entries by offset, history by job, and the checkpoint. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { JobRef } from '../../model/job-state.ts';
import { Collection } from '../../store/collection.ts';
import { type Change, numberKey, type Range, type Store } from '../../store/store.ts';
import type { InitialLog } from './memory-transition-log.ts';
import { type OnUnreadable, storable, storedHead, storedHistoryEntry, storedTransition } from './stored-transition.ts';
import { type HistoryEntry, type HistoryPage, jobKey, type Transition } from './transition-log.ts';

const checkpoint = z.object({
  id: z.string(),
  /** The head when the checkpoint was written. */
  head: z.number(),
  /** Entries up to here are deleted or incomplete. */
  floor: z.number(),
  /** Whether the process wrote everything before it ended. */
  isClean: z.boolean(),
});

export type Checkpoint = z.infer<typeof checkpoint>;

/** The key of the checkpoint, as in stores of 0.1.0. */
const checkpointKey = 'mark';

/** More offsets than a process issues while its store is unavailable; there is room for two million epochs. */
const epochGap = 2 ** 32;

/** A stored entry; without a transition if this version cannot read it. */
export interface StoredEntry {
  readonly offset: number;
  readonly transition: Transition | undefined;
}

export class StoredLog {
  readonly #store: Store;
  readonly #checkpoints: Collection<Checkpoint>;
  readonly #transitions: Collection<Transition>;
  readonly #heads: Collection<z.infer<typeof storedHead>>;
  readonly #histories: Collection<HistoryEntry>;

  readonly #onUnreadable: OnUnreadable;

  constructor(store: Store, onUnreadable: OnUnreadable) {
    this.#store = store;
    this.#onUnreadable = onUnreadable;
    this.#checkpoints = new Collection(store, 'log', checkpoint);
    this.#transitions = new Collection(store, 'transitions', storedTransition);
    this.#heads = new Collection(store, 'heads', storedHead);
    this.#histories = new Collection(store, 'history', storedHistoryEntry);
  }

  /** Opens the log or begins one; returns at most `limit` of the newest entries. */
  async open(limit: number): Promise<InitialLog & { readonly id: string }> {
    const last = (await this.#checkpoints.get(checkpointKey)) ?? { id: randomUUID(), head: 0, floor: 0, isClean: true };
    const newest = await this.#transitions.listReadable({ isReversed: true, limit: limit + 1 });
    const listed = newest.map(([key, entry]) => ({ offset: Number(key), entry }));
    const kept = listed.filter(({ offset }) => offset > last.floor);
    const held = kept.slice(0, limit).reverse();
    const unreadable = held.filter(({ entry }) => entry === undefined);
    for (const _ of unreadable) this.#onUnreadable('transitions');
    const written = Math.max(last.head, kept[0]?.offset ?? 0);
    const head = last.isClean ? written : written + epochGap;
    await this.#store.write(this.putCheckpoint({ ...last, head, isClean: false }), 'durable');
    const heads = await this.#readable('heads', this.#heads, {});
    return {
      id: last.id,
      head,
      floor: kept[limit]?.offset ?? last.floor,
      entries: held.flatMap(({ entry }) => entry ?? []),
      // Cursors may have the offset of an unreadable entry.
      entrylessOffsets: [head, ...unreadable.map(({ offset }) => offset)],
      heads: heads.map(([key, { offset: _, ...head }]) => [decodeURIComponent(key), head] as const),
    };
  }

  count(): Promise<number> {
    return this.#transitions.count();
  }

  async history(ref: JobRef, { limit, before }: HistoryPage): Promise<readonly HistoryEntry[]> {
    const key = keyOf(ref);
    const end = before === undefined ? `${key}!` : historyKey(key, before);
    const range = { after: `${key} `, before: end, isReversed: true, limit };
    return (await this.#readable('history', this.#histories, range)).map(([, entry]) => entry);
  }

  async oldest(limit: number): Promise<readonly StoredEntry[]> {
    const listed = await this.#transitions.listReadable({ limit });
    return listed.map(([key, transition]) => ({ offset: Number(key), transition }));
  }

  putCheckpoint(state: Checkpoint): readonly Change[] {
    return this.#checkpoints.put(checkpointKey, state);
  }

  putEntry(entry: Transition): readonly Change[] {
    const { job, ...rest } = storable(entry);
    const { kind, sequence, to, offset } = entry;
    const key = keyOf(job);
    return [
      ...this.#transitions.put(numberKey(offset), { ...rest, job }),
      ...this.#histories.put(historyKey(key, offset), rest),
      ...this.#heads.put(key, { kind, sequence, to, offset }),
    ];
  }

  /** The job's head is deleted with the last of its entries. */
  async deleteEntry({ offset, transition }: StoredEntry): Promise<readonly Change[]> {
    if (transition === undefined) return this.#transitions.delete(numberKey(offset));
    const key = keyOf(transition.job);
    const isNewest = (await this.#heads.get(key))?.offset === offset;
    return [
      ...this.#transitions.delete(numberKey(offset)),
      ...this.#histories.delete(historyKey(key, offset)),
      ...(isNewest ? this.#heads.delete(key) : []),
    ];
  }

  async #readable<T>(
    name: string,
    collection: Collection<T>,
    range: Range,
  ): Promise<readonly (readonly [string, T])[]> {
    const listed = await collection.listReadable(range);
    return listed.flatMap(([key, value]) => {
      if (value !== undefined) return [[key, value] as const];
      this.#onUnreadable(name);
      return [];
    });
  }

  write(changes: readonly Change[], durability: 'durable' | 'lazy' = 'lazy'): Promise<void> {
    return this.#store.write(changes, durability);
  }
}

/** Escapes the characters that separate keys. */
function keyOf(ref: JobRef): string {
  return encodeURIComponent(jobKey(ref)).replaceAll('!', '%21');
}

function historyKey(key: string, offset: number): string {
  return `${key} ${numberKey(offset)}`;
}
