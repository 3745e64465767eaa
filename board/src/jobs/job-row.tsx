/** One line of the list. */
import { memo } from 'preact/compat';
import { Link } from 'wouter-preact';
import { AwsId } from '../parts/aws-id.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Time } from '../parts/time.tsx';
import { type Direction, directionWords, type JobType, serviceWords, typeWords } from '../words.ts';
import type { ListedJob } from './store.ts';

interface Props {
  readonly job: ListedJob;
  readonly isSelected: boolean;
  /** Undefined for somebody who may only read. */
  readonly onSelect: ((id: string, isSelected: boolean) => void) | undefined;
}

/** The store gives the same job until it changes, so that a change renders its own line only. */
export const JobRow = memo(({ job, isSelected, onSelect }: Props) => (
  <tr class={isSelected ? 'is-selected' : undefined}>
    {onSelect && (
      <td class="select">
        {job.availableActions.includes('CANCEL') && (
          <input
            type="checkbox"
            aria-label={`Select ${whatOf(job)} ${job.awsJobId}`}
            checked={isSelected}
            onChange={({ currentTarget }) => onSelect(job.id, currentTarget.checked)}
          />
        )}
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
    <td class="aws-id">
      <AwsId id={job.awsJobId} />
    </td>
    <td class="when">
      <Time at={job.createdAt} />
    </td>
    <td class="when finished">
      {job.finishedAt && (
        <>
          {/* Import/Export does not say when. */}
          {job.service === 'IMPORT_EXPORT' && 'seen '}
          <Time at={job.finishedAt} />
        </>
      )}
    </td>
  </tr>
));

type OfAType =
  | { readonly __typename: 'DataExchangeJob'; readonly type: JobType }
  | { readonly __typename: 'ImportExportJob'; readonly direction: Direction };

export function whatOf(job: OfAType): string {
  return job.__typename === 'ImportExportJob' ? directionWords[job.direction] : typeWords[job.type];
}

/** The data set's name, and why a job has ended as it has. */
function aboutOf(job: ListedJob): string {
  const { statusMessage, isFinished, state } = job;
  const details = job.__typename === 'DataExchangeJob' ? job.details : null;
  const about = details?.dataSet?.name ?? details?.dataSetId ?? '';
  const why = isFinished && state !== 'COMPLETED' && state !== 'CANCELLED' ? statusMessage : null;
  return [about, why].filter(Boolean).join(' · ');
}
