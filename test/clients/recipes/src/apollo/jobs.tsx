import type { ApolloCache } from '@apollo/client';
import { skipToken, useQuery, useSubscription } from '@apollo/client/react';
import { useState } from 'react';
import { useConnectionStatus } from 'waybill-client/react';
import { live } from '../live';
import { sentences } from '../sentences';
import { activityDocument, type Job, type JobEvent, jobsDocument } from './documents';

const first = 20;

export function Jobs() {
  const { data, error, fetchMore, refetch } = useQuery(jobsDocument, { variables: { first } });
  const status = useConnectionStatus(live);

  // The stream begins where the first page did, and goes on from there by itself.
  const [since, setSince] = useState<string | null>();
  if (since === undefined && data !== undefined) setSince(data.jobs.activityCursor);
  useSubscription(
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
    <section>
      <p role="status">{sentences[status]}</p>
      {error && <p role="alert">{error.message}</p>}
      {unavailableServices.map(({ service, message }) => (
        <p role="alert" key={service}>
          {message}
        </p>
      ))}
      <table>
        <tbody>
          {edges.map(
            (edge) =>
              edge?.node && (
                <tr key={edge.node.id}>
                  <td>{edge.node.awsJobId}</td>
                  <td>{edge.node.state}</td>
                </tr>
              ),
          )}
        </tbody>
      </table>
      {pageInfo?.hasNextPage && (
        <button type="button" onClick={() => fetchMore({ variables: { after: pageInfo.endCursor } })}>
          More
        </button>
      )}
    </section>
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
    if (!data || data.jobs.edges.some((edge) => edge?.node?.id === job.id)) return undefined;
    const newest = data.jobs.edges.find((edge) => edge?.node)?.node;
    // An older one belongs to a page that has not been read.
    if (newest && job.createdAt < newest.createdAt) return undefined;
    const edge = { __typename: 'JobEdge', cursor: '', node: job };
    return { jobs: { ...data.jobs, edges: [edge, ...data.jobs.edges] } };
  });
}
