/** Lets lists show a job for a moment as it was before its last change, but never in an earlier form. */
import type { Choices } from './choices.ts';
import { idOf, type Members } from './job-members.ts';
import type { ObservedJobs } from './observed-jobs.ts';

/** Max lag of the states in a list behind GetJob. The lag of the real service is unknown. */
const maxStateLagMs = 800;

export interface ListedFormsOptions {
  readonly choices: Choices;
  readonly jobs: ObservedJobs;
  readonly now: () => number;
}

export class ListedForms {
  readonly #options: ListedFormsOptions;
  readonly #shown = new Map<string, Members>();

  constructor(options: ListedFormsOptions) {
    this.#options = options;
  }

  /** Records `job` as CreateJob returned it. */
  record(job: Members): void {
    this.#shown.set(idOf(job), job);
  }

  /** The form of `job` in a list; `job` has the form of GetJob. */
  listed(job: Members): Members {
    const before = this.#shown.get(idOf(job));
    const shown = before !== undefined && this.#lags(job, before) ? before : job;
    this.record(shown);
    return shown;
  }

  #lags(job: Members, before: Members): boolean {
    if (job['State'] === before['State']) return false;
    const { choices, jobs, now } = this.#options;
    const age = now() - Date.parse(String(job['UpdatedAt']));
    return age < choices.below(maxStateLagMs, 'state', jobs.numberOf(idOf(job)), String(job['State']));
  }
}
