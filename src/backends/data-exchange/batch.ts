/** Reads many entries of the service by few calls. */

import pLimit from 'p-limit';
import { BackendError } from '../../model/errors.ts';
import type { CallOptions } from '../calls/call-options.ts';
import { isOnlyAboutLists } from './list-failure.ts';

const concurrency = 8;

export type Outcome<Entry> = Entry | BackendError;

export interface BatchOptions extends CallOptions {
  /** Max number of jobs that are read by GetJob only: two, unless given. The catalog has numbers of its own. */
  readonly maxSingleReads?: number;
}

interface ReadPage<Entry> {
  readonly entries: readonly Entry[];
  readonly nextToken: string | null;
}

export interface BatchSource<Entry> {
  /** Each reads a page of a list that may have the entries. The lists are read in this order. */
  readonly lists: readonly ((nextToken: string | null, options: CallOptions) => Promise<ReadPage<Entry>>)[];
  readonly idOf: (entry: Entry) => string;
  readonly readOne: (id: string, options: CallOptions) => Promise<Entry>;
  /** Max number of entries that are read one by one only. */
  readonly maxSingleReads: number;
  /** Max missing entries for which single reads are cheaper than a page. */
  readonly maxRest: number;
  /** Whether to go on in a list after `pages` pages, in the last of which were `found` of the entries. */
  readonly goesOn: (found: number, pages: number) => boolean;
}

/**
 * Reads the entries with these `ids`. It reads a few one by one; more by pages of the lists, and the rest one by one.
 * Resolves with an entry or an error for every id.
 */
export async function readBatch<Entry>(
  source: BatchSource<Entry>,
  ids: readonly string[],
  options: CallOptions,
): Promise<Map<string, Outcome<Entry>>> {
  const batch = new Batch(source, ids, options);
  await batch.read();
  return batch.outcomes;
}

class Batch<Entry> {
  readonly outcomes = new Map<string, Outcome<Entry>>();
  readonly #source: BatchSource<Entry>;
  readonly #missing: Set<string>;
  readonly #options: CallOptions;

  constructor(source: BatchSource<Entry>, ids: readonly string[], options: CallOptions) {
    this.#source = source;
    this.#missing = new Set(ids);
    this.#options = options;
  }

  async read(): Promise<void> {
    const { lists, maxRest, maxSingleReads } = this.#source;
    let enough = maxSingleReads;
    for (const list of lists) {
      if (this.#missing.size <= enough) break;
      await this.#readList(list);
      enough = maxRest;
    }
    await this.#readOneByOne();
  }

  #settle(id: string, outcome: Outcome<Entry>): void {
    this.outcomes.set(id, outcome);
    this.#missing.delete(id);
  }

  /**
   * Reads pages while they contain missing entries, so it also ends if the service repeats a token and its page. An
   * error that single reads would get too becomes the outcome of every missing entry.
   */
  async #readList(list: BatchSource<Entry>['lists'][number]): Promise<void> {
    const { idOf, maxRest, goesOn } = this.#source;
    let nextToken: string | null = null;
    try {
      for (let pages = 1; ; pages += 1) {
        const page: ReadPage<Entry> = await list(nextToken, this.#options);
        const found = page.entries.filter((entry) => this.#missing.has(idOf(entry)));
        for (const entry of found) this.#settle(idOf(entry), entry);
        nextToken = page.nextToken;
        if (nextToken === null || this.#missing.size <= maxRest || !goesOn(found.length, pages)) return;
      }
    } catch (error) {
      const failure = backendError(error);
      if (!isOnlyAboutLists(failure)) for (const id of [...this.#missing]) this.#settle(id, failure);
    }
  }

  /** As soon as the service throttles, the remaining entries get that error without a call. */
  async #readOneByOne(): Promise<void> {
    let throttled: BackendError | undefined;
    const read = async (id: string): Promise<void> => {
      const outcome = throttled ?? (await this.#source.readOne(id, this.#options).catch(backendError));
      if (outcome instanceof BackendError && outcome.code === 'UPSTREAM_THROTTLED') throttled = outcome;
      this.#settle(id, outcome);
    };
    const ids = [...this.#missing];
    // `pLimit` takes a twentieth of the time of a single read, and this few need no limit.
    await (ids.length <= concurrency ? Promise.all(ids.map(read)) : pLimit(concurrency).map(ids, read));
  }
}

function backendError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  throw error;
}
