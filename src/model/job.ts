/**
 * The model: what a transfer job is, in one vocabulary for both services.
 *
 * Pure data and pure functions; imports nothing of ours but the wrapping of what is secret. What AWS calls things is
 * translated into these names by the backends and nowhere else.
 */
import type { DataExchangeJob } from './data-exchange-job.ts';
import type { ImportExportJob } from './import-export-job.ts';

export type Job = DataExchangeJob | ImportExportJob;
