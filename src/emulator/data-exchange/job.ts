/** A job of AWS Data Exchange, and its form on the wire. */
import type { Download, IssuedUrl, Upload } from '../signed-urls/signed-url-store.ts';
import { jobArn } from './arns.ts';
import { instantText } from './instant.ts';
import { detailsMembers, type JobRequest } from './job-request.ts';

export const jobStates = ['WAITING', 'IN_PROGRESS', 'ERROR', 'COMPLETED', 'CANCELLED', 'TIMED_OUT'] as const;
export type JobState = (typeof jobStates)[number];

export const jobErrorCodes = [
  'ACCESS_DENIED_EXCEPTION',
  'INTERNAL_SERVER_EXCEPTION',
  'MALWARE_DETECTED',
  'MALWARE_SCAN_ENCRYPTED_FILE',
  'RESOURCE_NOT_FOUND_EXCEPTION',
  'SERVICE_QUOTA_EXCEEDED_EXCEPTION',
  'VALIDATION_EXCEPTION',
] as const;

/** Why a job ended in ERROR: the service's `JobError`. */
export interface JobError {
  readonly Code: (typeof jobErrorCodes)[number];
  readonly Message: string;
  readonly Details?: unknown;
  readonly LimitName?: string | undefined;
  readonly LimitValue?: number | undefined;
  readonly ResourceId?: string | undefined;
  readonly ResourceType?: 'REVISION' | 'ASSET' | 'DATA_SET' | undefined;
}

export interface Job {
  readonly id: string;
  readonly request: JobRequest;
  /** What newer clients send beside it; kept and given back. */
  readonly assetConfiguration: unknown;
  readonly createdAt: number;
  /** When `state` became what it is. */
  updatedAt: number;
  state: JobState;
  errors: readonly JobError[];
  /** The way ahead while the job moves by itself. */
  course: Course | undefined;
  startedAt: number | undefined;
  /** Of an import: where its file is to be put. */
  upload: IssuedUrl<Upload> | undefined;
  /** Of a completed export to a signed URL, or import of an API. */
  download: IssuedUrl<Download> | undefined;
}

export interface Course {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Whether `Errors` is empty or absent on healthy jobs is unknown; the one printed sample omits it. */
export function jobForm(job: Job) {
  return {
    Arn: jobArn(job.id),
    ...(job.assetConfiguration !== undefined && { AssetConfiguration: job.assetConfiguration }),
    CreatedAt: instantText(job.createdAt),
    Details: { [detailsMembers[job.request.type]]: { ...job.request.details, ...urlMembers(job) } },
    ...(job.errors.length > 0 && { Errors: job.errors }),
    Id: job.id,
    State: job.state,
    Type: job.request.type,
    UpdatedAt: instantText(job.updatedAt),
  };
}

/** Given with every answer, past its expiry too: whether the service renews or withholds it is unknown. */
function urlMembers({ request, upload, download }: Job) {
  const issued = upload ?? download;
  if (issued === undefined) return {};
  const expiresAt = instantText(issued.expiresAt);
  if (request.type !== 'IMPORT_ASSET_FROM_API_GATEWAY_API') {
    return { SignedUrl: issued.url, SignedUrlExpiresAt: expiresAt };
  }
  return {
    ApiSpecificationUploadUrl: issued.url,
    ApiSpecificationUploadUrlExpiresAt: expiresAt,
    // No model has it; the User Guide's sample of a completed job does.
    ...(download !== undefined && { ApiSpecificationDownloadUrl: download.url }),
  };
}
