/** The client of AWS Import/Export, API 2010-06-01: each call is one signed form POST, each answer one XML document. */
import type { Clock } from '../../base/clock.ts';
import type { ImportExportStatus } from '../../model/import-export-job.ts';
import type { CallOptions, ImportExportBackend } from '../backend.ts';
import { callTime } from '../calls/attempt.ts';
import type { CredentialsProvider } from '../calls/credentials.ts';
import type { CallObserver } from '../calls/observer.ts';
import { createSend } from '../calls/send.ts';
import type { Transport } from '../calls/transport.ts';
import { createCodec } from './codec.ts';
import { createInvoke } from './invoke.ts';
import { cancelJob, createJob, updateJob } from './job-changes.ts';
import { getDocuments, getShippingLabel, getStatus, listJobs } from './job-reads.ts';
import { signV2 } from './signature-v2.ts';
import { signV4 } from './signature-v4.ts';

export interface ImportExportClientOptions {
  /** Such as `https://importexport.amazonaws.com`, the one host of the service. */
  readonly endpoint: string;
  readonly transport: Transport;
  /** Called before every request. The service accepts no temporary credentials. */
  readonly credentials: CredentialsProvider;
  readonly signature: 'v2' | 'v4';
  /** For signatures, timeouts and the jitter of retries. */
  readonly clock: Clock;
  /** For one request, from the credentials to the last byte of the reply. 3,000 where absent. */
  readonly attemptTimeoutMs?: number;
  readonly observer?: CallObserver;
}

/**
 * A client that repeats what changes nothing, and sends the rest once. Its methods throw `BackendError`, or the reason of the caller's
 * signal where that fires first. A create, update or cancel that was sent ignores that signal.
 */
export function createImportExportClient(options: ImportExportClientOptions): ImportExportBackend {
  const { endpoint, signature, clock, observer } = options;
  const service = 'IMPORT_EXPORT';
  const codec = createCodec(new URL(endpoint), signature === 'v2' ? signV2 : signV4);
  const invoke = createInvoke(createSend({ ...options, service, codec }));
  const noted = (status: ImportExportStatus): ImportExportStatus => {
    if (status.state === 'UNKNOWN') observer?.onUnknownValue?.({ service, member: 'state' });
    if (status.device?.location === 'UNKNOWN') observer?.onUnknownValue?.({ service, member: 'location' });
    for (const _ of status.unreadable ?? []) observer?.onUnknownValue?.({ service, member: 'detail' });
    return status;
  };
  const timed = (given: CallOptions) => callTime(given, clock);
  return {
    createJob: (request, given) => createJob(invoke, request, timed(given)),
    updateJob: (awsJobId, request, given) => updateJob(invoke, awsJobId, request, timed(given)),
    cancelJob: (awsJobId, given) => cancelJob(invoke, awsJobId, timed(given)),
    getStatus: async (awsJobId, given) => noted(await getStatus(invoke, awsJobId, timed(given))),
    getDocuments: (awsJobId, given) => getDocuments(invoke, awsJobId, timed(given)),
    getShippingLabel: (request, given) => getShippingLabel(invoke, request, timed(given)),
    listJobs: async (request, given) => {
      const page = await listJobs(invoke, request, timed(given));
      for (const _ of page.unreadable ?? []) observer?.onUnknownValue?.({ service, member: 'entry' });
      return page;
    },
  };
}
