/** The results of creates that callers know of: no search may take one of them for the result of another create. */
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { Collection, UnreadableEntryError } from '../store/collection.ts';
import type { Change, Store } from '../store/store.ts';
import { type CreateTarget, keyLifetimeMs } from './create-record.ts';

/** Longer than any record that the job could match. */
const takenMs = 2 * keyLifetimeMs;

/** Max number of results that callers know of and that the store could not note as taken. */
const maxPending = 10_000;

/** The owner of a taken result whose entry cannot be read. No record has this id. */
const unknownOwner = '?';

/** By whom a result is taken: the id of a record, or an empty text for a caller without a key. */
interface Holder {
  readonly by: string | undefined;
  readonly asRead: Change;
}

export class Taken {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #taken: Collection<string>;
  /** Keys of taken results that the store could not note yet. */
  readonly #pending = new Set<string>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#taken = new Collection(store, 'taken', z.string());
  }

  /** What a write expects and changes that takes a result for the record `id`; undefined if another has taken it. */
  async takeFor(id: string, target: CreateTarget, awsId: string) {
    const key = takenKey(target, awsId);
    const { by, asRead } = await this.#holderOf(key);
    if ((by ?? id) !== id || this.#pending.has(key)) return undefined;
    return { expected: asRead, changes: this.#takenBy(id, key) };
  }

  /** Notes a result as taken by the create `id`, beside its bound one. False if it is taken by another. */
  async take(id: string, target: CreateTarget, awsId: string): Promise<boolean> {
    const taking = await this.takeFor(id, target, awsId);
    return taking !== undefined && this.#store.writeIf([taking.expected], taking.changes);
  }

  /**
   * Notes a result as taken by a caller without a key. False if it is already taken. If the store fails, the result
   * counts as taken here and is noted later.
   */
  async takeForCaller(target: CreateTarget, awsId: string): Promise<boolean> {
    const key = takenKey(target, awsId);
    try {
      return await this.#takeKey(key);
    } catch {
      if (this.#pending.size < maxPending) this.#pending.add(key);
      return true;
    }
  }

  /** Notes the taken results that could not be noted before. Throws what the store throws. */
  async notePending(): Promise<void> {
    for (const key of this.#pending) {
      await this.#takeKey(key);
      this.#pending.delete(key);
    }
  }

  /** Whether the result is taken, by another record than `id`. */
  async isTaken(id: string, target: CreateTarget, awsId: string): Promise<boolean> {
    const key = takenKey(target, awsId);
    const { by } = await this.#holderOf(key);
    return (by !== undefined && by !== id) || this.#pending.has(key);
  }

  /** An unreadable entry still says that the result is taken. */
  async #holderOf(key: string): Promise<Holder> {
    try {
      const { value, asRead } = await this.#taken.find(key, this.#clock.now());
      return { by: value, asRead };
    } catch (error) {
      if (!(error instanceof UnreadableEntryError)) throw error;
      return { by: unknownOwner, asRead: { collection: 'taken', key, value: undefined } };
    }
  }

  async #takeKey(key: string): Promise<boolean> {
    const { by, asRead } = await this.#holderOf(key);
    return by === undefined && this.#store.writeIf([asRead], this.#takenBy('', key));
  }

  #takenBy(id: string, key: string): readonly Change[] {
    return this.#taken.putUntil(this.#clock.now() + takenMs, key, id);
  }
}

/** Import/Export compares ids case-insensitively. */
function takenKey(target: CreateTarget, awsId: string): string {
  return `${target}:${awsId.toUpperCase()}`;
}
