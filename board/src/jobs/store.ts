/** The jobs that the list shows, live. */
import { type JobStore, jobStore, type StoredJob } from 'waybill-client/store';
import { live } from '../live.ts';
import type { JobService, JobState } from '../words.ts';

export interface ListedJob extends StoredJob {
  readonly state: JobState;
  readonly awsJobId: string;
  readonly service: JobService;
  readonly statusMessage: string | null;
  readonly finishedAt: string | null;
  readonly isFinished: boolean;
  readonly availableActions: readonly ('CANCEL' | 'START' | 'UPDATE')[];
  /** Of Data Exchange. */
  readonly type?: string;
  readonly details?: { readonly dataSetId: string | null; readonly dataSet?: { readonly name: string } | null } | null;
  /** Of Import/Export. */
  readonly direction?: 'IMPORT' | 'EXPORT';
}

const names = 'dataSet { name }';

function fields(mayReadNames: boolean): string {
  return `awsJobId service statusMessage finishedAt isFinished availableActions
    ... on DataExchangeJob { type details { dataSetId ${mayReadNames ? names : ''} } }
    ... on ImportExportJob { direction }`;
}

/** Names of data sets need a scope of their own: without it the list has ids. */
export function listedJobs(filter: Readonly<Record<string, unknown>>, mayReadNames: boolean): JobStore<ListedJob> {
  return jobStore<ListedJob>(live, { filter, first: 50, fields: fields(mayReadNames) });
}
