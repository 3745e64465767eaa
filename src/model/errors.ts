/** What went wrong at a backend, in words that reach a client as they are. Imports nothing of ours but names. */
import type { JobService } from './job-state.ts';

/** What the caller can put right: answered as `userErrors` of a mutation. */
export type CallerErrorCode =
  | 'ACCESS_DENIED'
  | 'CONFLICT'
  | 'IDEMPOTENCY_MISMATCH'
  | 'INVALID_INPUT'
  | 'INVALID_MANIFEST'
  | 'NOT_FOUND'
  | 'QUOTA_EXCEEDED';

/** What the caller cannot put right: answered as a top-level error with this `extensions.code`. */
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
  /** A sentence of our own. Never text of the service, which may quote a manifest or a signature. */
  readonly message: string;
  /** The service's own exception name, where it gave one. */
  readonly awsCode?: string;
  /** Path of the member at fault within what the caller gave, such as `['importAssetsFromS3', 'sources', '0', 'key']`. */
  readonly field?: readonly string[];
  readonly retryAfterMs?: number;
  /** Whether the service may have acted on the request all the same. Decides how a lost create is answered. */
  readonly isOutcomeUnclear?: boolean;
  /** Whether the same request may succeed later, where `code` alone does not tell. */
  readonly retryable?: boolean;
  /** Whether the gateway itself held the request back: nothing was sent, and to send it again at once is no use. */
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
    this.retryAfterMs = options.retryAfterMs;
    this.isOutcomeUnclear = options.isOutcomeUnclear ?? false;
    this.retryable = options.retryable ?? retryableCodes.has(options.code);
    this.isWithheld = options.isWithheld ?? false;
  }

  /** Who is at fault: the caller, who can mend the request, or the service and what lies between. */
  get fault(): 'caller' | 'service' {
    return callerErrorCodes.has(this.code) ? 'caller' : 'service';
  }
}

/** A failed call in which the caller, not the service, is at fault. */
export type CallerError = BackendError & { readonly code: CallerErrorCode };

export function isCallerError(error: unknown): error is CallerError {
  return error instanceof BackendError && error.fault === 'caller';
}
