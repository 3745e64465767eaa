/** Shifts pages while they are read: if jobs were created between two pages, the second begins with the last job of the first. */
import type { Choices } from './choices.ts';
import type { ObservedJobs } from './observed-jobs.ts';

export class PageShifts {
  readonly #choices: Choices;
  readonly #jobs: ObservedJobs;
  /** The number of jobs that existed when a page ended with this one. */
  readonly #createdAtEnd = new Map<string, number>();

  constructor(choices: Choices, jobs: ObservedJobs) {
    this.#choices = choices;
    this.#jobs = jobs;
  }

  recordPageEnd(lastId: string): void {
    this.#createdAtEnd.set(lastId, this.#jobs.created);
  }

  isRepeated(lastId: string): boolean {
    const created = this.#createdAtEnd.get(lastId) ?? this.#jobs.created;
    return this.#jobs.created > created && this.#choices.isChosen(0.7, 'repeated', this.#jobs.numberOf(lastId));
  }
}
