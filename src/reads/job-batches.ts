/** Batches the reads of Data Exchange jobs that different requests make at the same moment. */
import type { CallOptions } from '../backends/backend.ts';
import type { BatchOptions } from '../backends/data-exchange/batch.ts';
import { dataExchangePageSize } from '../backends/list-reach.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { BackendError } from '../model/errors.ts';
import { BatchWindow } from './batch-window.ts';
import { frozen, SharedCall, type SharedCallOptions } from './shared-call.ts';

type Outcome = DataExchangeJob | BackendError;

/** Resolves with a job or an error for every id. */
export type ReadJobs = (awsJobIds: readonly string[], options: BatchOptions) => Promise<ReadonlyMap<string, Outcome>>;

/**
 * A request for more jobs gets its own batch: it would gain nothing by waiting for others, and a request for a single
 * job must not wait until hundreds are found, page by page.
 */
const maxSharedIds = 8;

/**
 * Requests for one job each are read by as many GetJobs as they would make without this batch: a page takes ten times the processor
 * time of one, here and at the service, and a request for one job would wait for it.
 */
const maxSingleReads = 6;

const quietMs = 2;

interface Batch {
  readonly ids: Set<string>;
  readonly window: BatchWindow;
  readonly call: SharedCall<ReadonlyMap<string, Outcome>>;
  /** Whether some request needs several of its jobs. */
  hasGroup: boolean;
}

export class JobBatches {
  readonly #read: ReadJobs;
  readonly #options: SharedCallOptions;
  /** By job id: the newest batch that reads the job. */
  readonly #batches = new Map<string, Batch>();
  /** The batch that still accepts ids. */
  #open: Batch | undefined;

  constructor(read: ReadJobs, options: SharedCallOptions) {
    this.#read = read;
    this.#options = options;
  }

  /** The number of jobs whose read can be joined. */
  get size(): number {
    return this.#batches.size;
  }

  /**
   * Joins the reads in flight, and reads the rest. A signed URL that GetJob returned goes only to the request that
   * added the id to the batch; the requests that joined get the job without it.
   */
  async get(awsJobIds: readonly string[], { signal }: CallOptions): Promise<ReadonlyMap<string, Outcome>> {
    const added: string[] = [];
    const joined = new Map<Batch, string[]>();
    for (const id of awsJobIds) {
      const batch = this.#batches.get(id);
      if (batch?.call.isJoinable) joined.set(batch, [...(joined.get(batch) ?? []), id]);
      else added.push(id);
    }
    const parts = [...joined].map(async ([batch, ids]) => {
      batch.window.extend();
      return (await outcomesOf(batch, ids, signal)).map(([id, outcome]) => [id, withoutSignedUrl(outcome)] as const);
    });
    if (added.length > 0) parts.push(outcomesOf(this.#batchWith(added), added, signal));
    const outcomes = new Map((await Promise.all(parts)).flat());
    if ([...outcomes.values()].some((outcome) => outcome instanceof Error)) await this.#options.failures.turn();
    return outcomes;
  }

  /** Later requests do not join a read of the job that has already begun. */
  forget(awsJobId: string): void {
    if (this.#batches.get(awsJobId) !== this.#open) this.#batches.delete(awsJobId);
  }

  #batchWith(ids: readonly string[]): Batch {
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

  #openBatchFor(count: number): Batch | undefined {
    const open = this.#open;
    return open?.call.isJoinable && open.ids.size + count <= dataExchangePageSize ? open : undefined;
  }

  #begin(): Batch {
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
    const batch: Batch = { ids, window, call, hasGroup: false };
    call.onEnd(() => {
      window.close();
      this.#forgetBatch(batch);
    });
    return batch;
  }

  #forgetBatch(batch: Batch): void {
    if (this.#open === batch) this.#open = undefined;
    for (const id of batch.ids) if (this.#batches.get(id) === batch) this.#batches.delete(id);
  }
}

async function outcomesOf({ call }: Batch, ids: readonly string[], signal: AbortSignal) {
  const outcomes = await call.wait(signal);
  return ids.flatMap((id) => {
    const outcome = outcomes.get(id);
    return outcome === undefined ? [] : [[id, outcome] as const];
  });
}

/** The URL is a credential, and was read for another request. */
function withoutSignedUrl(outcome: Outcome): Outcome {
  if (outcome instanceof Error || outcome.details === null || !('signedUrl' in outcome.details)) return outcome;
  const { signedUrl: _, ...details } = outcome.details;
  return { ...outcome, details };
}
