/**
 * Shares equal reads that different requests make at the same moment: one upstream call answers all. Only reads in
 * flight are shared: no answer is cached. Secret answers (documents, labels, a job with its signed URL) are not shared.
 */
import type {
  Backends,
  DataExchangeBackend,
  DataExchangeJobPage,
  ImportExportBackend,
  ImportExportJobPage,
} from '../backends/backend.ts';
import { readJobs } from '../backends/data-exchange/job-batch.ts';
import type { Clock } from '../base/clock.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { ImportExportStatus } from '../model/import-export-job.ts';
import type { JobRef } from '../model/job-state.ts';
import { Batches, type ReadTogether } from './batches.ts';
import { type CatalogReads, sharedCatalog } from './catalog-reads.ts';
import { FailurePacing } from './failure-pacing.ts';
import { KeyedReads } from './keyed-reads.ts';
import type { SharedCallOptions } from './shared-call.ts';
import { written } from './written.ts';

export interface SharedReads {
  readonly backends: Backends;
  /** As the backend's `readJobs`, shared among all requests. */
  readonly readDataExchangeJobs: ReadTogether<DataExchangeJob>;
  readonly catalog: CatalogReads;
  /**
   * Call this when the job has changed. Later requests do not join the reads in flight, which may show the previous
   * state.
   */
  readonly forget: (ref: JobRef) => void;
  /** The number of reads that can be joined. */
  readonly size: number;
}

/** Created once, for all requests. */
export function shareReads(backends: Backends, clock: Clock): SharedReads {
  const ofDataExchange = { service: 'DATA_EXCHANGE', clock, failures: new FailurePacing() } as const;
  const dataExchange = sharedDataExchange(backends.dataExchange, ofDataExchange);
  const catalog = sharedCatalog(backends.catalog, ofDataExchange);
  const importExport = sharedImportExport(backends.importExport, clock);
  return {
    backends: {
      dataExchange: dataExchange.backend,
      importExport: importExport.backend,
      catalog: { ...backends.catalog, ...catalog.backend },
    },
    readDataExchangeJobs: dataExchange.readJobs,
    catalog: catalog.reads,
    forget: ({ service, awsJobId }) => (service === 'DATA_EXCHANGE' ? dataExchange : importExport).forget(awsJobId),
    get size() {
      return dataExchange.size() + catalog.size() + importExport.size();
    },
  };
}

function sharedDataExchange(backend: DataExchangeBackend, options: SharedCallOptions) {
  const read: ReadTogether<DataExchangeJob> = (ids, callOptions) => readJobs(backend, ids, callOptions);
  const jobs = new Batches(read, { ...options, forJoined: withoutSignedUrl });
  const pages = new KeyedReads<DataExchangeJobPage>(options);
  const forget: Forget = (awsJobId) => {
    if (awsJobId !== undefined) jobs.forget(awsJobId);
    pages.forgetAll();
  };
  const shared: DataExchangeBackend = {
    createJob: (request, callOptions) => written(() => backend.createJob(request, callOptions), forget),
    startJob: (id, callOptions) =>
      written(
        () => backend.startJob(id, callOptions),
        () => forget(id),
      ),
    cancelJob: (id, callOptions) =>
      written(
        () => backend.cancelJob(id, callOptions),
        () => forget(id),
      ),
    getJob: (id, callOptions) => backend.getJob(id, callOptions),
    listJobs: (request, { signal }) => {
      const key = JSON.stringify([request.limit, request.nextToken, request.dataSetId, request.revisionId]);
      return pages.get(key, signal, (ownSignal) => backend.listJobs(request, { signal: ownSignal }));
    },
  };
  const readTogether: ReadTogether<DataExchangeJob> = (ids, callOptions) => jobs.get(ids, callOptions);
  return { backend: shared, readJobs: readTogether, forget, size: () => jobs.size + pages.size };
}

function sharedImportExport(backend: ImportExportBackend, clock: Clock) {
  const options = { service: 'IMPORT_EXPORT', clock, failures: new FailurePacing() } as const;
  const statuses = new KeyedReads<ImportExportStatus>(options);
  const pages = new KeyedReads<ImportExportJobPage>(options);
  const forget: Forget = (awsJobId) => {
    if (awsJobId !== undefined) statuses.forget(awsJobId);
    pages.forgetAll();
  };
  const shared: ImportExportBackend = {
    createJob: (request, callOptions) => written(() => backend.createJob(request, callOptions), forget),
    updateJob: (id, ...rest) =>
      written(
        () => backend.updateJob(id, ...rest),
        () => forget(id),
      ),
    cancelJob: (id, callOptions) =>
      written(
        () => backend.cancelJob(id, callOptions),
        () => forget(id),
      ),
    getStatus: (id, { signal }) =>
      statuses.get(id, signal, (ownSignal) => backend.getStatus(id, { signal: ownSignal })),
    getDocuments: (id, callOptions) => backend.getDocuments(id, callOptions),
    getShippingLabel: (request, callOptions) => backend.getShippingLabel(request, callOptions),
    listJobs: (request, { signal }) => {
      const key = JSON.stringify([request.limit, request.afterAwsJobId]);
      return pages.get(key, signal, (ownSignal) => backend.listJobs(request, { signal: ownSignal }));
    },
  };
  return { backend: shared, forget, size: () => statuses.size + pages.size };
}

type Forget = (awsJobId?: string) => void;

/** For requests that joined the read of another one. The URL is a credential, and was read for that request. */
function withoutSignedUrl(job: DataExchangeJob): DataExchangeJob {
  if (job.details === null || !('signedUrl' in job.details)) return job;
  const { signedUrl: _, ...details } = job.details;
  return { ...job, details };
}
