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

type JobFilter = Readonly<Record<string, unknown>>;

const names = 'dataSet { name }';
const pageSize = 50;

/** Names of data sets need a scope of their own: without it the list has ids. */
function fields(mayReadNames: boolean): string {
  return `awsJobId service statusMessage finishedAt isFinished availableActions
    ... on DataExchangeJob { type details { dataSetId ${mayReadNames ? names : ''} } }
    ... on ImportExportJob { direction }`;
}

let last: { readonly key: string; readonly store: JobStore<ListedJob> } | undefined;

/** The store of the last list is kept: who comes back from a job sees at once what they left, and then what has changed. */
export function listedJobs(filter: JobFilter, mayReadNames: boolean): JobStore<ListedJob> {
  const key = JSON.stringify(filter);
  if (last?.key === key && last.store.state.getSnapshot().error === undefined) return last.store;
  const store = jobStore<ListedJob>(live, { filter, first: pageSize, fields: fields(mayReadNames) });
  last = { key, store };
  return store;
}

/** What the list asks, as a script would. */
export function listOperation(filter: JobFilter, mayReadNames: boolean) {
  const query = `query Jobs($first: Int!, $after: String, $filter: JobFilter) {
  jobs(first: $first, after: $after, filter: $filter) {
    nodes {
      __typename id state createdAt
      ${fields(mayReadNames)}
    }
    pageInfo { hasNextPage endCursor }
    unavailableServices { service message }
  }
}`;
  return { query, variables: { first: pageSize, filter } };
}
