/** Why a job fails. */

export const jobErrorCodes = [
  'ACCESS_DENIED_EXCEPTION',
  'INTERNAL_SERVER_EXCEPTION',
  'MALWARE_DETECTED',
  'MALWARE_SCAN_ENCRYPTED_FILE',
  'RESOURCE_NOT_FOUND_EXCEPTION',
  'SERVICE_QUOTA_EXCEEDED_EXCEPTION',
  'VALIDATION_EXCEPTION',
] as const;

/** One reason why a job ended in ERROR: the service's `JobError`. */
export interface JobError {
  readonly Code: (typeof jobErrorCodes)[number];
  readonly Message: string;
  readonly Details?: unknown;
  readonly LimitName?: string | undefined;
  readonly LimitValue?: number | undefined;
  readonly ResourceId?: string | undefined;
  readonly ResourceType?: 'REVISION' | 'ASSET' | 'DATA_SET' | undefined;
}

/** Thrown by the work of a job: it ends in ERROR, with these as its `Errors`. */
export class JobFailure extends Error {
  readonly errors: readonly JobError[];

  constructor(errors: readonly JobError[]) {
    super(errors[0]?.Message);
    this.errors = errors;
  }
}
