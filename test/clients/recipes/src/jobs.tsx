import { useConnectionStatus, useJobs, useJobsState } from 'waybill-client/react';
import { jobStore } from 'waybill-client/store';
import { live } from './live';
import { sentences } from './sentences';

const store = jobStore(live, { first: 20 });

export function Jobs() {
  const jobs = useJobs(store);
  const { hasMore, error } = useJobsState(store);
  const status = useConnectionStatus(live);
  return (
    <section>
      <p role="status">{sentences[status]}</p>
      {error instanceof Error && <p role="alert">{error.message}</p>}
      <table>
        <tbody>
          {[...jobs.values()].map((job) => (
            <tr key={job.id}>
              <td>{job.awsJobId}</td>
              <td>{job.state}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {hasMore && (
        <button type="button" onClick={store.loadMore}>
          More
        </button>
      )}
    </section>
  );
}
