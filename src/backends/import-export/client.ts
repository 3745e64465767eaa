/** The client of AWS Import/Export, API 2010-06-01: one signed form POST a call, one XML document for an answer. */
import type { Clock } from '../../base/clock.ts';
import type { ImportExportStatus } from '../../model/import-export-job.ts';
import type { CallOptions, ImportExportBackend } from '../backend.ts';
import { callTime } from '../calls/attempt.ts';
import { type CredentialsProvider, createCredentialsSource } from '../calls/credentials.ts';
import { Guard } from '../calls/guard.ts';
import type { CallObserver } from '../calls/observer.ts';
import type { Transport } from '../calls/transport.ts';
import { asker } from './ask.ts';
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
  /** Dates the signatures and times everything; chance is for the waits between retries. */
  readonly clock: Clock;
  /** How long one request may take, from asking for credentials to the last byte of the reply. 3,000 unless given. */
  readonly attemptTimeoutMs?: number;
  readonly observer?: CallObserver;
}

/**
 * A client that repeats what changes nothing, and sends the rest once. Beside `BackendError` its methods throw the reason of the caller's signal, if that
 * fires; a create, update or cancel that was sent does not heed the signal any more.
 */
export function createImportExportClient(options: ImportExportClientOptions): ImportExportBackend {
  const { clock, attemptTimeoutMs = 3_000, observer } = options;
  const ask = asker({
    endpoint: new URL(options.endpoint),
    transport: options.transport,
    credentials: createCredentialsSource(options.credentials, clock),
    sign: options.signature === 'v2' ? signV2 : signV4,
    clock,
    guard: new Guard({ service: 'IMPORT_EXPORT', clock, attemptTimeoutMs, observer }),
    observer,
  });
  const noted = (status: ImportExportStatus): ImportExportStatus => {
    const service = 'IMPORT_EXPORT';
    if (status.state === 'UNKNOWN') observer?.onUnknownValue?.({ service, member: 'state' });
    if (status.device?.location === 'UNKNOWN') observer?.onUnknownValue?.({ service, member: 'location' });
    for (const _ of status.unreadable ?? []) observer?.onUnknownValue?.({ service, member: 'detail' });
    return status;
  };
  const timed = (given: CallOptions) => callTime(given, clock);
  return {
    createJob: (request, given) => createJob(ask, request, timed(given)),
    updateJob: (awsJobId, request, given) => updateJob(ask, awsJobId, request, timed(given)),
    cancelJob: (awsJobId, given) => cancelJob(ask, awsJobId, timed(given)),
    getStatus: async (awsJobId, given) => noted(await getStatus(ask, awsJobId, timed(given))),
    getDocuments: (awsJobId, given) => getDocuments(ask, awsJobId, timed(given)),
    getShippingLabel: (request, given) => getShippingLabel(ask, request, timed(given)),
    listJobs: async (request, given) => {
      const page = await listJobs(ask, request, timed(given));
      for (const _ of page.unreadable ?? []) observer?.onUnknownValue?.({ service: 'IMPORT_EXPORT', member: 'entry' });
      return page;
    },
  };
}
