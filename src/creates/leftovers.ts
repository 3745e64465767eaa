/** Which jobs are left over of a create that was sent more than once, and may be cancelled. */
import { attemptTimes, type CreateRecord } from './create-record.ts';
import type { Candidate } from './finding.ts';

/** How long after it was put on record an attempt makes its job, give or take what the answer took. */
const toleranceMs = 3_000;

/**
 * The waiting ones of `candidates` beside the bound job, if all may be this create's: no more than its other attempts, and each
 * made when one of those was sent, by the service's own clock, which the bound job tells the time of. Where one is not,
 * somebody else makes equal jobs, and none is cancelled: a job that waits does no harm, and a stranger's is missed.
 */
export function leftoversOf(record: CreateRecord, candidates: readonly Candidate[]): readonly Candidate[] {
  const bound = candidates.find(({ awsJobId }) => awsJobId === record.awsJobId);
  const others = candidates.filter((candidate) => candidate !== bound);
  if (bound === undefined || others.length > record.attempts - 1) return [];
  // Clocks that are minutes apart make this the wrong one; then the others' times fit none, and nothing is cancelled.
  const [its = 0, ...rest] = [...attemptTimes(record)].sort((a, b) => distance(bound, a) - distance(bound, b));
  const times = rest.map((at) => at + bound.createdAt - its).sort((a, b) => a - b);
  return areOf(times, others) ? others.filter(({ isWaiting }) => isWaiting) : [];
}

function distance({ createdAt }: Candidate, at: number): number {
  return Math.abs(createdAt - at);
}

/** Whether each of `jobs`, oldest first, has one of `times`, in their order, to itself. */
function areOf(times: readonly number[], jobs: readonly Candidate[]): boolean {
  const left = [...times];
  return jobs.every(({ createdAt }) => {
    const at = left.findIndex((time) => Math.abs(createdAt - time) <= toleranceMs);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}
