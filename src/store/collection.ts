/** A typed collection of the store: values are validated when read, and may expire. */
import { z } from 'zod';
import { type Change, numberKey, type Range, type Store, StoreError } from './store.ts';

/** Increased with each change of the format that older values do not fit. */
const version = 1;

/** The collection that lists all expiring values by when they expire. */
const expiries = 'expiries';

const expiry = z.object({ collection: z.string(), key: z.string() });

export class Collection<T> {
  readonly #store: Store;
  readonly #name: string;
  readonly #envelope: z.ZodType<{ readonly value: T; readonly expiresAt?: number | undefined }>;

  constructor(store: Store, name: string, schema: z.ZodType<T>) {
    this.#store = store;
    this.#name = name;
    // Unknown members come from a newer gateway that shares the store.
    this.#envelope = z.object({ v: z.literal(version), value: schema, expiresAt: z.number().optional() });
  }

  /**
   * Undefined if there is no value, or it has expired at `now`. Throws `UnreadableEntryError` for a value that this
   * version cannot read.
   */
  async get(key: string, now = 0): Promise<T | undefined> {
    return (await this.find(key, now)).value;
  }

  /** As `get`, with the stored value that a conditional write may expect, even if it has expired. */
  async find(key: string, now = 0): Promise<{ readonly value: T | undefined; readonly asRead: Change }> {
    const stored = await this.#store.read(this.#name, key);
    const value = stored === undefined ? undefined : this.#valueIn(stored, now);
    return { value, asRead: { collection: this.#name, key, value: stored } };
  }

  async list(range: Range, now = 0): Promise<readonly (readonly [string, T])[]> {
    const listed = await this.#store.list(this.#name, range);
    return listed.flatMap(([key, stored]) => {
      const value = this.#valueIn(stored, now);
      return value === undefined ? [] : [[key, value] as const];
    });
  }

  /** As `list`, with undefined for each value that this version cannot read. */
  async listReadable(range: Range): Promise<readonly (readonly [string, T | undefined])[]> {
    const listed = await this.#store.list(this.#name, range);
    return listed.map(([key, stored]) => [key, this.#envelope.safeParse(stored).data?.value] as const);
  }

  count(): Promise<number> {
    return this.#store.count(this.#name);
  }

  put(key: string, value: T): readonly Change[] {
    return [{ collection: this.#name, key, value: { v: version, value } }];
  }

  /** As `put`, for a value that expires at `expiresAt`, in milliseconds since the epoch. */
  putUntil(expiresAt: number, key: string, value: T): readonly Change[] {
    const kept = { collection: this.#name, key };
    return [
      { ...kept, value: { v: version, value, expiresAt } },
      { collection: expiries, key: `${numberKey(expiresAt)} ${this.#name} ${key}`, value: kept },
    ];
  }

  delete(key: string): readonly Change[] {
    return [{ collection: this.#name, key, value: undefined }];
  }

  #valueIn(stored: unknown, now: number): T | undefined {
    const { success, data } = this.#envelope.safeParse(stored);
    if (!success) throw unreadable(this.#store.setting, this.#name);
    const { value, expiresAt } = data;
    return expiresAt !== undefined && expiresAt <= now ? undefined : value;
  }
}

/** The store holds a value that cannot be read, which is not the same as no value. */
export class UnreadableEntryError extends StoreError {}

function unreadable(setting: string, name: string): StoreError {
  return new UnreadableEntryError(
    `${setting}: the store holds an entry of ${JSON.stringify(name)} that this version of the gateway cannot read. ` +
      'Start the version that wrote it, or begin with an empty store after looking through `jobs`.',
  );
}

/**
 * Deletes at most `limit` values that have expired at `now`; returns their number. Deletes none if another gateway has
 * changed one of them meanwhile: the next sweep retries.
 */
export async function deleteExpired(store: Store, now: number, limit: number): Promise<number> {
  const over = await store.list(expiries, { before: numberKey(now + 1), limit });
  if (over.length === 0) return 0;
  const expected: Change[] = [];
  const changes: Change[] = [];
  for (const [listing, stored] of over) {
    const { success, data } = expiry.safeParse(stored);
    // Left to the version that wrote it.
    if (!success) continue;
    const { collection, key } = data;
    const value = await store.read(collection, key);
    // The value may have been written again since, with a later expiry.
    if (expiresAt(value) <= now) {
      expected.push({ collection, key, value });
      changes.push({ collection, key, value: undefined });
    }
    changes.push({ collection: expiries, key: listing, value: undefined });
  }
  return (await store.writeIf(expected, changes)) ? over.length : 0;
}

function expiresAt(stored: unknown): number {
  const { success, data } = z.object({ expiresAt: z.number() }).safeParse(stored);
  return success ? data.expiresAt : Number.POSITIVE_INFINITY;
}
