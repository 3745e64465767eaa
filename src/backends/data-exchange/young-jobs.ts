/** Remembers which jobs were made a moment ago, here or as a list dates them: GetJob may answer 404 for some seconds after CreateJob. */
import type { Clock } from '../../base/clock.ts';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';

/** The Terraform provider's waiter takes a 404 in this time for "not yet". */
const youngMs = 5_000;

/** A caller who makes more in that time finds the first of them as the service answers. */
const maxJobs = 1_000;

export class YoungJobs {
  readonly #clock: Clock;
  /** By AWS job id, oldest first: when each stops being young. */
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

  /** A list may show a job before GetJob does: the one of a create whose answer was lost is found that way. */
  addListed(jobs: readonly DataExchangeJob[]): void {
    const now = this.#clock.now();
    for (const { awsJobId, createdAt } of jobs) if (now - createdAt.getTime() < youngMs) this.add(awsJobId);
  }

  has(awsJobId: string): boolean {
    return (this.#youngUntil.get(awsJobId) ?? 0) > this.#clock.monotonicMs();
  }
}
