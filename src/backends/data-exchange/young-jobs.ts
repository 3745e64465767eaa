/** Remembers jobs for some seconds after their creation, in which GetJob may answer 404 for them. */
import type { Clock } from '../../base/clock.ts';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';
import { youngMs } from '../../model/young-job.ts';

/** Max remembered jobs. The oldest are forgotten first; a 404 for one of them is then final. */
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

  /** A list may show a job before GetJob does, and is where the job of a create whose answer was lost is found. */
  addListed(jobs: readonly DataExchangeJob[]): void {
    const now = this.#clock.now();
    for (const { awsJobId, createdAt } of jobs) if (now - createdAt.getTime() < youngMs) this.add(awsJobId);
  }

  has(awsJobId: string): boolean {
    return (this.#youngUntil.get(awsJobId) ?? 0) > this.#clock.monotonicMs();
  }
}
