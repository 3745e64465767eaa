import { useMemo, useState } from 'react';
import {
  ConnectionHandler,
  fetchQuery,
  type GraphQLTaggedNode,
  graphql,
  useRelayEnvironment,
  useSubscription,
} from 'react-relay';
import type { GraphQLSubscriptionConfig, RecordProxy, RecordSourceSelectorProxy } from 'relay-runtime';
import { placeOf } from '../newest-first';
import type { useActivitySubscription } from './__generated__/useActivitySubscription.graphql';

const subscription = graphql`
  subscription useActivitySubscription($after: String) {
    jobActivity(after: $after) {
      __typename
      cursor
      ... on JobStateChange {
        job {
          id
          awsJobId
          state
          createdAt
        }
      }
      ... on JobGone {
        id
      }
      ... on JobsStale {
        service
        ids
      }
      ... on JobsFresh {
        service
        ids
      }
    }
  }
`;

/** Keeps the list up to date from `since` on, where its first page was read. The stream goes on from there by itself. */
export function useActivity(list: GraphQLTaggedNode, since: string | null | undefined) {
  const environment = useRelayEnvironment();
  const [after] = useState(since);
  const [error, setError] = useState<Error>();
  const config = useMemo(
    (): GraphQLSubscriptionConfig<useActivitySubscription> => ({
      subscription,
      variables: { after },
      updater,
      onNext: (data) => {
        // The connection begins with the first page again.
        if (data?.jobActivity.__typename === 'JobEventsMissed') fetchQuery(environment, list, {}).subscribe({});
      },
      onError: setError,
    }),
    [environment, list, after],
  );
  useSubscription(config);
  return error;
}

/** The store has changed the jobs that it knows by then. What is left is the list. */
function updater(store: RecordSourceSelectorProxy) {
  const event = store.getRootField('jobActivity');
  const list = ConnectionHandler.getConnection(store.getRoot(), 'jobs_jobs');
  const job = event?.getLinkedRecord('job');
  if (list && job) show(store, list, job);
  if (list && event?.getType() === 'JobGone') ConnectionHandler.deleteNode(list, String(event.getValue('id')));
}

function show(store: RecordSourceSelectorProxy, list: RecordProxy, job: RecordProxy) {
  const edges = list.getLinkedRecords('edges') ?? [];
  const nodes = edges.map((edge) => edge?.getLinkedRecord('node'));
  if (nodes.some((node) => node?.getDataID() === job.getDataID())) return;
  const hasMore = list.getLinkedRecord('pageInfo')?.getValue('hasNextPage') === true;
  const place = placeOf(
    rowOf(job),
    nodes.map((node) => node && rowOf(node)),
    hasMore,
  );
  if (place === undefined) return;
  const edge = ConnectionHandler.createEdge(store, list, job, 'JobEdge');
  list.setLinkedRecords(edges.toSpliced(place, 0, edge), 'edges');
}

function rowOf(job: RecordProxy) {
  return { createdAt: String(job.getValue('createdAt')) };
}
