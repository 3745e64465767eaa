/** The store in a folder: LevelDB inside this process, which locks the folder against every other. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { Clock } from '../base/clock.ts';
import { LevelDatabase } from './level-database.ts';
import { Probe } from './probe.ts';
import { type Change, type Range, type Store, StoreError } from './store.ts';
import { isSameValue } from './stored-text.ts';

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
    return new LevelStore(new LevelDatabase(database), world, await secretOf(database), clock);
  } catch (error) {
    await database.close();
    throw notOpened(folder, error);
  }
}

async function openDatabase(folder: string): Promise<Database> {
  const location = join(folder, 'store');
  try {
    await makeFolder(location);
    // Whoever made the folder, nobody else may read what is inside.
    await chmod(location, 0o700);
    if (await hasLostItsBeginning(location)) throw damaged(folder, 'CURRENT is missing');
    const database: Database = new ClassicLevel(location, { keyEncoding: 'utf8', valueEncoding: 'json' });
    await database.open();
    return database;
  } catch (error) {
    throw notOpened(folder, error);
  }
}

/**
 * Makes `path` and what is missing above it. Node's own `recursive` tries for ever in a folder that is there and takes no other, such
 * as `/proc` (measured with 20.20.2).
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 }).catch(unlessThere);
  } catch (error) {
    const above = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === path) throw error;
    await makeFolder(above);
    await mkdir(path, { mode: 0o700 }).catch(unlessThere);
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** LevelDB would begin anew, and delete what is there. It makes the file before any of the others. */
async function hasLostItsBeginning(location: string): Promise<boolean> {
  const files = await readdir(location);
  return !files.includes('CURRENT') && files.some((file) => /\.(?:ldb|log)$/.test(file));
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
  if (error instanceof StoreError) return error;
  const { code, message } = innermost(error);
  if (code === 'LEVEL_LOCKED') {
    return new StoreError(
      `${at(folder)} is in use by another process. Stop that one, or give this one a folder of its own.`,
    );
  }
  const fault = /^E[A-Z]+$/.exec(code)?.[0] ?? faultOfSystem.exec(message)?.[0];
  if (fault === undefined) return damaged(folder, code);
  return new StoreError(`${at(folder)} cannot be had (${fault}): expected a folder that can be written to.`);
}

function damaged(folder: string, what: string): StoreError {
  return new StoreError(
    `${at(folder)} is damaged and cannot be read (${what}). Restore it from a backup; or move the folder away and start ` +
      'without it, after looking through `jobs`: idempotency keys, cursors and the history of jobs are then forgotten.',
  );
}

function at(folder: string): string {
  return `WAYBILL_DATA_DIR: the store in ${JSON.stringify(folder)}`;
}

/** LevelDB has one code for them and for files that are not as it left them. */
const faultOfSystem =
  /No space left on device|Disk quota exceeded|File too large|Permission denied|Read-only file system|Too many open files/;

/** The outer ones say no more than that it was not opened. */
function innermost(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: '' };
  if (error.cause instanceof Error) return innermost(error.cause);
  return { code: (error as NodeJS.ErrnoException).code ?? '', message: error.message };
}

class LevelStore implements Store {
  readonly setting = 'WAYBILL_DATA_DIR';
  readonly secret: Uint8Array;
  readonly #database: LevelDatabase;
  readonly #world: World;
  readonly #probe: Probe;
  /** The keys that somebody compares and writes at the moment. */
  readonly #busy = new Map<string, Promise<void>>();

  constructor(database: LevelDatabase, world: World, secret: Uint8Array, clock: Clock) {
    this.#database = database;
    this.#world = world;
    this.secret = secret;
    this.#probe = new Probe(this, clock);
  }

  async read(collection: string, key: string): Promise<unknown> {
    return (await this.#database.readable()).get(this.#keyOf(collection, key));
  }

  async list(collection: string, { after, before, isReversed = false, limit = -1 }: Range) {
    const prefix = this.#keyOf(collection, '');
    const database = await this.#database.readable();
    const entries = await database
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
    const database = await this.#database.readable();
    let count = 0;
    for await (const _ of database.keys({ gt: prefix, lt: `${prefix.slice(0, -1)}"` })) count += 1;
    return count;
  }

  write(changes: readonly Change[], durability: 'durable' | 'lazy'): Promise<void> {
    const operations = changes.map(({ collection, key, value }) => {
      const at = this.#keyOf(collection, key);
      return value === undefined ? { type: 'del' as const, key: at } : { type: 'put' as const, key: at, value };
    });
    return this.#database.write(operations, durability === 'durable');
  }

  /** Only this process has the folder, so that those who compare need only wait for one another. */
  async writeIf(expected: readonly Change[], changes: readonly Change[]): Promise<boolean> {
    const keys = expected.map(({ collection, key }) => this.#keyOf(collection, key));
    for (let busy = this.#busyWith(keys); busy !== undefined; busy = this.#busyWith(keys)) await busy;
    const writing = this.#comparedAndWritten(expected, changes);
    const ended = writing.then(nothing, nothing);
    for (const key of keys) this.#busy.set(key, ended);
    try {
      return await writing;
    } finally {
      for (const key of keys) this.#busy.delete(key);
    }
  }

  isReachable(): Promise<boolean> {
    return this.#probe.isAnswered();
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  #busyWith(keys: readonly string[]): Promise<void> | undefined {
    return keys.map((key) => this.#busy.get(key)).find((busy) => busy !== undefined);
  }

  async #comparedAndWritten(expected: readonly Change[], changes: readonly Change[]): Promise<boolean> {
    const kept = await Promise.all(expected.map(({ collection, key }) => this.read(collection, key)));
    if (!expected.every(({ value }, at) => isSameValue(value, kept[at]))) return false;
    await this.write(changes, 'durable');
    return true;
  }

  #keyOf(collection: string, key: string): string {
    return `${this.#world}/${collection}!${key}`;
  }
}

function nothing(): void {}
