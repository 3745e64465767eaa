import { JobTable } from '../job-table';
import { useJobs } from './use-jobs';

export function Jobs() {
  const { jobs, data, error, activityError, hasNextPage, isFetchingNextPage, fetchNextPage } = useJobs();
  const { errors = [], unavailableServices = [] } = data?.pages.at(-1) ?? {};
  return (
    <JobTable
      jobs={jobs}
      problems={[error, activityError, ...errors, ...unavailableServices]}
      onMore={hasNextPage && (() => fetchNextPage())}
      isReading={isFetchingNextPage}
    />
  );
}
