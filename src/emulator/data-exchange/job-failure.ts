/** The errors of failed jobs. */

export const jobErrorCodes = [
  'ACCESS_DENIED_EXCEPTION',
  'INTERNAL_SERVER_EXCEPTION',
  'MALWARE_DETECTED',
  'MALWARE_SCAN_ENCRYPTED_FILE',
  'RESOURCE_NOT_FOUND_EXCEPTION',
  'SERVICE_QUOTA_EXCEEDED_EXCEPTION',
  'VALIDATION_EXCEPTION',
] as const;

/** One error of a job in the state ERROR: the service's `JobError`. */
export interface JobError {
  readonly Code: (typeof jobErrorCodes)[number];
  readonly Message: string;
  readonly Details?: unknown;
  readonly LimitName?: string | undefined;
  readonly LimitValue?: number | undefined;
  readonly ResourceId?: string | undefined;
  readonly ResourceType?: 'REVISION' | 'ASSET' | 'DATA_SET' | undefined;
}

/** Thrown by the work of a job: the job ends in ERROR with these `Errors`. */
export class JobFailure extends Error {
  readonly errors: readonly JobError[];

  constructor(errors: readonly JobError[]) {
    super(errors[0]?.Message);
    this.errors = errors;
  }
}
