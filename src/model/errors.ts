/** The errors of the backends. Their messages reach clients unmasked. */
import type { InputFault } from './input-fault.ts';
import type { JobService } from './job-state.ts';

/** Errors that the caller can fix: `userErrors` of a mutation. */
export type CallerErrorCode =
  | 'ACCESS_DENIED'
  | 'CONFLICT'
  | 'IDEMPOTENCY_MISMATCH'
  | 'INVALID_INPUT'
  | 'INVALID_MANIFEST'
  | 'NOT_FOUND'
  | 'QUOTA_EXCEEDED';

/** Errors that the caller cannot fix: top-level errors with this `extensions.code`. */
export type UpstreamErrorCode =
  | 'CLOCK_SKEW'
  | 'CREDENTIALS_UNAVAILABLE'
  | 'IDEMPOTENCY_IN_PROGRESS'
  | 'IDEMPOTENCY_STORE_UNAVAILABLE'
  | 'OUTCOME_UNKNOWN'
  | 'UPSTREAM_BAD_RESPONSE'
  | 'UPSTREAM_BUSY'
  | 'UPSTREAM_REJECTED'
  | 'UPSTREAM_THROTTLED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE';

export interface BackendErrorOptions {
  readonly service: JobService;
  readonly code: CallerErrorCode | UpstreamErrorCode;
  /** The gateway's own message. Never text of the service, which may quote a manifest or a signature. */
  readonly message: string;
  /** The service's exception name, if it gave one. */
  readonly awsCode?: string;
  /** Path of the faulty member in the caller's input, such as `['importAssetsFromS3', 'sources', '0', 'key']`. */
  readonly field?: readonly string[];
  /** All faults of the input, if the gateway refused it itself; `message` and `field` are those of the first. */
  readonly faults?: readonly InputFault[];
  readonly retryAfterMs?: number;
  /** Whether the service may have acted on the request. Decides how a lost create is answered. */
  readonly isOutcomeUnclear?: boolean;
  /** Whether the same request may succeed later, if that does not follow from `code`. */
  readonly retryable?: boolean;
  /** Whether the gateway did not send the request; an immediate retry would not be sent either. */
  readonly isWithheld?: boolean;
  readonly cause?: unknown;
}

const callerErrorCodes: ReadonlySet<string> = new Set<CallerErrorCode>([
  'ACCESS_DENIED',
  'CONFLICT',
  'IDEMPOTENCY_MISMATCH',
  'INVALID_INPUT',
  'INVALID_MANIFEST',
  'NOT_FOUND',
  'QUOTA_EXCEEDED',
]);

const retryableCodes: ReadonlySet<string> = new Set<UpstreamErrorCode>([
  'IDEMPOTENCY_IN_PROGRESS',
  'IDEMPOTENCY_STORE_UNAVAILABLE',
  'UPSTREAM_BUSY',
  'UPSTREAM_THROTTLED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
]);

/** A failed call to a backend. Its message and code are safe to show; its `cause` is not. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
  readonly service: JobService;
  readonly code: CallerErrorCode | UpstreamErrorCode;
  readonly awsCode: string | undefined;
  readonly field: readonly string[] | undefined;
  readonly faults: readonly InputFault[];
  readonly retryAfterMs: number | undefined;
  readonly isOutcomeUnclear: boolean;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: boolean;
  readonly isWithheld: boolean;

  constructor(options: BackendErrorOptions) {
    super(options.message, { cause: options.cause });
    this.service = options.service;
    this.code = options.code;
    this.awsCode = options.awsCode;
    this.field = options.field;
    this.faults = options.faults ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.isOutcomeUnclear = options.isOutcomeUnclear ?? false;
    this.retryable = options.retryable ?? retryableCodes.has(options.code);
    this.isWithheld = options.isWithheld ?? false;
  }

  /** Who can fix the error: the caller by changing the request, or the service. */
  get fault(): 'caller' | 'service' {
    return callerErrorCodes.has(this.code) ? 'caller' : 'service';
  }
}

/** A failed call that the caller can fix. */
export type CallerError = BackendError & { readonly code: CallerErrorCode };

export function isCallerError(error: unknown): error is CallerError {
  return error instanceof BackendError && error.fault === 'caller';
}
