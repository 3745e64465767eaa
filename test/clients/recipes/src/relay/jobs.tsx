import { graphql, useLazyLoadQuery, usePaginationFragment } from 'react-relay';
import { JobTable } from '../job-table';
import type { jobs_list$key } from './__generated__/jobs_list.graphql';
import type { jobsPageQuery } from './__generated__/jobsPageQuery.graphql';
import type { jobsQuery } from './__generated__/jobsQuery.graphql';
import { useActivity } from './use-activity';

const query = graphql`
  query jobsQuery {
    ...jobs_list
  }
`;

const list = graphql`
  fragment jobs_list on Query
  @refetchable(queryName: "jobsPageQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
    jobs(first: $first, after: $after) @connection(key: "jobs_jobs") {
      activityCursor
      edges {
        node {
          id
          awsJobId
          state
          createdAt
        }
      }
      unavailableServices {
        service
        message
      }
    }
  }
`;

export function Jobs() {
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<jobsPageQuery, jobs_list$key>(
    list,
    useLazyLoadQuery<jobsQuery>(query, {}),
  );
  const { activityCursor, edges, unavailableServices } = data.jobs;
  const activityError = useActivity(query, activityCursor);
  return (
    <JobTable
      jobs={edges.map(({ node }) => node ?? null)}
      problems={[activityError, ...unavailableServices]}
      onMore={hasNext && (() => loadNext(20))}
      isReading={isLoadingNext}
    />
  );
}
