/** The creates of jobs, which must happen once, and how each is read again when it is repeated. */
import type { Backends, CreateImportExportJobResult } from '../backends/backend.ts';
import { repeatedRequest } from '../backends/data-exchange/repeated-request.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../model/data-exchange-request.ts';
import { BackendError } from '../model/errors.ts';
import type { ImportExportManifest } from '../model/import-export-manifest.ts';
import type { CreateTarget, Trace } from './create-record.ts';
import type { Fingerprint } from './fingerprint.ts';
import { generatorFrom, markedManifest } from './marked-manifest.ts';
import { markOfRequest, workMarkVersion } from './work-mark.ts';

export interface Created<Result> {
  /** The service's id of what was made. */
  readonly awsId: string;
  readonly result: Result;
}

export interface Create<Result> {
  readonly target: CreateTarget;
  /** The caller's input. The same key with another input is refused. */
  readonly input: unknown;
  /** Reads what the request is made of. Called before the members below, unless the outcome is recorded already. */
  prepare?(signal: AbortSignal): Promise<void>;
  /** What the result is found by if the answer is lost, given the create's mark; null if it cannot be found. */
  traceOf(mark: string, fingerprint: Fingerprint): Trace | null;
  /** Throws the service's refusal, if it has one. Creates nothing. */
  check(mark: string | undefined, signal: AbortSignal): Promise<void>;
  /** Sent once. */
  send(mark: string | undefined, signal: AbortSignal): Promise<Created<Result>>;
  /** Whether the service may have refused the create because of its mark, so that it may accept one without. */
  isMarkRefusal?(error: BackendError): boolean;
  /** The answer of a create that has made this. */
  read(awsId: string, signal: AbortSignal): Promise<Result>;
  /** What follows once the result is recorded: once for all callers at the same time. */
  complete?(result: Result, signal: AbortSignal): Promise<Result>;
}

export interface DataExchangeJobMade {
  readonly job: DataExchangeJob;
  /** Whether it was started after `job` was read. */
  readonly isStarted?: boolean;
  /** The error of the start; the job exists all the same. */
  readonly startFailure?: BackendError;
}

export function dataExchangeCreate(
  backends: Pick<Backends, 'dataExchange'>,
  request: { readonly details: DataExchangeJobRequest; readonly start: boolean },
): Create<DataExchangeJobMade> {
  return dataExchangeCreateOf(backends, { input: request, start: request.start, details: () => request.details });
}

/** A create with the details of the job `awsJobId`, which is read only where the key has no recorded outcome. */
export function dataExchangeRepeat(
  backends: Pick<Backends, 'dataExchange'>,
  { awsJobId, start }: { readonly awsJobId: string; readonly start: boolean },
): Create<DataExchangeJobMade> {
  let details: DataExchangeJobRequest | undefined;
  const input = { repeats: awsJobId, start };
  return {
    ...dataExchangeCreateOf(backends, { input, start, details: () => details ?? {}, repeats: awsJobId }),
    prepare: async (signal) => {
      details ??= repeatedRequest(await backends.dataExchange.getJob(awsJobId, { signal }));
    },
  };
}

interface DataExchangeCreateParts {
  readonly input: unknown;
  readonly start: boolean;
  readonly details: () => DataExchangeJobRequest;
  readonly repeats?: string;
}

function dataExchangeCreateOf(
  { dataExchange }: Pick<Backends, 'dataExchange'>,
  { input, start, details: currentDetails, repeats }: DataExchangeCreateParts,
): Create<DataExchangeJobMade> {
  return {
    target: 'DATA_EXCHANGE',
    input,
    traceOf: (_mark, fingerprint) => {
      const details = currentDetails();
      const mark = markOfRequest(details, fingerprint);
      const dataSetId = Object.values(details).find((branch) => branch != null)?.dataSetId;
      if (mark === undefined || dataSetId === undefined) return null;
      const trace = { service: 'DATA_EXCHANGE' as const, dataSetId, ...mark, version: workMarkVersion };
      return repeats === undefined ? trace : { ...trace, repeats };
    },
    // A waiting job does nothing; the create itself is the check.
    check: async () => {},
    send: async (_mark, signal) => {
      const job = await dataExchange.createJob(currentDetails(), { signal });
      return { awsId: job.awsJobId, result: { job } };
    },
    read: async (awsJobId, signal) => ({ job: await dataExchange.getJob(awsJobId, { signal }) }),
    // An earlier call may have started the job.
    complete: async ({ job }, signal) => {
      if (!start || job.state !== 'WAITING') return { job };
      try {
        await dataExchange.startJob(job.awsJobId, { signal });
        return { job, isStarted: true };
      } catch (error) {
        if (error instanceof BackendError) return { job, startFailure: error };
        throw error;
      }
    },
  };
}

export function importExportCreate(
  { importExport }: Pick<Backends, 'importExport'>,
  request: { readonly manifest: ImportExportManifest },
): Create<CreateImportExportJobResult> {
  const { manifest } = request;
  const marked = (mark: string | undefined) =>
    (mark === undefined ? undefined : markedManifest(manifest, generatorFrom(mark))) ?? manifest;
  return {
    target: 'IMPORT_EXPORT',
    input: request,
    traceOf: (mark) => {
      const generator = generatorFrom(mark);
      return markedManifest(manifest, generator) === undefined ? null : { service: 'IMPORT_EXPORT', generator };
    },
    check: async (mark, signal) => {
      await importExport.createJob({ manifest: marked(mark), validateOnly: true }, { signal });
    },
    send: async (mark, signal) => {
      const result = await importExport.createJob({ manifest: marked(mark), validateOnly: false }, { signal });
      if (result.job === null) throw new Error('expected a job in the answer to a create, received none');
      return { awsId: result.job.awsJobId, result };
    },
    // Its state is read when a field needs it. The service's warning was returned once.
    read: async (awsJobId) => ({ job: { service: 'IMPORT_EXPORT', awsJobId }, warning: null }),
  };
}
