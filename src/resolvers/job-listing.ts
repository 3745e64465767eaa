/** The jobs of one service from a position on, with a look ahead. */
import { BackendError } from '../model/errors.ts';
import type { Job } from '../model/job.ts';
import type { JobService } from '../model/job-state.ts';
import type { Positions } from './job-cursor.ts';

/** A job, or why an entry is unreadable, and the position of its service's listing after it. */
export interface ListedJob {
  readonly job: Job | BackendError;
  readonly positions: Positions;
}

export class JobListing {
  readonly service: JobService;
  readonly #jobs: AsyncIterator<ListedJob, void>;
  #next: Promise<ListedJob | undefined> | undefined;
  #failure: BackendError | undefined;

  constructor(service: JobService, jobs: AsyncIterator<ListedJob, void>) {
    this.service = service;
    this.#jobs = jobs;
  }

  /** Why the service could not be listed, or not to its end. */
  get failure(): BackendError | undefined {
    return this.#failure;
  }

  /** The next job; undefined after the last one, and after a failure. Reads a page only after the last job of the one before. */
  peek(): Promise<ListedJob | undefined> {
    this.#next ??= this.#read();
    return this.#next;
  }

  /** Moves past the job that `peek` shows. */
  advance(): void {
    this.#next = undefined;
  }

  async #read(): Promise<ListedJob | undefined> {
    try {
      const { value } = await this.#jobs.next();
      return value ?? undefined;
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      this.#failure = error;
      return undefined;
    }
  }
}
