/** Which steps from state to state a service is known to make. */
import { isFinished, type JobService, type JobState } from '../model/job-state.ts';

/**
 * Whether a job cannot have come from one state to the other by the steps that its service documents, however many of them
 * were missed between two readings: a step back, a way out of a finished state, a state that nobody knows.
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

/** Whether a job that goes forward, as all do, can only have been in the second state after the first. */
export function isStepForward(from: JobState, to: JobState): boolean {
  return to !== 'UNKNOWN' && rankOf(to) > rankOf(from);
}
