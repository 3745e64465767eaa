/**
 * Creates the DataLoaders of one operation. They combine its reads into as few calls as the services allow, and their
 * caches end with the operation.
 */
import DataLoader from 'dataloader';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Backends, CallOptions } from '../backends/backend.ts';
import { readJobs } from '../backends/data-exchange/batch.ts';
import { dataExchangePageSize } from '../backends/list-reach.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { ImportExportDocuments, ImportExportStatus } from '../model/import-export-job.ts';
import type { ReadJobs } from './job-batches.ts';

/** Every key is an AWS job id. A load rejects with the `BackendError` of its own key. */
export interface Loaders {
  /** Batched: a page of the list serves up to 200 jobs. The jobs may lack signed URLs. */
  readonly dataExchangeJob: DataLoader<string, DataExchangeJob>;
  /**
   * Jobs that the operation has listed, so that `dataExchangeJob` need not read them. `prime` would make a promise for
   * each job, and few operations load what they list.
   */
  readonly listedJobs: Map<string, DataExchangeJob>;
  /** One GetJob for each key: the current job, with its signed URL. */
  readonly dataExchangeJobWithUrl: DataLoader<string, DataExchangeJob>;
  readonly importExportStatus: DataLoader<string, ImportExportStatus>;
  readonly importExportDocuments: DataLoader<string, ImportExportDocuments>;
}

/** The number of concurrent reads without a batch form in one operation, limited so that it cannot starve others. */
const concurrency = 8;

/**
 * The signal that `signal` returns aborts the reads once the caller has gone or the deadline has passed. `readTogether`
 * reads Data Exchange jobs; by default it reads them for this operation only.
 */
export function createLoaders(
  { dataExchange, importExport }: Backends,
  signal: () => AbortSignal,
  readTogether: ReadJobs = (ids, options) => readJobs(dataExchange, ids, options),
): Loaders {
  let limiter: LimitFunction | undefined;
  // Created on first use: most operations need none.
  const limit = <T>(read: () => Promise<T>): Promise<T> => {
    limiter ??= pLimit(concurrency);
    return limiter(read);
  };
  const options = (): CallOptions => ({ signal: signal() });
  const listedJobs = new Map<string, DataExchangeJob>();
  const readUnlisted = async (ids: readonly string[]) => {
    const unlisted = ids.filter((id) => !listedJobs.has(id));
    const read = unlisted.length === 0 ? [] : await readTogether(unlisted, options());
    return new Map([...listedJobs, ...read]);
  };
  return {
    listedJobs,
    dataExchangeJob: loaderOf<DataExchangeJob>((ids) => readUnlisted(ids)),
    dataExchangeJobWithUrl: loaderOf((ids) => readEach(ids, (id) => limit(() => dataExchange.getJob(id, options())))),
    importExportStatus: loaderOf((ids) => readEach(ids, (id) => limit(() => importExport.getStatus(id, options())))),
    importExportDocuments: loaderOf((ids) =>
      readEach(ids, (id) => limit(() => importExport.getDocuments(id, options()))),
    ),
  };
}

/**
 * Matches results to keys by id, not by position. Removes a failed key from the cache, so that it can be read again.
 */
function loaderOf<T>(read: (ids: readonly string[]) => Promise<ReadonlyMap<string, T | Error>>): DataLoader<string, T> {
  const loader: DataLoader<string, T> = new DataLoader(
    async (ids) => {
      const results = await read(ids);
      return ids.map((id) => {
        const result = results.get(id) ?? new Error('A batched read left out one of its keys.');
        if (result instanceof Error) loader.clear(id);
        return result;
      });
    },
    { maxBatchSize: dataExchangePageSize },
  );
  return loader;
}

async function readEach<T>(
  ids: readonly string[],
  read: (id: string) => Promise<T>,
): Promise<ReadonlyMap<string, T | Error>> {
  const results = await Promise.allSettled(ids.map(read));
  return new Map(ids.map((id, index) => [id, settled(results[index])]));
}

function settled<T>(result: PromiseSettledResult<T> | undefined): T | Error {
  if (result?.status === 'fulfilled') return result.value;
  const reason: unknown = result?.reason;
  return reason instanceof Error ? reason : new Error('A read failed without an error.', { cause: reason });
}
