/** What became of each of several jobs: those that were not cancelled first. */
import { useEffect, useRef } from 'preact/hooks';
import { Link } from 'wouter-preact';
import type { Outcome } from './cancel-jobs.ts';

interface Props {
  readonly outcomes: readonly Outcome[];
  readonly onClose: () => void;
}

export function Outcomes({ outcomes, onClose }: Props) {
  return outcomes.length === 0 ? null : <ShownOutcomes outcomes={outcomes} onClose={onClose} />;
}

function ShownOutcomes({ outcomes, onClose }: Props) {
  const shown = useRef<HTMLElement>(null);
  // It is above the list, and whoever has selected the last of many jobs is at their end.
  useEffect(() => shown.current?.focus(), []);
  const failed = outcomes.filter(({ fault }) => fault !== undefined);
  const done = outcomes.filter(({ fault }) => fault === undefined);
  return (
    <section
      ref={shown}
      tabIndex={-1}
      class={failed.length > 0 ? 'failure' : 'notice'}
      aria-label="What became of the jobs"
    >
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
