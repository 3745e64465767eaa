/** Remembers the jobs of the last seconds, made here or found in a list: GetJob may answer 404 for some seconds after CreateJob. */
import type { Clock } from '../../base/clock.ts';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';

/** The Terraform provider's waiter reads a 404 in this time as "not yet". */
const youngMs = 5_000;

/** Of more jobs than this the oldest are forgotten: for them a 404 counts. */
const maxJobs = 1_000;

export class YoungJobs {
  readonly #clock: Clock;
  /** When each job stops being young, by AWS job id, oldest first. */
  readonly #youngUntil = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(awsJobId: string): void {
    const now = this.#clock.monotonicMs();
    for (const [id, youngUntil] of this.#youngUntil) {
      if (youngUntil > now && this.#youngUntil.size < maxJobs) break;
      this.#youngUntil.delete(id);
    }
    this.#youngUntil.delete(awsJobId);
    this.#youngUntil.set(awsJobId, now + youngMs);
  }

  /** A list may show a job before GetJob does. The job of a create whose answer was lost is found in a list. */
  addListed(jobs: readonly DataExchangeJob[]): void {
    const now = this.#clock.now();
    for (const { awsJobId, createdAt } of jobs) if (now - createdAt.getTime() < youngMs) this.add(awsJobId);
  }

  has(awsJobId: string): boolean {
    return (this.#youngUntil.get(awsJobId) ?? 0) > this.#clock.monotonicMs();
  }
}
