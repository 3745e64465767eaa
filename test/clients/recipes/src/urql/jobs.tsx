import { useState } from 'react';
import { useQuery, useSubscription } from 'urql';
import { JobTable } from '../job-table';
import { activityDocument, first, jobsDocument } from './documents';

export function Jobs() {
  // The cache shows the pages that have been read in one list. The next one is asked for by its cursor.
  const [after, setAfter] = useState<string | null>(null);
  const [{ data, error, fetching }] = useQuery({ query: jobsDocument, variables: { first, after } });

  // The stream begins where the first page did, and goes on from there by itself.
  const [since, setSince] = useState<string | null>();
  if (since === undefined && data) setSince(data.jobs.activityCursor);
  const [activity] = useSubscription(
    { query: activityDocument, variables: { after: since ?? null }, pause: since === undefined },
    (_previous, data) => {
      if (data.jobActivity.__typename === 'JobEventsMissed') setAfter(null);
      return data;
    },
  );

  const { nodes = [], pageInfo, unavailableServices = [] } = data?.jobs ?? {};
  return (
    <JobTable
      jobs={nodes}
      problems={[error, activity.error, ...unavailableServices]}
      onMore={pageInfo?.hasNextPage && (() => setAfter(pageInfo.endCursor))}
      isReading={fetching}
    />
  );
}
