/** What the watcher reads the services with: the same batched reads as the loaders', within a budget of calls a second. */
import pLimit from 'p-limit';
import type { Backends, DataExchangeBackend, ImportExportBackend } from './backends/backend.ts';
import { readJobs } from './backends/data-exchange/batch.ts';
import { BackendError } from './errors.ts';
import type { DataExchangeJob, ImportExportJob, ImportExportStatus, JobService } from './job.ts';
import type { CallBudget } from './watch/budget.ts';
import type { Observation, Reading, StateSource } from './watch/state-source.ts';

/** The newest jobs of each service that a sweep looks through. */
const sweepSize = 200;

/**
 * GetStatus has no batch form: this many jobs are read in one go, and all at once. Few, since whoever begins to watch waits
 * for the reading under way.
 */
const importExportBatchSize = 4;

export function createStateSources(
  backends: Backends,
  budgets: Readonly<Record<JobService, CallBudget>>,
): Readonly<Record<JobService, StateSource>> {
  return {
    DATA_EXCHANGE: dataExchangeSource(backends.dataExchange, budgets.DATA_EXCHANGE),
    IMPORT_EXPORT: importExportSource(backends.importExport, budgets.IMPORT_EXPORT),
  };
}

function dataExchangeSource(backend: DataExchangeBackend, budget: CallBudget): StateSource {
  const reads = {
    getJob: async (...[awsJobId, options]: Parameters<DataExchangeBackend['getJob']>) => {
      await budget.take(options.signal);
      return backend.getJob(awsJobId, options);
    },
    listJobs: async (...[request, options]: Parameters<DataExchangeBackend['listJobs']>) => {
      await budget.take(options.signal);
      return backend.listJobs(request, options);
    },
  };
  return {
    service: 'DATA_EXCHANGE',
    batchSize: sweepSize,
    read: async (awsJobIds, signal) => {
      const jobs = await readJobs(reads, awsJobIds, { signal, retries: false });
      return new Map([...jobs].map(([id, job]) => [id, job instanceof Error ? failureOf(job) : observed(ofJob(job))]));
    },
    sweep: async (signal) => {
      const { jobs } = await reads.listJobs({ limit: sweepSize }, { signal, retries: false });
      return { observed: jobs.map(ofJob), unread: [] };
    },
  };
}

function importExportSource(backend: ImportExportBackend, budget: CallBudget): StateSource {
  const limit = pLimit(importExportBatchSize);
  const readOne = async (awsJobId: string, signal: AbortSignal): Promise<Reading> => {
    await budget.take(signal);
    const status = await backend.getStatus(awsJobId, { signal, retries: false });
    return observed(ofStatus(status));
  };
  return {
    service: 'IMPORT_EXPORT',
    batchSize: importExportBatchSize,
    read: async (awsJobIds, signal) => {
      const readings = awsJobIds.map((id) => limit(() => readOne(id, signal).catch(failureOf)));
      return new Map((await Promise.all(readings)).map((reading, index) => [awsJobIds[index] ?? '', reading]));
    },
    sweep: async (signal) => {
      await budget.take(signal);
      const { jobs } = await backend.listJobs({ limit: sweepSize }, { signal, retries: false });
      return {
        observed: jobs.flatMap((job) => (job.state === undefined ? [] : [{ job, state: job.state }])),
        unread: jobs.filter((job) => job.state === undefined),
      };
    },
  };
}

function observed(observation: Observation): Reading {
  return { outcome: 'observed', ...observation };
}

function ofJob(job: DataExchangeJob): Observation {
  return { job, state: job.state };
}

function ofStatus(status: ImportExportStatus): Observation {
  const { awsJobId, direction, createdAt, state } = status;
  const job: ImportExportJob = { service: 'IMPORT_EXPORT', awsJobId, direction, createdAt, status };
  return { job, state };
}

function failureOf(error: unknown): Reading {
  if (!(error instanceof BackendError)) return { outcome: 'failed', retryAfterMs: undefined };
  if (error.code === 'NOT_FOUND') return { outcome: 'gone' };
  return { outcome: 'failed', retryAfterMs: error.retryAfterMs };
}
