/**
 * Creates the DataLoaders of one operation. They combine its reads into as few calls as the services allow, and their
 * caches end with the operation.
 */
import type DataLoader from 'dataloader';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Backends } from '../backends/backend.ts';
import type { CallOptions } from '../backends/calls/call-options.ts';
import { readJobs } from '../backends/data-exchange/job-batch.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { ImportExportDocuments, ImportExportStatus } from '../model/import-export-job.ts';
import type { ReadTogether } from './batches.ts';
import { type CatalogLoaders, createCatalogLoaders } from './catalog-loaders.ts';
import { type CatalogReads, catalogReads } from './catalog-reads.ts';
import { loaderOf } from './keyed-loader.ts';

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
  /** Created on first use, as most operations name no data set. */
  readonly catalog: CatalogLoaders;
}

/** The number of concurrent reads without a batch form in one operation, limited so that it cannot starve others. */
const concurrency = 8;

/**
 * The signal that `signal` returns aborts the reads once the caller has gone or the deadline has passed. `readTogether`
 * reads Data Exchange jobs, `readCatalog` what they are about; by default they read for this operation only.
 */
export function createLoaders(
  { dataExchange, importExport, catalog }: Backends,
  signal: () => AbortSignal,
  readTogether: ReadTogether<DataExchangeJob> = (ids, options) => readJobs(dataExchange, ids, options),
  readCatalog: CatalogReads = catalogReads(catalog),
): Loaders {
  let limiter: LimitFunction | undefined;
  // Created on first use: most operations need none.
  const limit = <T>(read: () => Promise<T>): Promise<T> => {
    limiter ??= pLimit(concurrency);
    return limiter(read);
  };
  const options = (): CallOptions => ({ signal: signal() });
  const listedJobs = new Map<string, DataExchangeJob>();
  let catalogLoaders: CatalogLoaders | undefined;
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
    get catalog() {
      catalogLoaders ??= createCatalogLoaders(readCatalog, options);
      return catalogLoaders;
    },
  };
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
