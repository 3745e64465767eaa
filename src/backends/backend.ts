/** What the gateway asks of each service. The two interfaces name everything in the gateway's own words. */

import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../model/data-exchange-request.ts';
import type { BackendError } from '../model/errors.ts';
import type {
  ImportExportDocuments,
  ImportExportJob,
  ImportExportStatus,
  ListedImportExportJob,
  ShippingLabel,
} from '../model/import-export-job.ts';
import type { ImportExportManifest, PostalAddress } from '../model/import-export-manifest.ts';
import type { CallPurpose } from './calls/observer.ts';

/** What every call takes beside its own arguments. */
export interface CallOptions {
  /** Ends the call early; the caller has gone or has run out of time. A create that was sent ignores it. */
  readonly signal: AbortSignal;
  /**
   * `request` unless given. A `poll` is the watcher's, which repeats by itself: where it fails it is not sent again, and it
   * has limits of its own, so that neither of both is in the other's way.
   */
  readonly purpose?: CallPurpose;
}

export interface CreateImportExportJobResult {
  /** Null where the manifest was only checked. */
  readonly job: ImportExportJob | null;
  readonly warning: string | null;
}

export interface UpdateImportExportJobResult {
  readonly warning: string | null;
}

/** An entry of a list that is no job as the service's API describes one. */
export interface UnreadableEntry {
  /** The index among the page's jobs of the one that follows it. */
  readonly before: number;
  readonly error: BackendError;
  /** Of which job it is, where only the rest cannot be read. */
  readonly awsJobId?: string;
}

export interface ImportExportJobPage {
  /** Newest first, those that can be read. */
  readonly jobs: readonly ListedImportExportJob[];
  /** In the order of the list; absent where there are none. */
  readonly unreadable?: readonly UnreadableEntry[];
  /** The job that the next page starts after; null on the last page. */
  readonly nextMarker: string | null;
}

/**
 * AWS Import/Export, API 2010-06-01. Every method throws `BackendError`, with `field` relative to its `request`.
 */
export interface ImportExportBackend {
  /** Sent once and never repeated: the service has no idempotency token. */
  createJob(
    request: { readonly manifest: ImportExportManifest; readonly validateOnly: boolean },
    options: CallOptions,
  ): Promise<CreateImportExportJobResult>;
  /** Replaces the whole manifest. */
  updateJob(
    awsJobId: string,
    request: { readonly manifest: ImportExportManifest; readonly validateOnly: boolean },
    options: CallOptions,
  ): Promise<UpdateImportExportJobResult>;
  /** Resolves if the job is cancelled afterwards, by this call or an earlier one. */
  cancelJob(awsJobId: string, options: CallOptions): Promise<void>;
  /** One GetStatus. A cancelled or expired job that the service has dropped is a state, not an error. */
  getStatus(awsJobId: string, options: CallOptions): Promise<ImportExportStatus>;
  /** One GetStatus, of which only the secret part and the links are kept. */
  getDocuments(awsJobId: string, options: CallOptions): Promise<ImportExportDocuments>;
  getShippingLabel(
    request: { readonly awsJobIds: readonly string[]; readonly sender: PostalAddress },
    options: CallOptions,
  ): Promise<ShippingLabel>;
  /** At most `limit` (1 to 1,000) jobs, from the newest on, or from after `afterAwsJobId`. */
  listJobs(
    request: { readonly limit: number; readonly afterAwsJobId?: string },
    options: CallOptions,
  ): Promise<ImportExportJobPage>;
}

export interface DataExchangeJobPage {
  /** Newest first, those that can be read. Their details hold no signed URLs. */
  readonly jobs: readonly DataExchangeJob[];
  /** In the order of the list; absent where there are none. */
  readonly unreadable?: readonly UnreadableEntry[];
  /** Null on the last page. */
  readonly nextToken: string | null;
}

/** AWS Data Exchange, API 2017-07-25. Every method throws `BackendError`, with `field` relative to its `request`. */
export interface DataExchangeBackend {
  /** Checked against the service's constraints, then sent once and never repeated. The new job is WAITING. */
  createJob(request: DataExchangeJobRequest, options: CallOptions): Promise<DataExchangeJob>;
  /**
   * Resolves once the service has accepted the start, or if the job was started already; the work goes on after that.
   */
  startJob(awsJobId: string, options: CallOptions): Promise<void>;
  /** Resolves if the job is cancelled afterwards, by this call or an earlier one. Possible from WAITING only. */
  cancelJob(awsJobId: string, options: CallOptions): Promise<void>;
  /** The job with its signed URL, if it has one at the moment. */
  getJob(awsJobId: string, options: CallOptions): Promise<DataExchangeJob>;
  /** At most `limit` (1 to 200) jobs. */
  listJobs(
    request: { readonly limit: number; readonly nextToken?: string; readonly dataSetId?: string },
    options: CallOptions,
  ): Promise<DataExchangeJobPage>;
}

export interface Backends {
  readonly dataExchange: DataExchangeBackend;
  readonly importExport: ImportExportBackend;
}
