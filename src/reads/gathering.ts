/** Data Exchange jobs that different requests ask for in the same moment, read as one batch. */
import type { CallOptions } from '../backends/backend.ts';
import { orAborted } from '../base/deadline.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { BackendError } from '../model/errors.ts';
import { frozen, SharedCall, type SharedCallOptions } from './call.ts';
import { GatheringWindow } from './window.ts';

type Outcome = DataExchangeJob | BackendError;

/** A job or an error for every id; rejects for none of them. */
export type ReadJobs = (awsJobIds: readonly string[], options: CallOptions) => Promise<ReadonlyMap<string, Outcome>>;

/** As many jobs as a page of the list holds. */
const maxBatchSize = 200;

/**
 * Whoever asks for more has a batch of its own: it would gain nothing by waiting for others, and a job that is asked for
 * by itself must not wait until hundreds are found, page by page.
 */
const maxGatheredAtOnce = 8;

const quietMs = 2;

interface Batch {
  readonly ids: Set<string>;
  readonly window: GatheringWindow;
  readonly call: SharedCall<ReadonlyMap<string, Outcome>>;
}

export class JobGathering {
  readonly #read: ReadJobs;
  readonly #options: SharedCallOptions;
  /** The newest batch that reads a job. */
  readonly #batches = new Map<string, Batch>();
  /** The batch that still takes ids. */
  #open: Batch | undefined;

  constructor(read: ReadJobs, options: SharedCallOptions) {
    this.#read = read;
    this.#options = options;
  }

  /** How many jobs are being read, or about to be, whose read could still be joined. */
  get size(): number {
    return this.#batches.size;
  }

  /**
   * Joins the reads of this moment, and reads the rest. Only who brought an id has its signed URL, if GetJob gave one: to
   * the others it is unread.
   */
  async get(awsJobIds: readonly string[], { signal }: CallOptions): Promise<ReadonlyMap<string, Outcome>> {
    const brought: string[] = [];
    const joined = new Map<Batch, string[]>();
    for (const id of awsJobIds) {
      const batch = this.#batches.get(id);
      if (batch?.call.mayBeJoined) joined.set(batch, [...(joined.get(batch) ?? []), id]);
      else brought.push(id);
    }
    const parts = [...joined].map(async ([batch, ids]) => {
      batch.window.extend();
      return (await outcomesOf(batch, ids, signal)).map(([id, outcome]) => [id, withoutSignedUrl(outcome)] as const);
    });
    if (brought.length > 0) parts.push(outcomesOf(this.#batchWith(brought), brought, signal));
    const outcomes = new Map((await Promise.all(parts)).flat());
    if ([...outcomes.values()].some((outcome) => outcome instanceof Error)) await this.#options.failures.turn();
    return outcomes;
  }

  /** From here on nobody joins a read of the job that has begun. */
  forget(awsJobId: string): void {
    if (this.#batches.get(awsJobId) !== this.#open) this.#batches.delete(awsJobId);
  }

  #batchWith(ids: readonly string[]): Batch {
    const isGathered = ids.length <= maxGatheredAtOnce;
    const batch = (isGathered && this.#openBatchFor(ids.length)) || this.#begin();
    for (const id of ids) {
      batch.ids.add(id);
      this.#batches.set(id, batch);
    }
    if (isGathered) this.#open = batch;
    if (isGathered && batch.ids.size < maxBatchSize) batch.window.extend();
    else batch.window.close();
    return batch;
  }

  #openBatchFor(count: number): Batch | undefined {
    const open = this.#open;
    return open?.call.mayBeJoined && open.ids.size + count <= maxBatchSize ? open : undefined;
  }

  #begin(): Batch {
    const ids = new Set<string>();
    const window = new GatheringWindow(this.#options.clock, quietMs);
    const call = new SharedCall(this.#options, async (signal) => {
      await orAborted(window.closed, signal).finally(window.close);
      if (this.#open === batch) this.#open = undefined;
      const outcomes = await this.#read([...ids], { signal });
      for (const outcome of outcomes.values()) if (outcome instanceof Error) frozen(outcome);
      return outcomes;
    });
    const batch = { ids, window, call };
    call.whenOver(() => this.#forgetBatch(batch));
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

/** The URL is a credential, and was read for somebody else. */
function withoutSignedUrl(outcome: Outcome): Outcome {
  if (outcome instanceof Error || outcome.details === null || !('signedUrl' in outcome.details)) return outcome;
  const { signedUrl: _, ...details } = outcome.details;
  return { ...outcome, details };
}
