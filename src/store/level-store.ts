/** The store in a folder: LevelDB inside this process, which locks the folder against every other. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { Clock } from '../clock.ts';
import { type Change, type Range, type Store, StoreError } from './store.ts';

/**
 * `aws`: jobs that are there tomorrow. `emulator`: jobs that end with this process, so that everything known of them is
 * forgotten when the folder is opened again.
 */
export type World = 'aws' | 'emulator';

export interface LevelStoreOptions {
  /** `WAYBILL_DATA_DIR`. Made if it is not there. */
  readonly folder: string;
  readonly world: World;
  readonly clock: Clock;
}

type Database = ClassicLevel<string, unknown>;

/** Throws `StoreError` for a folder that is in use, damaged, or not to be had. */
export async function openLevelStore({ folder, world, clock }: LevelStoreOptions): Promise<Store> {
  const database = await openDatabase(folder);
  try {
    if (world === 'emulator') await database.clear({ gte: 'emulator/', lt: 'emulator0' });
    return new LevelStore(database, world, await secretOf(database), clock);
  } catch (error) {
    await database.close();
    throw notOpened(folder, error);
  }
}

async function openDatabase(folder: string): Promise<Database> {
  const location = join(folder, 'store');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await mkdir(location, { recursive: true, mode: 0o700 });
    // Whoever made the folder, nobody else may read what is inside.
    await chmod(location, 0o700);
    const database: Database = new ClassicLevel(location, { keyEncoding: 'utf8', valueEncoding: 'json' });
    await database.open();
    return database;
  } catch (error) {
    throw notOpened(folder, error);
  }
}

/** Made once: what it protected would be lost with it, so it lies where the rest does. */
async function secretOf(database: Database): Promise<Uint8Array> {
  const kept = await database.get('secret');
  if (typeof kept === 'string') return Buffer.from(kept, 'base64');
  const secret = randomBytes(32);
  await database.put('secret', secret.toString('base64'), { sync: true });
  return secret;
}

function notOpened(folder: string, error: unknown): StoreError {
  const at = `WAYBILL_DATA_DIR: the store in ${JSON.stringify(folder)}`;
  const codes = codesOf(error);
  if (codes.includes('LEVEL_LOCKED')) {
    return new StoreError(`${at} is in use by another process. Stop that one, or give this one a folder of its own.`);
  }
  if (codes.some((code) => /^E[A-Z]+$/.test(code))) {
    return new StoreError(`${at} cannot be had (${codes.join(', ')}): expected a folder that can be written to.`);
  }
  return new StoreError(
    `${at} is damaged and cannot be read (${codes.join(', ')}). Restore it from a backup; or move the folder away and start ` +
      'without it, after looking through `jobs`: idempotency keys, cursors and the history of jobs are then forgotten.',
  );
}

function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const { code } = error as NodeJS.ErrnoException;
  const rest = codesOf(error.cause);
  // The outer code says no more than that it was not opened.
  return typeof code === 'string' && rest.length === 0 ? [code] : rest;
}

/** A store that does not answer a probe by then is as good as none. */
const probeMs = 1_000;

class LevelStore implements Store {
  readonly secret: Uint8Array;
  readonly #database: Database;
  readonly #world: World;
  readonly #clock: Clock;
  #probe: Promise<boolean> | undefined;

  constructor(database: Database, world: World, secret: Uint8Array, clock: Clock) {
    this.#database = database;
    this.#world = world;
    this.secret = secret;
    this.#clock = clock;
  }

  read(collection: string, key: string): Promise<unknown> {
    return this.#database.get(this.#keyOf(collection, key));
  }

  async list(collection: string, { after, before, isReversed = false, limit = -1 }: Range) {
    const prefix = this.#keyOf(collection, '');
    const entries = await this.#database
      .iterator({
        gt: `${prefix}${after ?? ''}`,
        // The character after the one that ends the name.
        lt: before === undefined ? `${prefix.slice(0, -1)}"` : `${prefix}${before}`,
        reverse: isReversed,
        limit,
      })
      .all();
    return entries.map(([key, value]) => [key.slice(prefix.length), value] as const);
  }

  async count(collection: string): Promise<number> {
    const prefix = this.#keyOf(collection, '');
    let count = 0;
    for await (const _ of this.#database.keys({ gt: prefix, lt: `${prefix.slice(0, -1)}"` })) count += 1;
    return count;
  }

  async write(changes: readonly Change[], durability: 'durable' | 'lazy'): Promise<void> {
    const operations = changes.map(({ collection, key, value }) => {
      const at = this.#keyOf(collection, key);
      return value === undefined ? { type: 'del' as const, key: at } : { type: 'put' as const, key: at, value };
    });
    await this.#database.batch(operations, { sync: durability === 'durable' });
  }

  /** Those who ask at the same time share one probe. */
  isReachable(): Promise<boolean> {
    this.#probe ??= this.#probed().finally(() => {
      this.#probe = undefined;
    });
    return this.#probe;
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  async #probed(): Promise<boolean> {
    const probe = { collection: 'probe', key: 'last', value: this.#clock.now() };
    const written = this.write([probe], 'lazy').then(
      () => true,
      () => false,
    );
    let cancel = (): void => {};
    const late = new Promise<boolean>((resolve) => {
      cancel = this.#clock.schedule(() => resolve(false), probeMs);
    });
    return Promise.race([written, late]).finally(cancel);
  }

  #keyOf(collection: string, key: string): string {
    return `${this.#world}/${collection}!${key}`;
  }
}
