/** Remembers when mutations of this gateway last created or changed jobs. */

/** Max number of remembered jobs. */
const maxJobs = 1_000;

export class RecentMutations {
  readonly #now: () => number;
  /** By AWS job id; the latest comes last. */
  readonly #notedAt = new Map<string, number>();

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  note(awsJobId: string): void {
    this.#notedAt.delete(awsJobId);
    this.#notedAt.set(awsJobId, this.#now());
    const [oldest] = this.#notedAt.keys();
    if (this.#notedAt.size > maxJobs && oldest !== undefined) this.#notedAt.delete(oldest);
  }

  /** When the job was last noted, by the monotonic clock; `-Infinity` if it is not remembered. */
  lastOf(awsJobId: string): number {
    return this.#notedAt.get(awsJobId) ?? Number.NEGATIVE_INFINITY;
  }
}
