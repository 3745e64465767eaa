/** The jobs of one service in the order in which they were first seen: unlike their ids, their numbers are the same in each run. */
import type { Choices } from './choices.ts';

/** For so long at most is a new job missing from the list, or from a read. */
export const lagMs = 1_200;

interface SeenJob {
  readonly number: number;
  /** Undefined for a job that no create of a client made. */
  readonly createdAt: number | undefined;
  hiddenReads: number;
}

export class SeenJobs {
  readonly #choices: Choices;
  readonly #now: () => number;
  readonly #byId = new Map<string, SeenJob>();
  #created = 0;

  constructor(choices: Choices, now: () => number) {
    this.#choices = choices;
    this.#now = now;
  }

  /** Number of jobs that clients have made. */
  get created(): number {
    return this.#created;
  }

  noteCreated(id: string): void {
    this.#created += 1;
    this.#byId.set(id, { number: this.#byId.size, createdAt: this.#now(), hiddenReads: 0 });
  }

  numberOf(id: string): number {
    return this.#seen(id).number;
  }

  isNew(id: string): boolean {
    const { createdAt } = this.#seen(id);
    return createdAt !== undefined && this.#now() - createdAt < lagMs;
  }

  /** GetJob may answer 404 for some seconds after CreateJob: Terraform's provider waits for that. Here twice at most. */
  hidesRead(id: string): boolean {
    const seen = this.#seen(id);
    if (!this.isNew(id)) return false;
    seen.hiddenReads += 1;
    return seen.hiddenReads <= this.#choices.below(3, 'reads', seen.number);
  }

  /** How far lists lag behind is unknown. */
  isListed(id: string): boolean {
    const { number, createdAt } = this.#seen(id);
    return createdAt === undefined || this.#now() - createdAt >= this.#choices.below(lagMs, 'listed', number);
  }

  #seen(id: string): SeenJob {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const seen = { number: this.#byId.size, createdAt: undefined, hiddenReads: 0 };
    this.#byId.set(id, seen);
    return seen;
  }
}
