/** What became of each of several jobs: those that were not cancelled first. */
import { Link } from 'wouter-preact';
import type { Outcome } from './cancel-jobs.ts';

interface Props {
  readonly outcomes: readonly Outcome[];
  readonly onClose: () => void;
}

export function Outcomes({ outcomes, onClose }: Props) {
  if (outcomes.length === 0) return null;
  const failed = outcomes.filter(({ fault }) => fault !== undefined);
  const done = outcomes.filter(({ fault }) => fault === undefined);
  return (
    <section class={failed.length > 0 ? 'failure' : 'notice'} aria-label="What became of the jobs">
      <p role="status">
        <strong>
          {done.length} cancelled{failed.length > 0 && `, ${failed.length} not`}.
        </strong>{' '}
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
      </p>
      <ul class="outcomes">
        {[...failed, ...done].map(({ id, awsJobId, what, fault }) => (
          <li key={id}>
            <Link href={`/jobs/${id}`}>{what}</Link> <code>{awsJobId}</code>: {fault ?? 'cancelled'}
          </li>
        ))}
      </ul>
    </section>
  );
}
