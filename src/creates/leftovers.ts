/** Decides which superfluous jobs of a create that was sent more than once may be cancelled. */
import { attemptTimes, type CreateRecord } from './create-record.ts';
import type { Candidate } from './finding.ts';

/** Max deviation of a job's creation from its attempt's time, apart from the common delay. */
const toleranceMs = 3_000;

/**
 * The waiting jobs of `candidates` beside the bound one, if all can be this create's: no more than its other attempts,
 * and each created when one of those was sent, by the service's clock, which the bound job shows. If one does not fit,
 * others make equal jobs, and none is cancelled: a waiting job does no harm, and a cancelled stranger's job does.
 * Undefined if the list does not show the bound job yet: it may lack the others as well.
 */
export function leftoversOf(record: CreateRecord, candidates: readonly Candidate[]): readonly Candidate[] | undefined {
  const bound = candidates.find(({ awsId }) => awsId === record.awsJobId);
  const others = candidates.filter((candidate) => candidate !== bound);
  if (bound === undefined) return undefined;
  if (others.length > record.attempts - 1) return [];
  // If the clocks differ by minutes this is the wrong attempt; then the other times fit no job, and none is cancelled.
  const [its = 0, ...rest] = [...attemptTimes(record)].sort((a, b) => distance(bound, a) - distance(bound, b));
  const times = rest.map((at) => at + bound.createdAt - its).sort((a, b) => a - b);
  return canPairInOrder(times, others) ? others.filter(({ isWaiting }) => isWaiting) : [];
}

function distance({ createdAt }: Candidate, at: number): number {
  return Math.abs(createdAt - at);
}

/** Whether each of `jobs`, oldest first, can be paired with one of `times`, in order. */
function canPairInOrder(times: readonly number[], jobs: readonly Candidate[]): boolean {
  const left = [...times];
  return jobs.every(({ createdAt }) => {
    const at = left.findIndex((time) => Math.abs(createdAt - time) <= toleranceMs);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}
