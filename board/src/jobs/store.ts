/** The jobs that the list shows, live. */
import { type JobStore, jobStore } from 'waybill-client/store';
import { graphql, type ResultOf, type VariablesOf } from '../graphql.ts';
import { live } from '../live.ts';

/** Names of data sets need a scope of their own: without it the list has ids. */
const listedJob = graphql(`fragment ListedJob on Job {
  __typename id state createdAt
  awsJobId service statusMessage finishedAt isFinished availableActions
  ... on DataExchangeJob { type details { dataSetId dataSet @include(if: $names) { name } } }
  ... on ImportExportJob { direction }
}`);

const jobsDocument = graphql(
  `query Jobs($first: Int!, $after: String, $filter: JobFilter, $names: Boolean!) {
  jobs(first: $first, after: $after, filter: $filter) {
    nodes { ...ListedJob }
    pageInfo { hasNextPage endCursor }
    unavailableServices { service message }
  }
}`,
  [listedJob],
);

export type ListedJob = ResultOf<typeof listedJob>;
export type JobFilter = NonNullable<VariablesOf<typeof jobsDocument>['filter']>;

const pageSize = 50;

/** What the store selects of each job. Its documents have no variable of ours. */
function fields(mayReadNames: boolean): string {
  const selection = listedJob.slice(listedJob.indexOf('{') + 1, listedJob.lastIndexOf('}'));
  return selection.replace('$names', String(mayReadNames));
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
export function listOperation(filter: JobFilter, names: boolean) {
  return { query: jobsDocument, variables: { first: pageSize, filter, names } };
}
