/**
 * A LevelDB that survives failed writes. LevelDB itself appends behind the half entry that a full disk has left in its
 * log: it confirms later writes, and drops them when it reads the log after a crash. So after a failure nothing is
 * written until the database was reopened, which begins a new log with everything confirmed.
 */
import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchOperation, ClassicLevel } from 'classic-level';

type Database = ClassicLevel<string, unknown>;
export type Operation = BatchOperation<Database, string, unknown>;

/** The space that opening may need: as much as LevelDB keeps in memory. */
export const minFreeMiB = 4;

/** The folder was moved or deleted while its database was open. */
export class MissingFolderError extends Error {
  override readonly name = 'MissingFolderError';
}

interface Waiting {
  readonly operations: readonly Operation[];
  readonly isDurable: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class LevelDatabase {
  readonly #database: Database;
  #isClosed = false;
  /** The error of the last write, until the database was reopened. */
  #failure: unknown;
  #opening: Promise<void> | undefined;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  /** The folder by its lock, the one file that LevelDB never replaces. */
  readonly #lock: number | undefined;

  private constructor(database: Database, lock: number | undefined) {
    this.#database = database;
    this.#lock = lock;
  }

  /** `database` is open. */
  static async over(database: Database): Promise<LevelDatabase> {
    return new LevelDatabase(database, await lockOf(database.location));
  }

  /** Returns the database for reading. Rejects if it could not be reopened. */
  async readable(): Promise<Database> {
    await this.#opening?.catch(() => {});
    if (this.#database.status !== 'open' && !this.#isClosed) await this.#reopen();
    return this.#database;
  }

  /** Writes all operations or none. Calls during a write are written together after it. */
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
        await this.#assertInPlace();
        if (this.#failure !== undefined) await this.#reopen();
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

  /** LevelDB itself writes on into deleted files, and confirms what the next start does not find. */
  async #assertInPlace(): Promise<void> {
    if ((await lockOf(this.#database.location)) !== this.#lock) {
      throw new MissingFolderError('expected the folder that was opened, received none or another');
    }
  }

  /** Concurrent calls share one reopening. */
  #reopen(): Promise<void> {
    this.#opening ??= this.#reopenDatabase().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #reopenDatabase(): Promise<void> {
    if (this.#isClosed) return;
    // Without space it could not be opened again, and now it can still be read.
    if (this.#database.status === 'open' && !(await hasSpace(this.#database.location))) throw this.#failure;
    await this.#database.close();
    // Not an empty one: what was confirmed would be forgotten.
    await this.#database.open({ createIfMissing: false });
    this.#failure = undefined;
  }
}

/** Undefined if there is none. */
async function lockOf(folder: string): Promise<number | undefined> {
  const { ino } = await stat(join(folder, 'LOCK')).catch(() => ({ ino: undefined }));
  return ino;
}

async function hasSpace(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize >= minFreeMiB * 2 ** 20;
}
