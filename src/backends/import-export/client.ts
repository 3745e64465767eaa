/** The client of AWS Import/Export, API 2010-06-01: each call is one signed form POST, each answer one XML document. */
import type { Clock } from '../../base/clock.ts';
import type { ImportExportStatus } from '../../model/import-export-job.ts';
import type { ImportExportBackend } from '../backend.ts';
import { callTime } from '../calls/attempt.ts';
import type { CallOptions } from '../calls/call-options.ts';
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
  /** Such as `https://importexport.amazonaws.com`, the only host of the service. */
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
 * A client that retries calls that change nothing, and sends the others once. Its methods throw `BackendError`, or the
 * reason of the caller's signal if that fires first. A create, update or cancel that was sent ignores the signal.
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
  const timeOf = (callOptions: CallOptions) => callTime(callOptions, clock);
  return {
    createJob: (request, callOptions) => createJob(invoke, request, timeOf(callOptions)),
    updateJob: (awsJobId, request, callOptions) => updateJob(invoke, awsJobId, request, timeOf(callOptions)),
    cancelJob: (awsJobId, callOptions) => cancelJob(invoke, awsJobId, timeOf(callOptions)),
    getStatus: async (awsJobId, callOptions) => noted(await getStatus(invoke, awsJobId, timeOf(callOptions))),
    getDocuments: (awsJobId, callOptions) => getDocuments(invoke, awsJobId, timeOf(callOptions)),
    getShippingLabel: (request, callOptions) => getShippingLabel(invoke, request, timeOf(callOptions)),
    listJobs: async (request, callOptions) => {
      const page = await listJobs(invoke, request, timeOf(callOptions));
      for (const _ of page.unreadable ?? []) observer?.onUnknownValue?.({ service, member: 'entry' });
      return page;
    },
  };
}
