/**
 * Shifts pages while they are read: if jobs were created between two pages, the second may begin with the last job of
 * the first.
 */
import type { Choices } from './choices.ts';
import type { ObservedJobs } from './observed-jobs.ts';

export class PageShifts {
  readonly #choices: Choices;
  readonly #jobs: ObservedJobs;
  /** By the id of the last job of a page: the number of jobs created before the page was read. */
  readonly #createdBefore = new Map<string, number>();

  constructor(choices: Choices, jobs: ObservedJobs) {
    this.#choices = choices;
    this.#jobs = jobs;
  }

  recordPageEnd(lastId: string): void {
    this.#createdBefore.set(lastId, this.#jobs.created);
  }

  isRepeated(lastId: string): boolean {
    const created = this.#createdBefore.get(lastId) ?? this.#jobs.created;
    return this.#jobs.created > created && this.#choices.isChosen(0.7, 'repeated', this.#jobs.numberOf(lastId));
  }
}
