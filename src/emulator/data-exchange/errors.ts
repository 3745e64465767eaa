/** The errors of AWS Data Exchange (its API reference, each operation's "Errors", and "Common Errors"). */
import { type Answer, jsonAnswer } from '../answer.ts';
import type { SignatureFault } from '../credentials.ts';

export type ResourceType = 'DATA_SET' | 'REVISION' | 'ASSET' | 'JOB';

export class DataExchangeError extends Error {
  override readonly name: string;
  readonly status: number;
  /** The members of the body beside its `Message`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, name: string, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.name = name;
    this.members = members;
  }

  answer(): Answer {
    const { status, headers, body } = jsonAnswer(this.status, { Message: this.message, ...this.members });
    return { status, headers: { ...headers, 'x-amzn-errortype': this.name }, body };
  }
}

export function invalid(message: string): DataExchangeError {
  return new DataExchangeError(400, 'ValidationException', message);
}

export function notFound(resourceType: ResourceType, resourceId: string): DataExchangeError {
  const message = `Resource not found: ${resourceType} ${resourceId}`;
  return new DataExchangeError(404, 'ResourceNotFoundException', message, {
    ResourceId: resourceId,
    ResourceType: resourceType,
  });
}

/** The service's error for a second start or a late cancellation is unknown; 409 is the modelled error that fits. */
export function conflict(message: string, resourceType: ResourceType, resourceId: string): DataExchangeError {
  return new DataExchangeError(409, 'ConflictException', message, {
    ResourceId: resourceId,
    ResourceType: resourceType,
  });
}

export function accessDenied(message: string): DataExchangeError {
  return new DataExchangeError(403, 'AccessDeniedException', message);
}

/** The only modelled error with these two members, so the most likely one for a quota. */
export function limitExceeded(limitName: string, limitValue: number): DataExchangeError {
  return new DataExchangeError(402, 'ServiceLimitExceededException', `Limit exceeded: ${limitName}`, {
    LimitName: limitName,
    LimitValue: limitValue,
  });
}

/**
 * The names are AWS's common ones where those have one. They have none for a wrong signature;
 * `InvalidSignatureException` is the name on which the SDKs correct their clock.
 */
const signatureErrors: Record<SignatureFault, DataExchangeError> = {
  missing: new DataExchangeError(400, 'IncompleteSignature', 'The request is not signed.'),
  incomplete: new DataExchangeError(400, 'IncompleteSignature', 'The Authorization header is not complete.'),
  unknownKey: new DataExchangeError(403, 'InvalidClientTokenId', 'The access key id is not known.'),
  untimely: new DataExchangeError(400, 'RequestExpired', 'The request was not signed at this time.'),
  mismatch: new DataExchangeError(403, 'InvalidSignatureException', 'The signature does not match the request.'),
};

export function signatureError(fault: SignatureFault): DataExchangeError {
  return signatureErrors[fault];
}

const usualNames: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  402: 'ServiceLimitExceededException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  409: 'ConflictException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  503: 'ServiceUnavailable',
};

/** A scripted error. */
export function scriptedError(status: number, awsCode?: string): DataExchangeError {
  const name = awsCode ?? usualNames[status] ?? (status >= 500 ? 'InternalFailure' : 'ValidationException');
  return new DataExchangeError(status, name, 'Scripted by the emulator.');
}
