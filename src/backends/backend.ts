/** The interface of each service's client. Both use the gateway's own names, not the service's. */

import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../model/data-exchange-request.ts';
import type {
  ImportExportDocuments,
  ImportExportJob,
  ImportExportStatus,
  ListedImportExportJob,
  ShippingLabel,
} from '../model/import-export-job.ts';
import type { ImportExportManifest, PostalAddress } from '../model/import-export-manifest.ts';
import type { CallOptions } from './calls/call-options.ts';
import type { CatalogBackend } from './catalog-backend.ts';
import type { UnreadableEntry } from './list-entries.ts';

export interface CreateImportExportJobResult {
  /** Null where the manifest was only checked. */
  readonly job: ImportExportJob | null;
  readonly warning: string | null;
}

export interface UpdateImportExportJobResult {
  readonly warning: string | null;
}

export interface ImportExportJobPage {
  /** The readable jobs, newest first. */
  readonly jobs: readonly ListedImportExportJob[];
  /** In the order of the list; absent where there are none. */
  readonly unreadable?: readonly UnreadableEntry[];
  /** The next page starts after this job. Null on the last page. */
  readonly nextMarker: string | null;
}

/** AWS Import/Export, API 2010-06-01. Every method throws `BackendError`, with `field` relative to its `request`. */
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
  /** One GetStatus. For a cancelled or expired job that the service no longer has, it resolves with that state. */
  getStatus(awsJobId: string, options: CallOptions): Promise<ImportExportStatus>;
  /** One GetStatus. Returns only the secrets and the links of its answer. */
  getDocuments(awsJobId: string, options: CallOptions): Promise<ImportExportDocuments>;
  getShippingLabel(
    request: { readonly awsJobIds: readonly string[]; readonly sender: PostalAddress },
    options: CallOptions,
  ): Promise<ShippingLabel>;
  /** At most `limit` (1 to 1,000) jobs, beginning with the newest, or after `afterAwsJobId`. */
  listJobs(
    request: { readonly limit: number; readonly afterAwsJobId?: string },
    options: CallOptions,
  ): Promise<ImportExportJobPage>;
}

export interface DataExchangeJobPage {
  /** The readable jobs, newest first. Their details hold no signed URLs. */
  readonly jobs: readonly DataExchangeJob[];
  /** In the order of the list; absent where there are none. */
  readonly unreadable?: readonly UnreadableEntry[];
  /** Null on the last page. */
  readonly nextToken: string | null;
}

export interface ListDataExchangeJobs {
  readonly limit: number;
  readonly nextToken?: string;
  readonly dataSetId?: string;
  readonly revisionId?: string;
}

/** AWS Data Exchange, API 2017-07-25. Every method throws `BackendError`, with `field` relative to its `request`. */
export interface DataExchangeBackend {
  /** Checks the request against the service's constraints, then sends it once. The new job is WAITING. */
  createJob(request: DataExchangeJobRequest, options: CallOptions): Promise<DataExchangeJob>;
  /** Resolves once the service has accepted the start, or if the job was started already. The job then runs. */
  startJob(awsJobId: string, options: CallOptions): Promise<void>;
  /** Resolves if the job is cancelled afterwards, by this call or an earlier one. Possible from WAITING only. */
  cancelJob(awsJobId: string, options: CallOptions): Promise<void>;
  /** The job with its signed URL, if it has one at the moment. */
  getJob(awsJobId: string, options: CallOptions): Promise<DataExchangeJob>;
  /** At most `limit` (1 to 200) jobs: all, those of a data set, or those of one of its revisions. */
  listJobs(request: ListDataExchangeJobs, options: CallOptions): Promise<DataExchangeJobPage>;
}

export interface Backends {
  readonly dataExchange: DataExchangeBackend;
  /** The data sets of AWS Data Exchange, by the same client as its jobs. */
  readonly catalog: CatalogBackend;
  readonly importExport: ImportExportBackend;
}

/** What the API says of the services that a gateway asks. */
export interface AskedServices {
  readonly backend: 'AWS' | 'EMULATOR';
  /** Of Data Exchange; null if AWS's default chain finds none. Import/Export has one endpoint for all regions. */
  readonly region: () => Promise<string | null>;
}
