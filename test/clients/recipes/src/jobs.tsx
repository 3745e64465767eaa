import { useJobs, useJobsState } from 'waybill-client/react';
import { jobStore } from 'waybill-client/store';
import { JobTable } from './job-table';
import { live } from './live';

const store = jobStore(live, { first: 20 });

export function Jobs() {
  const jobs = useJobs(store);
  const { hasMore, error, unavailableServices } = useJobsState(store);
  const problems = error instanceof Error ? [error, ...unavailableServices] : unavailableServices;
  return <JobTable jobs={[...jobs.values()]} problems={problems} onMore={hasMore && store.loadMore} />;
}
