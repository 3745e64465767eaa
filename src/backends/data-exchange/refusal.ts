/** Reads a refusal of the service as a `BackendError`. Drops the service's own text. */
import type { BackendError } from '../../model/errors.ts';
import type { Reply } from '../calls/exchange.ts';
import { retryAfterMsOf } from '../calls/retry-after.ts';
import { dataExchangeError, isResourceType, missingSentence } from './errors.ts';
import { codeOfRefusal, type RefusalCode, sentences } from './refusal-codes.ts';
import { parseJson } from './reply-body.ts';

/** The resource that an error names: one that the service does not have, or whose state does not allow the request. */
export interface NamedResource {
  /** `DATA_SET`, `REVISION`, `ASSET` or `JOB`. */
  readonly type: string;
  readonly id: string | undefined;
}

/** Where in the caller's input `resource` was named. */
export type FieldOf = (resource: NamedResource) => readonly string[] | undefined;

/** Values of `ExceptionCause`, a member of `ValidationException`. */
const sentencesByCause = new Map([
  ['InsufficientS3BucketPolicy', 'The policy of the S3 bucket does not let AWS Data Exchange use it.'],
  ['S3AccessDenied', 'AWS Data Exchange may not read the S3 object or bucket.'],
]);

/** Values of `ResourceType`, a member of `ConflictException`. */
const sentencesByConflict = new Map([
  ['DATA_SET', 'The state of the data set does not allow this.'],
  ['JOB', 'The state of the job does not allow this.'],
  ['REVISION', 'The state of the revision does not allow this: it may be finalized.'],
]);

/** The error in `reply`, whose status is 300 or above. `fieldOf` finds the member of the input that it is about. */
export function refusalFrom(reply: Reply, fieldOf?: FieldOf): BackendError {
  const body = bodyOf(reply);
  const awsCode = nameOf(reply, body);
  const code = codeOfRefusal(awsCode, reply.status);
  const isAboutResource = code === 'NOT_FOUND' || code === 'CONFLICT';
  const field = isAboutResource ? fieldOf?.(resourceOf(body)) : undefined;
  const retryAfterMs = retryAfterMsOf(reply);
  return dataExchangeError({
    code,
    message: sentenceOf(code, body),
    ...(awsCode !== undefined && { awsCode }),
    ...(field !== undefined && { field }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    // After a 5xx the service may still have acted. It sends every other refusal before it acts.
    isOutcomeUnclear: code === 'UPSTREAM_UNAVAILABLE',
  });
}

function sentenceOf(code: RefusalCode, body: ErrorBody): string {
  const { type } = resourceOf(body);
  const specific = new Map<RefusalCode, string | undefined>([
    ['CONFLICT', sentencesByConflict.get(type)],
    ['INVALID_INPUT', sentencesByCause.get(textOf(body, 'ExceptionCause') ?? '')],
    ['NOT_FOUND', isResourceType(type) ? missingSentence(type) : undefined],
  ]);
  return specific.get(code) ?? sentences[code];
}

function resourceOf(body: ErrorBody): NamedResource {
  return { type: textOf(body, 'ResourceType') ?? '', id: textOf(body, 'ResourceId') };
}

/**
 * The error's name, where restJson1 puts it (Smithy, "AWS restJson1 protocol", "Operation error serialization"): in the
 * header, else in `code`, else in `__type`. Each may have a namespace before `#` and a URI after `:`.
 */
function nameOf(reply: Reply, body: ErrorBody): string | undefined {
  const qualifiedName =
    reply.header('x-amzn-errortype') ?? textOf(body, 'code') ?? textOf(body, 'Code') ?? textOf(body, '__type');
  const name = qualifiedName?.split(/[,:]/)[0]?.split('#').at(-1) ?? '';
  // Callers see it as `awsCode`, so it must not be a credential: a key id is all capitals and digits, a key has digits.
  return /^(?=.*[a-z])(?:EC2|[A-Za-z])[A-Za-z.]{0,99}$/.test(name) ? name : undefined;
}

type ErrorBody = Readonly<Record<string, unknown>>;

/** A proxy may answer in HTML: an error without a readable body is still an error. */
function bodyOf(reply: Reply): ErrorBody {
  const body = parseJson(reply.body);
  return typeof body === 'object' && body !== null ? (body as ErrorBody) : {};
}

function textOf(body: ErrorBody, member: string): string | undefined {
  const value = Object.hasOwn(body, member) ? body[member] : undefined;
  return typeof value === 'string' ? value : undefined;
}
