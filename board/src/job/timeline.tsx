/** What was observed of a job, and how exact that is. */
import { StateMark } from '../parts/state-mark.tsx';
import { absoluteTime, Time } from '../parts/time.tsx';
import type { Job, Transition } from './job-document.ts';

export function Timeline({ job }: { readonly job: Job }) {
  const steps = job.history.nodes.filter((node): node is Transition => node !== null);
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">What happened</h2>
      <ol class="timeline">
        {steps.map(({ state, observedAt }) => (
          <li key={observedAt + state}>
            <StateMark state={state} />
            <span>
              seen <Time at={observedAt} /> <small>{absoluteTime(observedAt)}</small>
            </span>
          </li>
        ))}
        <li>
          <span class="state">Created</span>
          <span>
            <Time at={job.createdAt} /> <small>{absoluteTime(job.createdAt)}</small>
          </span>
        </li>
      </ol>
      <p class="hint">
        The services tell nobody of a change, so the gateway asks them: a state that was over between two questions is
        not here, and each time is when it was seen.
      </p>
    </section>
  );
}
