import { infiniteQueryOptions, queryOptions, skipToken } from '@tanstack/react-query';
import { request } from '../request';

export interface Job {
  id: string;
  awsJobId: string;
  state: string;
  createdAt: string;
}

interface JobsPage {
  jobs: {
    activityCursor: string | null;
    nodes: (Job | null)[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    unavailableServices: { service: string; message: string }[];
  };
}

const row = 'id awsJobId state createdAt';

const jobsQuery = `query Jobs($first: Int!, $after: String) {
  jobs(first: $first, after: $after) {
    activityCursor
    nodes { ${row} }
    pageInfo { hasNextPage endCursor }
    unavailableServices { service message }
  }
}`;

export const jobsOptions = infiniteQueryOptions({
  queryKey: ['jobs'],
  queryFn: async ({ pageParam }) => {
    const { data, errors = [] } = await request<JobsPage>(jobsQuery, { first: 20, after: pageParam });
    if (!data) throw new Error(errors[0]?.message);
    return { ...data.jobs, errors };
  },
  initialPageParam: null as string | null,
  getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
  // The subscription keeps the jobs up to date.
  staleTime: Number.POSITIVE_INFINITY,
});

/** What events have said since the list was read: jobs by their ids, null of those that are gone. */
export const changesOptions = queryOptions<Record<string, Job | null>>({
  queryKey: ['changes'],
  queryFn: skipToken,
});

export type JobEvent =
  | { __typename: 'JobStateChange'; job: Job }
  | { __typename: 'JobGone'; id: string }
  | { __typename: 'JobEventsMissed' | 'JobsStale' | 'JobsFresh' };

export const activitySubscription = `subscription Activity($after: String) {
  jobActivity(after: $after) {
    __typename
    cursor
    ... on JobStateChange { job { ${row} } }
    ... on JobGone { id }
    ... on JobsStale { service ids }
    ... on JobsFresh { service ids }
  }
}`;
