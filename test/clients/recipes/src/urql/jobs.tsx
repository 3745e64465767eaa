import { useState } from 'react';
import { type CombinedError, useClient, useQuery, useSubscription } from 'urql';
import { JobTable } from '../job-table';
import { activityDocument, first, jobsDocument } from './documents';

export function Jobs() {
  const client = useClient();
  const [{ data, error }, readAgain] = useQuery({ query: jobsDocument, variables: { first } });
  const { nodes = [], pageInfo, unavailableServices = [] } = data?.jobs ?? {};

  // The stream begins where the first page did, and goes on from there by itself.
  const [since, setSince] = useState<string | null>();
  if (since === undefined && data) setSince(data.jobs.activityCursor);
  const [activity] = useSubscription({
    query: activityDocument,
    variables: { after: since ?? null },
    pause: since === undefined,
  });

  const [next, setNext] = useState<{ isReading: boolean; error?: CombinedError }>({ isReading: false });
  async function readMore() {
    setNext({ isReading: true });
    const { error } = await client.query(jobsDocument, { first, after: pageInfo?.endCursor });
    setNext({ isReading: false, error });
    // The cache gives all pages as one list.
    readAgain();
  }

  return (
    <JobTable
      jobs={nodes}
      problems={[...[error, next.error, activity.error].flatMap(causesOf), ...unavailableServices]}
      onMore={pageInfo?.hasNextPage && readMore}
      isReading={next.isReading}
    />
  );
}

/** The sentences of the gateway, without what urql puts before them. */
function causesOf(error?: CombinedError) {
  return error?.networkError ?? error?.graphQLErrors ?? [];
}
