/** Wraps the backends to record each state that an answer shows. Does not change the answers. */
import type { Backends, DataExchangeBackend, ImportExportBackend } from '../backends/backend.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { type ImportExportJob, importExportJobFrom } from '../model/import-export-job.ts';
import type { AnswerKind, AnswerRecorder } from '../watch/history/answer-recorder.ts';
import type { Observation } from '../watch/state-source.ts';

export function observedBackends(
  { dataExchange, importExport, catalog }: Backends,
  answerRecorder: AnswerRecorder,
): Backends {
  const recorded: RecordedCall = async (source, call, observationsIn) => {
    const start = answerRecorder.startCall();
    const answer = await call();
    answerRecorder.record(observationsIn(answer), source, start);
    return answer;
  };
  return {
    dataExchange: observedDataExchange(dataExchange, recorded),
    importExport: observedImportExport(importExport, recorded),
    // Shows no states.
    catalog,
  };
}

type RecordedCall = <Answer>(
  source: AnswerKind,
  call: () => Promise<Answer>,
  observationsIn: (answer: Answer) => readonly Observation[],
) => Promise<Answer>;

/** The answer to a start or a cancel shows no state; the caller reads the job afterwards. */
function observedDataExchange(backend: DataExchangeBackend, recorded: RecordedCall): DataExchangeBackend {
  return {
    createJob: (...args) =>
      recorded(
        'create',
        () => backend.createJob(...args),
        (job) => [dataExchangeObservationFrom(job)],
      ),
    startJob: (...args) => backend.startJob(...args),
    cancelJob: (...args) => backend.cancelJob(...args),
    getJob: (...args) =>
      recorded(
        'read',
        () => backend.getJob(...args),
        (job) => [dataExchangeObservationFrom(job)],
      ),
    listJobs: (...args) =>
      recorded(
        'list',
        () => backend.listJobs(...args),
        ({ jobs }) => jobs.map(dataExchangeObservationFrom),
      ),
  };
}

/** The answer to an update shows no state. The answer to a cancel shows that the job is cancelled; no read follows. */
function observedImportExport(backend: ImportExportBackend, recorded: RecordedCall): ImportExportBackend {
  return {
    createJob: (...args) =>
      recorded(
        'create',
        () => backend.createJob(...args),
        ({ job }) => (job === null ? [] : importExportObservationsFrom(job)),
      ),
    updateJob: (...args) => backend.updateJob(...args),
    cancelJob: (awsJobId, options) =>
      recorded(
        'read',
        () => backend.cancelJob(awsJobId, options),
        () => [cancelledObservation(awsJobId)],
      ),
    getStatus: (...args) =>
      recorded(
        'read',
        () => backend.getStatus(...args),
        (status) => [{ job: importExportJobFrom(status), state: status.state }],
      ),
    getDocuments: (...args) => backend.getDocuments(...args),
    getShippingLabel: (...args) => backend.getShippingLabel(...args),
    listJobs: (...args) =>
      recorded(
        'list',
        () => backend.listJobs(...args),
        ({ jobs }) => jobs.flatMap(importExportObservationsFrom),
      ),
  };
}

function dataExchangeObservationFrom(job: DataExchangeJob): Observation {
  return { job, state: job.state };
}

/** Most entries of the list show no state. */
function importExportObservationsFrom(job: ImportExportJob): readonly Observation[] {
  return job.state === undefined ? [] : [{ job, state: job.state }];
}

function cancelledObservation(awsJobId: string): Observation {
  const job = { service: 'IMPORT_EXPORT', awsJobId, state: 'CANCELLED' } as const;
  return { job, state: job.state };
}
