import type { JobError } from './job.ts';

/** Thrown by the work of a job: it ends in ERROR, with these as its `Errors`. */
export class JobFailure extends Error {
  readonly errors: readonly JobError[];

  constructor(errors: readonly JobError[]) {
    super(errors[0]?.Message);
    this.errors = errors;
  }
}
