/** The backends, with each state that an answer shows told to whoever keeps the history. The answers stay as they are. */
import type { Backends, DataExchangeBackend, ImportExportBackend } from '../backends/backend.ts';
import type { DataExchangeJob } from '../model/data-exchange-job.ts';
import { type ImportExportJob, importExportJobFrom } from '../model/import-export-job.ts';
import type { AnswerKind, AnswerRecorder } from '../watch/history/answer-recorder.ts';
import type { Observation } from '../watch/state-source.ts';

export function observedBackends({ dataExchange, importExport }: Backends, answerRecorder: AnswerRecorder): Backends {
  const told: Told = async (source, call, observationsIn) => {
    const start = answerRecorder.startCall();
    const answer = await call();
    answerRecorder.record(observationsIn(answer), source, start);
    return answer;
  };
  return {
    dataExchange: observedDataExchange(dataExchange, told),
    importExport: observedImportExport(importExport, told),
  };
}

type Told = <Answer>(
  source: AnswerKind,
  call: () => Promise<Answer>,
  observationsIn: (answer: Answer) => readonly Observation[],
) => Promise<Answer>;

/** A start or a cancel answers nothing; whoever asked for it reads the job afterwards. */
function observedDataExchange(backend: DataExchangeBackend, told: Told): DataExchangeBackend {
  return {
    createJob: (...args) =>
      told(
        'create',
        () => backend.createJob(...args),
        (job) => [ofDataExchange(job)],
      ),
    startJob: (...args) => backend.startJob(...args),
    cancelJob: (...args) => backend.cancelJob(...args),
    getJob: (...args) =>
      told(
        'read',
        () => backend.getJob(...args),
        (job) => [ofDataExchange(job)],
      ),
    listJobs: (...args) =>
      told(
        'list',
        () => backend.listJobs(...args),
        ({ jobs }) => jobs.map(ofDataExchange),
      ),
  };
}

/** An update tells nothing of the state. A cancel that is answered says that the job is cancelled, and is read by nobody afterwards. */
function observedImportExport(backend: ImportExportBackend, told: Told): ImportExportBackend {
  return {
    createJob: (...args) =>
      told(
        'create',
        () => backend.createJob(...args),
        ({ job }) => (job === null ? [] : ofImportExport(job)),
      ),
    updateJob: (...args) => backend.updateJob(...args),
    cancelJob: (awsJobId, options) =>
      told(
        'read',
        () => backend.cancelJob(awsJobId, options),
        () => [cancelled(awsJobId)],
      ),
    getStatus: (...args) =>
      told(
        'read',
        () => backend.getStatus(...args),
        (status) => [{ job: importExportJobFrom(status), state: status.state }],
      ),
    getDocuments: (...args) => backend.getDocuments(...args),
    getShippingLabel: (...args) => backend.getShippingLabel(...args),
    listJobs: (...args) =>
      told(
        'list',
        () => backend.listJobs(...args),
        ({ jobs }) => jobs.flatMap(ofImportExport),
      ),
  };
}

function ofDataExchange(job: DataExchangeJob): Observation {
  return { job, state: job.state };
}

/** Most entries of the list tell no state. */
function ofImportExport(job: ImportExportJob): readonly Observation[] {
  return job.state === undefined ? [] : [{ job, state: job.state }];
}

function cancelled(awsJobId: string): Observation {
  const job = { service: 'IMPORT_EXPORT', awsJobId, state: 'CANCELLED' } as const;
  return { job, state: job.state };
}
