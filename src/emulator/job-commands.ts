/** Commands of the control API to single jobs, by id. */
import { z } from 'zod';
import { validated } from './control-form.ts';
import { type Job as DataExchangeJob, jobForm, jobStates } from './data-exchange/job.ts';
import { jobErrorCodes } from './data-exchange/job-failure.ts';
import type { Jobs as DataExchangeJobs } from './data-exchange/jobs.ts';
import { type Job as ImportExportJob, returned, statusAt } from './import-export/job.ts';
import type { Jobs as ImportExportJobs } from './import-export/jobs.ts';

export interface AllJobs {
  readonly dataExchange: DataExchangeJobs;
  readonly importExport: ImportExportJobs;
}

const jobError = z.strictObject({
  Code: z.enum(jobErrorCodes),
  Message: z.string(),
  Details: z.unknown().optional(),
  LimitName: z.string().optional(),
  LimitValue: z.number().optional(),
  ResourceId: z.string().optional(),
  ResourceType: z.enum(['REVISION', 'ASSET', 'DATA_SET']).optional(),
});

const dataExchangeMove = z
  .strictObject({ state: z.enum(jobStates), errors: z.array(jobError).min(1).optional() })
  .refine(({ state, errors }) => errors === undefined || state === 'ERROR', {
    path: ['errors'],
    error: 'belong to the state ERROR only',
  });

/** Any code is accepted, so that a test can send a client an unknown one. */
const importExportMove = z.strictObject({
  progressCode: z.string().min(1).optional(),
  locationCode: z.string().min(1).optional(),
  errorCount: z.int().min(0).optional(),
  carrier: z.string().optional(),
  trackingNumber: z.string().optional(),
});

/** Sets the job's state for good and returns its new form; undefined if there is no such job. Throws `InvalidControl`. */
export function moveJob(jobs: AllJobs, id: string, body: unknown, now: number): object | undefined {
  const exchangeJob = jobs.dataExchange.get(id);
  if (exchangeJob !== undefined) return moveDataExchangeJob(jobs.dataExchange, exchangeJob, body, now);
  const deviceJob = jobs.importExport.find(id);
  return deviceJob && moveImportExportJob(deviceJob, body, now);
}

/** Removes the job; false if there is none. */
export function forgetJob(jobs: AllJobs, id: string): boolean {
  const exchangeJob = jobs.dataExchange.get(id);
  const deviceJob = jobs.importExport.find(id);
  if (exchangeJob !== undefined) jobs.dataExchange.forget(exchangeJob);
  if (deviceJob !== undefined) jobs.importExport.forget(deviceJob);
  return exchangeJob !== undefined || deviceJob !== undefined;
}

/** The service fills `Errors` for every job in ERROR, so there is one even if the command has none. */
const unnamedError = { Code: 'INTERNAL_SERVER_EXCEPTION', Message: 'Moved by command.' } as const;

function moveDataExchangeJob(jobs: DataExchangeJobs, job: DataExchangeJob, body: unknown, now: number): object {
  const { state, errors } = validated(dataExchangeMove, body);
  jobs.move(job, state, now, errors ?? (state === 'ERROR' ? [unnamedError] : []));
  return jobForm(job);
}

function moveImportExportJob(job: ImportExportJob, body: unknown, now: number): object {
  const move = validated(importExportMove, body);
  const before = statusAt(job, now);
  const isSentBack = move.locationCode === 'Returned' && before.locationCode !== 'Returned';
  const {
    progressCode = before.progressCode,
    locationCode = before.locationCode,
    errorCount = before.errorCount,
    ...shipment
  } = move;
  job.fixed = { ...(isSentBack ? returned(before) : before), progressCode, locationCode, errorCount, ...shipment };
  return { id: job.id, ...job.fixed };
}
