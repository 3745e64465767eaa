/** Pages that shift while they are read: where jobs were made between two pages, the second begins with the last job of the first. */
import type { Choices } from './choices.ts';
import type { SeenJobs } from './seen-jobs.ts';

export class PageShifts {
  readonly #choices: Choices;
  readonly #seen: SeenJobs;
  /** Number of jobs that had been made when a page ended with this one. */
  readonly #createdAtEnd = new Map<string, number>();

  constructor(choices: Choices, seen: SeenJobs) {
    this.#choices = choices;
    this.#seen = seen;
  }

  notePageEnd(lastId: string): void {
    this.#createdAtEnd.set(lastId, this.#seen.created);
  }

  isRepeated(lastId: string): boolean {
    const created = this.#createdAtEnd.get(lastId) ?? this.#seen.created;
    return this.#seen.created > created && this.#choices.isChosen(0.7, 'repeated', this.#seen.numberOf(lastId));
  }
}
