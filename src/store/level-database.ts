/**
 * A LevelDB that a write which fails does not spoil. LevelDB itself goes on behind the half of an entry that a full disk has
 * left in its log: it confirms what follows, and drops it when it reads the log after a crash. So nothing is written after a
 * failure until the database was opened anew, which begins a new log with all that was confirmed.
 */
import { statfs } from 'node:fs/promises';
import type { BatchOperation, ClassicLevel } from 'classic-level';

type Database = ClassicLevel<string, unknown>;
export type Operation = BatchOperation<Database, string, unknown>;

/** What opening may have to write: as much as LevelDB keeps in memory. */
const roomBytes = 4_194_304;

interface Waiting {
  readonly operations: readonly Operation[];
  readonly isDurable: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class LevelDatabase {
  readonly #database: Database;
  #isClosed = false;
  /** Why the last write failed, until the database was opened anew. */
  #failure: unknown;
  #opening: Promise<void> | undefined;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  /** Takes a database that is open. */
  constructor(database: Database) {
    this.#database = database;
  }

  /** The database as it may be read. Rejects if it could not be opened again. */
  async readable(): Promise<Database> {
    await this.#opening?.catch(() => {});
    if (this.#database.status !== 'open' && !this.#isClosed) await this.#openAnew();
    return this.#database;
  }

  /** All or nothing. What comes while a write is under way is written together, after it. */
  write(operations: readonly Operation[], isDurable: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operations, isDurable, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    await this.#opening?.catch(() => {});
    await this.#database.close();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const together = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failure !== undefined) await this.#openAnew();
        const operations = together.flatMap((each) => each.operations);
        await this.#database.batch(operations, { sync: together.some(({ isDurable }) => isDurable) });
        for (const { resolve } of together) resolve();
      } catch (error) {
        this.#failure ??= error;
        for (const { reject } of together) reject(error);
      }
    }
    this.#writing = undefined;
  }

  /** Those who come meanwhile wait for it. */
  #openAnew(): Promise<void> {
    this.#opening ??= this.#opened().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #opened(): Promise<void> {
    if (this.#isClosed) return;
    // It can still be read, and could not be opened again.
    if (this.#database.status === 'open' && !(await hasRoom(this.#database.location))) throw this.#failure;
    await this.#database.close();
    await this.#database.open();
    this.#failure = undefined;
  }
}

async function hasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize >= roomBytes;
}
