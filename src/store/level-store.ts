/** The store in a folder: LevelDB in this process, which locks the folder against others. */
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
 * `aws`: jobs that outlive this process. `emulator`: jobs that end with it, so that opening the folder deletes what was
 * stored of them.
 */
export type Namespace = 'aws' | 'emulator';

export interface LevelStoreOptions {
  /** `WAYBILL_DATA_DIR`. Created if missing. */
  readonly folder: string;
  readonly namespace: Namespace;
  readonly clock: Clock;
}

type Database = ClassicLevel<string, unknown>;

/** Throws `StoreError` for a folder that is in use, damaged or inaccessible. */
export async function openLevelStore({ folder, namespace, clock }: LevelStoreOptions): Promise<Store> {
  const database = await openDatabase(folder);
  try {
    if (namespace === 'emulator') await database.clear({ gte: 'emulator/', lt: 'emulator0' });
    return new LevelStore(await LevelDatabase.over(database), namespace, await secretOf(database), clock);
  } catch (error) {
    await database.close();
    throw openError(folder, error);
  }
}

async function openDatabase(folder: string): Promise<Database> {
  const location = join(folder, 'store');
  try {
    await makeFolder(location);
    // Only the owner may read the content, whoever created the folder.
    await chmod(location, 0o700);
    if (await lacksCurrentFile(location)) throw damaged(folder, 'CURRENT is missing');
    const database: Database = new ClassicLevel(location, { keyEncoding: 'utf8', valueEncoding: 'json' });
    await database.open();
    return database;
  } catch (error) {
    throw openError(folder, error);
  }
}

/**
 * Creates `path` and its missing parents. Node's own `recursive` never ends in an existing folder that takes no
 * entries, such as `/proc` (measured with 20.20.2).
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 }).catch(ignoreExisting);
  } catch (error) {
    const above = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === path) throw error;
    await makeFolder(above);
    await mkdir(path, { mode: 0o700 }).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/**
 * Without the file CURRENT, which LevelDB creates before all others, it would begin a new database and delete the
 * files.
 */
async function lacksCurrentFile(location: string): Promise<boolean> {
  const files = await readdir(location);
  return !files.includes('CURRENT') && files.some((file) => /\.(?:ldb|log)$/.test(file));
}

/** Created once. It is stored beside the data that it protects, since it is useless without them. */
async function secretOf(database: Database): Promise<Uint8Array> {
  const kept = await database.get('secret');
  if (typeof kept === 'string') return Buffer.from(kept, 'base64');
  const secret = randomBytes(32);
  await database.put('secret', secret.toString('base64'), { sync: true });
  return secret;
}

function openError(folder: string, error: unknown): StoreError {
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

/** LevelDB has one code for these errors and for damaged files. */
const faultOfSystem =
  /No space left on device|Disk quota exceeded|File too large|Permission denied|Read-only file system|Too many open files/;

/** The outer errors only say that it was not opened. */
function innermost(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: '' };
  if (error.cause instanceof Error) return innermost(error.cause);
  return { code: (error as NodeJS.ErrnoException).code ?? '', message: error.message };
}

class LevelStore implements Store {
  readonly setting = 'WAYBILL_DATA_DIR';
  readonly secret: Uint8Array;
  readonly #database: LevelDatabase;
  readonly #namespace: Namespace;
  readonly #probe: Probe;
  /** The keys of the conditional writes under way. */
  readonly #busy = new Map<string, Promise<void>>();

  constructor(database: LevelDatabase, namespace: Namespace, secret: Uint8Array, clock: Clock) {
    this.#database = database;
    this.#namespace = namespace;
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

  /** Only this process uses the folder, so that conditional writes need only wait for each other. */
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
    return `${this.#namespace}/${collection}!${key}`;
  }
}

function nothing(): void {}
