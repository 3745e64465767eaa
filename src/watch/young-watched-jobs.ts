/** Decides whether a watched job is so young that the service may not show it yet. */
import type { Clock } from '../base/clock.ts';
import { youngMs } from '../model/young-job.ts';
import type { WatchedJob } from './watched-job.ts';

/** Max number of remembered mutations. */
const maxJobs = 1_000;

export class YoungWatchedJobs {
  readonly #clock: Pick<Clock, 'monotonicMs' | 'now'>;
  /** When mutations of this gateway last created or changed jobs, by AWS job id; the latest comes last. */
  readonly #mutatedAt = new Map<string, number>();

  constructor(clock: Pick<Clock, 'monotonicMs' | 'now'>) {
    this.#clock = clock;
  }

  noteMutation(awsJobId: string): void {
    this.#mutatedAt.delete(awsJobId);
    this.#mutatedAt.set(awsJobId, this.#clock.monotonicMs());
    const [oldest] = this.#mutatedAt.keys();
    if (this.#mutatedAt.size > maxJobs && oldest !== undefined) this.#mutatedAt.delete(oldest);
  }

  has({ ref, latest, listedAt }: WatchedJob): boolean {
    const knownAt = Math.max(listedAt, this.#mutatedAt.get(ref.awsJobId) ?? Number.NEGATIVE_INFINITY);
    const createdAt = latest?.job.createdAt?.getTime() ?? Number.NEGATIVE_INFINITY;
    return this.#clock.monotonicMs() - knownAt < youngMs || Math.abs(this.#clock.now() - createdAt) < youngMs;
  }
}
