/**
 * Numbers the jobs of one service, or its data sets and revisions, in the order of their first observation. Unlike ids,
 * numbers are alike in each run.
 */
import type { Choices } from './choices.ts';

/** Max time for which a new job is missing from lists or reads. */
const maxLagMs = 1_200;

interface ObservedJob {
  readonly number: number;
  /** Undefined for a job that no client created. */
  readonly createdAt: number | undefined;
  hiddenReads: number;
}

export class ObservedJobs {
  readonly #choices: Choices;
  readonly #now: () => number;
  readonly #byId = new Map<string, ObservedJob>();
  #created = 0;

  constructor(choices: Choices, now: () => number) {
    this.#choices = choices;
    this.#now = now;
  }

  /** The number of jobs that clients have created. */
  get created(): number {
    return this.#created;
  }

  recordCreated(id: string): void {
    this.#created += 1;
    this.#byId.set(id, { number: this.#byId.size, createdAt: this.#now(), hiddenReads: 0 });
  }

  numberOf(id: string): number {
    return this.#jobOf(id).number;
  }

  isNew(id: string): boolean {
    const { createdAt } = this.#jobOf(id);
    return createdAt !== undefined && this.#now() - createdAt < maxLagMs;
  }

  /**
   * GetJob may answer 404 for some seconds after CreateJob; Terraform's provider waits for that. Here at most twice.
   */
  hidesRead(id: string): boolean {
    const job = this.#jobOf(id);
    if (!this.isNew(id)) return false;
    job.hiddenReads += 1;
    return job.hiddenReads <= this.#choices.below(3, 'reads', job.number);
  }

  /** It is unknown how long the lists of the real service lag behind. */
  isListed(id: string): boolean {
    const { number, createdAt } = this.#jobOf(id);
    return createdAt === undefined || this.#now() - createdAt >= this.#choices.below(maxLagMs, 'listed', number);
  }

  #jobOf(id: string): ObservedJob {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const job = { number: this.#byId.size, createdAt: undefined, hiddenReads: 0 };
    this.#byId.set(id, job);
    return job;
  }
}
