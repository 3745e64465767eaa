/** The calls for which each fault is tested: each service's read, its create, and what changes a job. */
import type { Backends } from '../../../../src/backends/backend.ts';
import type { CallOptions } from '../../../../src/backends/calls/call-options.ts';
import { demo } from '../../../../src/emulator/demo.ts';
import { BackendError } from '../../../../src/model/errors.ts';
import { manifests } from '../../../support/examples.ts';
import type { Jobs } from './world.ts';

export interface Call {
  readonly name: string;
  readonly kind: 'read' | 'create' | 'change';
  /** Its name in the emulator. */
  readonly operation: string;
  make(backends: Backends, jobs: Jobs, options?: CallOptions): Promise<unknown>;
}

const patient: CallOptions = { signal: new AbortController().signal };
const newDevice = {
  manifest: { importToS3: { ...manifests.importToS3.importToS3, eraseDevice: true } },
  validateOnly: false,
};
const newImport = {
  importAssetsFromS3: {
    dataSetId: demo.dataSetId,
    revisionId: demo.revisionId,
    sources: [{ bucket: demo.bucket, key: 'prices/2024/03.csv' }],
  },
};

export const calls: readonly Call[] = [
  {
    name: 'IE read',
    kind: 'read',
    operation: 'ImportExport.GetStatus',
    make: ({ importExport }, jobs, options = patient) => importExport.getStatus(jobs.importExport, options),
  },
  {
    name: 'IE create',
    kind: 'create',
    operation: 'ImportExport.CreateJob',
    make: ({ importExport }, _, options = patient) => importExport.createJob(newDevice, options),
  },
  {
    name: 'IE update',
    kind: 'change',
    operation: 'ImportExport.UpdateJob',
    make: ({ importExport }, jobs, options = patient) => importExport.updateJob(jobs.importExport, newDevice, options),
  },
  {
    name: 'IE cancel',
    kind: 'change',
    operation: 'ImportExport.CancelJob',
    make: ({ importExport }, jobs, options = patient) => importExport.cancelJob(jobs.importExport, options),
  },
  {
    name: 'DX read',
    kind: 'read',
    operation: 'DataExchange.GetJob',
    make: ({ dataExchange }, jobs, options = patient) => dataExchange.getJob(jobs.dataExchange, options),
  },
  {
    name: 'DX create',
    kind: 'create',
    operation: 'DataExchange.CreateJob',
    make: ({ dataExchange }, _, options = patient) => dataExchange.createJob(newImport, options),
  },
  {
    name: 'DX start',
    kind: 'change',
    operation: 'DataExchange.StartJob',
    make: ({ dataExchange }, jobs, options = patient) => dataExchange.startJob(jobs.dataExchange, options),
  },
  {
    name: 'DX cancel',
    kind: 'change',
    operation: 'DataExchange.CancelJob',
    make: ({ dataExchange }, jobs, options = patient) => dataExchange.cancelJob(jobs.dataExchange, options),
  },
];

export const reads = calls.filter(({ kind }) => kind === 'read');
export const creates = calls.filter(({ kind }) => kind === 'create');
export const changes = calls.filter(({ kind }) => kind === 'change');

/** The clients that a call can use, and the jobs that it can name. */
export interface CallTarget {
  readonly backends: Backends;
  readonly jobs: Jobs;
}

/** How `call` ends: `done`, or the code of its failure, and of a write whether the service may have acted. */
export async function outcomeOf(call: Call, { backends, jobs }: CallTarget, options?: CallOptions): Promise<string> {
  try {
    await call.make(backends, jobs, options);
    return 'done';
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return `${error.code}${error.isOutcomeUnclear && call.kind !== 'read' ? ', unclear' : ''}`;
  }
}

/** The outcome of `call` where it was sent and not answered clearly, and a failed read has `code`. */
export function unclear({ kind }: Call, code: string): string {
  if (kind === 'create') return 'OUTCOME_UNKNOWN, unclear';
  return kind === 'read' ? code : `${code}, unclear`;
}
