/** What was observed of a job, and how exact that is. */
import { StateMark } from '../parts/state-mark.tsx';
import { absoluteTime, Time } from '../parts/time.tsx';
import type { JobState } from '../words.ts';
import type { Job, Transition } from './job-document.ts';

export function Timeline({ job }: { readonly job: Job }) {
  const steps = job.history.nodes.filter((node): node is Transition => node !== null);
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">What happened</h2>
      <ol class="timeline">
        {steps.map((step, index) => (
          <Observed
            key={step.observedAt + step.state}
            step={step}
            before={steps[index + 1]}
            endedAt={index === 0 ? job.finishedAt : null}
          />
        ))}
        <li>
          <span class="state">Created</span>
          <Instant at={job.createdAt} />
        </li>
      </ol>
      <p class="hint">
        The services tell nobody of a change, so the gateway asks them every few seconds while somebody watches. Each
        time here is when it saw the state, which may have begun earlier
        {job.service === 'DATA_EXCHANGE' && '; the end is when the service says'}.
      </p>
    </section>
  );
}

interface ObservedProps {
  readonly step: Transition;
  readonly before: Transition | undefined;
  /** When the service says that the job ended; null of a step that ended none, and where the service does not say. */
  readonly endedAt: string | null;
}

function Observed({ step: { state, previousState, observedAt }, before, endedAt }: ObservedProps) {
  return (
    <>
      <li>
        <StateMark state={state} />
        <Instant at={endedAt ?? observedAt} />
      </li>
      {isLeap(previousState, state) && (
        <li class="unseen">
          <span class="state state-unknown">In progress</span>
          <span class="hint">
            not seen: it was over between two looks{before && `, after ${absoluteTime(before.observedAt)}`}
          </span>
        </li>
      )}
    </>
  );
}

function Instant({ at }: { readonly at: string }) {
  return (
    <span class="instant">
      <Time at={at} /> <small>{absoluteTime(at)}</small>
    </span>
  );
}

/** A waiting job can only end through work, or by being cancelled or timed out. */
function isLeap(from: JobState | null, to: JobState): boolean {
  return from === 'WAITING' && (to === 'COMPLETED' || to === 'COMPLETED_WITH_ERRORS' || to === 'FAILED');
}
