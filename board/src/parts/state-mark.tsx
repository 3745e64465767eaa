/** A state as a word with a shape, so that colour is never the only sign. */
import { type JobState, stateWords } from '../words.ts';

const shapes: Record<JobState, string> = {
  WAITING: 'M8 4v4l3 2',
  IN_PROGRESS: 'M4 8h8M9 5l3 3-3 3',
  COMPLETED: 'M4.5 8.5l2.5 2.5 4.5-5.5',
  COMPLETED_WITH_ERRORS: 'M4 7.5l2 2 3.5-4M11.5 8v1.5M11.5 11.6v.1',
  FAILED: 'M5.5 5.5l5 5M10.5 5.5l-5 5',
  TIMED_OUT: 'M5 4.5h6L5 11.5h6z',
  CANCELLED: 'M5 8h6',
  UNKNOWN: 'M6.2 6.2a1.8 1.8 0 1 1 2.4 1.7c-.4.2-.6.5-.6 1M8 11v.1',
};

export function StateMark({ state }: { readonly state: JobState }) {
  return (
    <span class={`state state-${state.toLowerCase()}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="7" />
        <path d={shapes[state]} />
      </svg>
      {stateWords[state]}
    </span>
  );
}
