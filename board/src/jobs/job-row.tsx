/** One line of the list. */
import { memo } from 'preact/compat';
import { Link } from 'wouter-preact';
import { StateMark } from '../parts/state-mark.tsx';
import { Time } from '../parts/time.tsx';
import { directionWords, serviceWords, typeWords } from '../words.ts';
import type { ListedJob } from './store.ts';

interface Props {
  readonly job: ListedJob;
  readonly isSelected: boolean;
  /** Undefined for somebody who may only read. */
  readonly onSelect: ((id: string, isSelected: boolean) => void) | undefined;
}

/** The store gives the same job until it changes, so that a change renders its own line only. */
export const JobRow = memo(({ job, isSelected, onSelect }: Props) => (
  <tr>
    {onSelect && (
      <td class="select">
        <input
          type="checkbox"
          aria-label={`Select ${job.awsJobId}`}
          checked={isSelected}
          disabled={!job.availableActions.includes('CANCEL')}
          onChange={({ currentTarget }) => onSelect(job.id, currentTarget.checked)}
        />
      </td>
    )}
    <td class="state-cell">
      <StateMark state={job.state} />
    </td>
    <td class="what">
      <Link href={`/jobs/${job.id}`}>{whatOf(job)}</Link>
      <span class="about">{aboutOf(job)}</span>
    </td>
    <td class="service">{serviceWords[job.service]}</td>
    <td class="id">
      <code>{job.awsJobId}</code>
    </td>
    <td class="when">
      <Time at={job.createdAt} />
    </td>
    <td class="when">{job.finishedAt ? <Time at={job.finishedAt} /> : <span class="none">–</span>}</td>
  </tr>
));

export function whatOf(job: ListedJob): string {
  return job.service === 'IMPORT_EXPORT'
    ? (directionWords[job.direction ?? ''] ?? 'Disk')
    : (typeWords[job.type ?? ''] ?? job.type ?? '');
}

/** The data set's name, or why the job is in its state. */
function aboutOf({ details, statusMessage, isFinished }: ListedJob): string {
  const about = details?.dataSet?.name ?? details?.dataSetId ?? '';
  const why = isFinished ? statusMessage : null;
  return [about, why].filter(Boolean).join(' · ');
}
