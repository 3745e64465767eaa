import { useConnectionStatus } from 'waybill-client/react';
import { live } from './live';
import { sentences } from './sentences';

interface JobTableProps {
  /** A job that cannot be read is null. */
  jobs: readonly ({ id: string; awsJobId: string; state: string } | null)[];
  /** Errors, and services that are unavailable. */
  problems: readonly ({ message: string } | null | undefined)[];
  /** Reads the next page, if there is one. */
  onMore?: (() => void) | false | undefined;
  isReading?: boolean;
}

export function JobTable({ jobs, problems, onMore, isReading }: JobTableProps) {
  const status = useConnectionStatus(live);
  const messages = new Set(problems.flatMap((problem) => problem?.message ?? []));
  const unreadable = jobs.filter((job) => job === null).length;
  if (unreadable > 0) messages.add(`Jobs that cannot be read at the moment: ${unreadable}.`);
  return (
    <section>
      <p role="status">{sentences[status]}</p>
      {[...messages].map((message) => (
        <p role="alert" key={message}>
          {message}
        </p>
      ))}
      <table>
        <tbody>
          {jobs.map(
            (job) =>
              job && (
                <tr key={job.id}>
                  <td>{job.awsJobId}</td>
                  <td>{job.state}</td>
                </tr>
              ),
          )}
        </tbody>
      </table>
      {onMore && (
        <button type="button" disabled={isReading} onClick={onMore}>
          More
        </button>
      )}
    </section>
  );
}
