import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { live } from '../live';
import { placeOf } from '../newest-first';
import { activitySubscription, changesOptions, type Job, type JobEvent, jobsOptions } from './queries';

/** The pages that have been read, as what has happened since has changed them. */
export function useJobs() {
  const list = useInfiniteQuery(jobsOptions);
  const { data: changes = {} } = useQuery(changesOptions);
  const activityError = useActivity(list.data?.pages[0]?.activityCursor);
  const listed = list.data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  return { ...list, activityError, jobs: changed(listed, changes, list.hasNextPage) };
}

/** Takes up what happens after `since`, the place in the stream where the list was read. */
function useActivity(since: string | null | undefined) {
  const queryClient = useQueryClient();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    if (since === undefined) return;
    queryClient.setQueryData(changesOptions.queryKey, {});
    const change = (id: string, job: Job | null) =>
      queryClient.setQueryData(changesOptions.queryKey, (changes) => ({ ...changes, [id]: job }));
    return live.subscribe<{ jobActivity: JobEvent }>(
      { query: activitySubscription, variables: { after: since } },
      {
        next: ({ data }) => {
          const event = data?.jobActivity;
          if (event?.__typename === 'JobStateChange') change(event.job.id, event.job);
          if (event?.__typename === 'JobGone') change(event.id, null);
          if (event?.__typename === 'JobEventsMissed') queryClient.invalidateQueries(jobsOptions);
        },
        error: (failure) => setError(Array.isArray(failure) ? failure[0] : new Error('The subscription has ended.')),
        complete: () => {},
      },
    );
  }, [queryClient, since]);
  return error;
}

function changed(listed: (Job | null)[], changes: Record<string, Job | null>, hasMore: boolean) {
  const jobs = listed.filter((job) => !job || changes[job.id] !== null).map((job) => (job && changes[job.id]) ?? job);
  for (const job of Object.values(changes)) {
    if (!job || jobs.some((other) => other?.id === job.id)) continue;
    const place = placeOf(job, jobs, hasMore);
    if (place !== undefined) jobs.splice(place, 0, job);
  }
  return jobs;
}
