/** Batches the reads of entries of AWS Data Exchange that different requests make at the same moment. */
import type { CallOptions } from '../backends/calls/call-options.ts';
import type { BatchOptions, Outcome } from '../backends/data-exchange/batch.ts';
import { dataExchangePageSize } from '../backends/list-reach.ts';
import { BatchWindow } from './batch-window.ts';
import { frozen, SharedCall, type SharedCallOptions } from './shared-call.ts';

/** Resolves with an entry or an error for every id. */
export type ReadTogether<Entry> = (
  ids: readonly string[],
  options: BatchOptions,
) => Promise<ReadonlyMap<string, Outcome<Entry>>>;

/**
 * A request for more entries gets its own batch: it would gain nothing by waiting for others, and a request for a single
 * one must not wait until hundreds are found, page by page.
 */
const maxSharedIds = 8;

/**
 * Requests for one entry each are read by as many calls as they would make without this batch: a page takes ten times
 * the processor time of one GetJob, here and at the service, and a request for one job would wait for it. Only reads of
 * jobs use this: those of the catalog have numbers of their own.
 */
const maxSingleReads = 6;

const quietMs = 2;

interface Batch<Entry> {
  readonly ids: Set<string>;
  readonly window: BatchWindow;
  readonly call: SharedCall<ReadonlyMap<string, Outcome<Entry>>>;
  /** Whether some request needs several of its entries. */
  hasGroup: boolean;
}

export interface BatchesOptions<Entry> extends SharedCallOptions {
  /** What the requests get that joined a read, in place of its entry. Absent: the same. */
  readonly forJoined?: (entry: Entry) => Entry;
}

export class Batches<Entry extends object> {
  readonly #read: ReadTogether<Entry>;
  readonly #options: BatchesOptions<Entry>;
  /** By id: the newest batch that reads the entry. */
  readonly #batches = new Map<string, Batch<Entry>>();
  /** The batch that still accepts ids. */
  #open: Batch<Entry> | undefined;

  constructor(read: ReadTogether<Entry>, options: BatchesOptions<Entry>) {
    this.#read = read;
    this.#options = options;
  }

  /** The number of entries whose read can be joined. */
  get size(): number {
    return this.#batches.size;
  }

  /** Joins the reads in flight, and reads the rest. */
  async get(ids: readonly string[], { signal }: CallOptions): Promise<ReadonlyMap<string, Outcome<Entry>>> {
    const added: string[] = [];
    const joined = new Map<Batch<Entry>, string[]>();
    for (const id of ids) {
      const batch = this.#batches.get(id);
      if (batch?.call.isJoinable) joined.set(batch, [...(joined.get(batch) ?? []), id]);
      else added.push(id);
    }
    const { forJoined = (entry: Entry) => entry } = this.#options;
    const parts = [...joined].map(async ([batch, joinedIds]) => {
      batch.window.extend();
      const outcomes = await outcomesOf(batch, joinedIds, signal);
      return outcomes.map(([id, outcome]) => [id, outcome instanceof Error ? outcome : forJoined(outcome)] as const);
    });
    if (added.length > 0) parts.push(outcomesOf(this.#batchWith(added), added, signal));
    const outcomes = new Map((await Promise.all(parts)).flat());
    if ([...outcomes.values()].some((outcome) => outcome instanceof Error)) await this.#options.failures.turn();
    return outcomes;
  }

  /** Later requests do not join a read of the entry that has already begun. */
  forget(id: string): void {
    if (this.#batches.get(id) !== this.#open) this.#batches.delete(id);
  }

  #batchWith(ids: readonly string[]): Batch<Entry> {
    const isShared = ids.length <= maxSharedIds;
    const batch = (isShared && this.#openBatchFor(ids.length)) || this.#begin();
    for (const id of ids) {
      batch.ids.add(id);
      this.#batches.set(id, batch);
    }
    if (ids.length > 1) batch.hasGroup = true;
    if (isShared) this.#open = batch;
    if (isShared && batch.ids.size < dataExchangePageSize) batch.window.extend();
    else batch.window.close();
    return batch;
  }

  #openBatchFor(count: number): Batch<Entry> | undefined {
    const open = this.#open;
    return open?.call.isJoinable && open.ids.size + count <= dataExchangePageSize ? open : undefined;
  }

  #begin(): Batch<Entry> {
    const ids = new Set<string>();
    const window = new BatchWindow(this.#options.clock, quietMs);
    const call = new SharedCall(this.#options, async (signal) => {
      await window.closed;
      signal.throwIfAborted();
      if (this.#open === batch) this.#open = undefined;
      const outcomes = await this.#read([...ids], batch.hasGroup ? { signal } : { signal, maxSingleReads });
      for (const outcome of outcomes.values()) if (outcome instanceof Error) frozen(outcome);
      return outcomes;
    });
    const batch: Batch<Entry> = { ids, window, call, hasGroup: false };
    call.onEnd(() => {
      window.close();
      this.#forgetBatch(batch);
    });
    return batch;
  }

  #forgetBatch(batch: Batch<Entry>): void {
    if (this.#open === batch) this.#open = undefined;
    for (const id of batch.ids) if (this.#batches.get(id) === batch) this.#batches.delete(id);
  }
}

async function outcomesOf<Entry>({ call }: Batch<Entry>, ids: readonly string[], signal: AbortSignal) {
  const outcomes = await call.wait(signal);
  return ids.flatMap((id) => {
    const outcome = outcomes.get(id);
    return outcome === undefined ? [] : [[id, outcome] as const];
  });
}
