/**
 * The model: a transfer job, in one vocabulary for both services.
 *
 * Pure data and pure functions; imports only the wrapper of secrets. Only the backends translate AWS's names into
 * these.
 */
import type { DataExchangeJob } from './data-exchange-job.ts';
import type { ImportExportJob } from './import-export-job.ts';

export type Job = DataExchangeJob | ImportExportJob;
