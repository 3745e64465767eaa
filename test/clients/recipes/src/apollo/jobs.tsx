import { type ApolloCache, NetworkStatus } from '@apollo/client';
import { skipToken, useQuery, useSubscription } from '@apollo/client/react';
import { useState } from 'react';
import { JobTable } from '../job-table';
import { placeOf } from '../newest-first';
import { activityDocument, type Job, type JobEvent, jobsDocument } from './documents';

const first = 20;

export function Jobs() {
  const { data, error, fetchMore, refetch, networkStatus } = useQuery(jobsDocument, { variables: { first } });

  // The stream begins where the first page did, and goes on from there by itself.
  const [since, setSince] = useState<string | null>();
  if (since === undefined && data !== undefined) setSince(data.jobs.activityCursor);
  const activity = useSubscription(
    activityDocument,
    since === undefined
      ? skipToken
      : {
          variables: { after: since },
          ignoreResults: true,
          onData: ({ client, data: { data: result } }) => {
            const event = result?.jobActivity;
            if (event?.__typename === 'JobEventsMissed') refetch();
            else if (event !== undefined) apply(client.cache, event);
          },
        },
  );

  const { edges = [], pageInfo, unavailableServices = [] } = data?.jobs ?? {};
  return (
    <JobTable
      jobs={edges.map(({ node }) => node)}
      problems={[error, activity.error, ...unavailableServices]}
      onMore={pageInfo?.hasNextPage && (() => fetchMore({ variables: { after: pageInfo.endCursor } }))}
      isReading={networkStatus === NetworkStatus.fetchMore}
    />
  );
}

/** The cache has changed the jobs that it knows by then. What is left is to show new ones, and no longer those that are gone. */
function apply(cache: ApolloCache, event: JobEvent) {
  if (event.__typename === 'JobGone') {
    const __typename = event.service === 'DATA_EXCHANGE' ? 'DataExchangeJob' : 'ImportExportJob';
    const id = cache.identify({ __typename, id: event.id });
    if (id !== undefined) cache.evict({ id });
  }
  if (event.__typename === 'JobStateChange') show(cache, event.job);
}

function show(cache: ApolloCache, job: Job) {
  cache.updateQuery({ query: jobsDocument, variables: { first } }, (data) => {
    if (!data || data.jobs.edges.some(({ node }) => node?.id === job.id)) return undefined;
    const { edges, pageInfo } = data.jobs;
    const place = placeOf(
      job,
      edges.map(({ node }) => node),
      pageInfo.hasNextPage,
    );
    if (place === undefined) return undefined;
    const edge = { __typename: 'JobEdge', cursor: '', node: job };
    return { jobs: { ...data.jobs, edges: edges.toSpliced(place, 0, edge) } };
  });
}
