/** The lines of the list. */
import { JobRow } from './job-row.tsx';
import { useKeptFocus } from './kept-focus.ts';
import type { ListedJob } from './store.ts';

interface Props {
  readonly jobs: readonly ListedJob[];
  readonly selected: ReadonlySet<string>;
  /** Undefined for somebody who may only read. */
  readonly onSelect: ((id: string, isSelected: boolean) => void) | undefined;
}

export function JobTable({ jobs, selected, onSelect }: Props) {
  const keptFocus = useKeptFocus(jobs);
  return (
    <table class={onSelect ? 'jobs' : 'jobs is-read-only'}>
      <thead>
        <tr>
          {onSelect && (
            <th class="select" scope="col">
              <span class="visually-hidden">Select</span>
            </th>
          )}
          <th scope="col">State</th>
          <th scope="col">Job</th>
          <th scope="col" class="service">
            Service
          </th>
          <th scope="col" class="aws-id">
            AWS id
          </th>
          <th scope="col">Created</th>
          <th scope="col" class="finished">
            Finished
          </th>
        </tr>
      </thead>
      <tbody {...keptFocus}>
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} isSelected={selected.has(job.id)} onSelect={onSelect} />
        ))}
      </tbody>
    </table>
  );
}
