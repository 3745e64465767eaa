/** Decides which steps from state to state a service is known to make. */
import { isFinished, type JobService, type JobState } from '../model/job-state.ts';

/**
 * Whether no sequence of documented steps leads from one state to the other, however many of them went unobserved: a
 * step back, a step out of a finished state, an unknown state.
 *
 * Data Exchange cancels from WAITING only (its User Guide, "Jobs").
 */
export function isAnomalous(service: JobService, from: JobState, to: JobState): boolean {
  if (to === 'UNKNOWN') return true;
  if (from === 'UNKNOWN') return false;
  if (service === 'DATA_EXCHANGE' && from === 'IN_PROGRESS' && to === 'CANCELLED') return true;
  return rankOf(to) <= rankOf(from);
}

function rankOf(state: JobState): number {
  if (isFinished(state)) return 2;
  return state === 'IN_PROGRESS' ? 1 : 0;
}

/** Whether the second state can only come after the first, as jobs go forward. */
export function isStepForward(from: JobState, to: JobState): boolean {
  return to !== 'UNKNOWN' && rankOf(to) > rankOf(from);
}
