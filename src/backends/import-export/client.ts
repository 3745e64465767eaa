/** The client of AWS Import/Export, API 2010-06-01: one signed form POST a call, one XML document for an answer. */
import type { ImportExportBackend } from '../backend.ts';
import type { Transport } from '../transport.ts';
import { asker } from './ask.ts';
import type { CredentialsProvider } from './credentials.ts';
import { cancelJob, createJob, updateJob } from './job-changes.ts';
import { getDocuments, getShippingLabel, getStatus, listJobs } from './job-reads.ts';
import { signV2 } from './signature-v2.ts';
import { signV4 } from './signature-v4.ts';

export interface ImportExportClientOptions {
  /** Such as `https://importexport.amazonaws.com`, the one host of the service. */
  readonly endpoint: string;
  readonly transport: Transport;
  /** Asked before every call. The service takes no temporary credentials. */
  readonly credentials: CredentialsProvider;
  readonly signature: 'v2' | 'v4';
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How long one call may take, from asking for credentials to the last byte of the reply. 3,000 unless given. */
  readonly attemptTimeoutMs?: number;
}

/**
 * A client that sends each call once. Beside `BackendError` its methods throw the reason of the caller's signal, if that
 * fires; a create, update or cancel that was sent does not heed the signal any more.
 */
export function createImportExportClient(options: ImportExportClientOptions): ImportExportBackend {
  const ask = asker({
    endpoint: new URL(options.endpoint),
    transport: options.transport,
    credentials: options.credentials,
    sign: options.signature === 'v2' ? signV2 : signV4,
    now: options.now,
    attemptTimeoutMs: options.attemptTimeoutMs ?? 3_000,
  });
  return {
    createJob: (request, { signal }) => createJob(ask, request, signal),
    updateJob: (awsJobId, request, { signal }) => updateJob(ask, awsJobId, request, signal),
    cancelJob: (awsJobId, { signal }) => cancelJob(ask, awsJobId, signal),
    getStatus: (awsJobId, { signal }) => getStatus(ask, awsJobId, signal),
    getDocuments: (awsJobId, { signal }) => getDocuments(ask, awsJobId, signal),
    getShippingLabel: (request, { signal }) => getShippingLabel(ask, request, signal),
    listJobs: (request, { signal }) => listJobs(ask, request, signal),
  };
}
