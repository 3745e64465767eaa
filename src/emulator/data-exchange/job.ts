/** A job of AWS Data Exchange, and its form on the wire. */
import type { Download, IssuedUrl, Upload } from '../signed-urls/signed-url-store.ts';
import { jobArn } from './arns.ts';
import { instantText } from './instant.ts';
import type { JobError } from './job-failure.ts';
import type { JobRequest } from './job-types/job-type.ts';

export const jobStates = ['WAITING', 'IN_PROGRESS', 'ERROR', 'COMPLETED', 'CANCELLED', 'TIMED_OUT'] as const;
export type JobState = (typeof jobStates)[number];

export interface Job {
  readonly id: string;
  readonly request: JobRequest;
  /** A member that newer clients send; kept and returned. */
  readonly assetConfiguration: unknown;
  readonly createdAt: number;
  /** When the job entered `state`. */
  updatedAt: number;
  state: JobState;
  errors: readonly JobError[];
  /** The scheduled transitions of a job that moves by itself. */
  course: Course | undefined;
  startedAt: number | undefined;
  /** The upload URL of an import. */
  upload: IssuedUrl<Upload> | undefined;
  /** The download URL of a completed export to a signed URL or import of an API. */
  download: IssuedUrl<Download> | undefined;
}

export interface Course {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Whether a healthy job has empty or no `Errors` is unknown; the one published sample has none. */
export function jobForm(job: Job) {
  return {
    Arn: jobArn(job.id),
    ...(job.assetConfiguration !== undefined && { AssetConfiguration: job.assetConfiguration }),
    CreatedAt: instantText(job.createdAt),
    Details: { [job.request.member]: { ...job.request.details, ...job.request.urlMembers(job) } },
    ...(job.errors.length > 0 && { Errors: job.errors }),
    Id: job.id,
    State: job.state,
    Type: job.request.type,
    UpdatedAt: instantText(job.updatedAt),
  };
}
