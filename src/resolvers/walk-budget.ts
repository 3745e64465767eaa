/** Bounds what a filter may add to one page of a list of jobs. */

/**
 * Max calls of a page beside the first list of each service. Enough for the statuses of a hundred jobs; the largest
 * page of all fields of jobs still costs less than an operation may.
 */
export const maxWalkCalls = 150;

/** A slow service must not take the whole time of the operation: the page then ends early, too. */
const maxWalkMs = 6_000;

export class WalkBudget {
  readonly #now: () => number;
  readonly #endsAt: number;
  #left: number;

  constructor(now: () => number, calls = maxWalkCalls) {
    this.#now = now;
    this.#endsAt = now() + maxWalkMs;
    this.#left = calls;
  }

  get isSpent(): boolean {
    return this.left === 0;
  }

  /** How many more calls may be made. */
  get left(): number {
    return this.#now() < this.#endsAt ? Math.max(0, this.#left) : 0;
  }

  spend(calls: number): void {
    this.#left -= calls;
  }
}
