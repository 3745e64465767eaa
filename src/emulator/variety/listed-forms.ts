/** What lists show of each job: for a moment still what it was before its last change, and never what was before that. */
import type { Choices } from './choices.ts';
import { idOf, type Members } from './job-members.ts';
import type { SeenJobs } from './seen-jobs.ts';

/** How far the states of a list lag behind GetJob is unknown. */
const stateLagMs = 800;

export interface ListedFormsOptions {
  readonly choices: Choices;
  readonly seen: SeenJobs;
  readonly now: () => number;
}

export class ListedForms {
  readonly #options: ListedFormsOptions;
  readonly #shown = new Map<string, Members>();

  constructor(options: ListedFormsOptions) {
    this.#options = options;
  }

  /** `job` as CreateJob answered it. */
  note(job: Members): void {
    this.#shown.set(idOf(job), job);
  }

  /** What a list shows of `job`, which is as GetJob would answer it. */
  listed(job: Members): Members {
    const before = this.#shown.get(idOf(job));
    const shown = before !== undefined && this.#lags(job, before) ? before : job;
    this.note(shown);
    return shown;
  }

  #lags(job: Members, before: Members): boolean {
    if (job['State'] === before['State']) return false;
    const { choices, seen, now } = this.#options;
    const age = now() - Date.parse(String(job['UpdatedAt']));
    return age < choices.below(stateLagMs, 'state', seen.numberOf(idOf(job)), String(job['State']));
  }
}
