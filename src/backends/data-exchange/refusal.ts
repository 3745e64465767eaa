/** Reads a refusal of the service as a `BackendError`. Drops the service's own text. */
import type { BackendError } from '../../model/errors.ts';
import type { Reply } from '../calls/exchange.ts';
import { retryAfterMsFrom } from '../calls/retry-after.ts';
import { dataExchangeError } from './errors.ts';
import { codeOfRefusal, type RefusalCode, sentences } from './refusal-codes.ts';
import { parseJson } from './reply-body.ts';

/** The resource that an error names: one that the service does not have, or whose state does not allow the request. */
export interface NamedResource {
  /** The service's word: `DATA_SET`, `REVISION`, `ASSET`, `JOB`. */
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

/** Values of `ResourceType`, a member of `ResourceNotFoundException`. */
const sentencesByResource = new Map([
  ['ASSET', 'AWS Data Exchange has no asset with this id in this revision.'],
  ['DATA_SET', 'AWS Data Exchange has no data set with this id in this account and region.'],
  ['JOB', 'AWS Data Exchange has no job with this id in this account and region.'],
  ['REVISION', 'AWS Data Exchange has no revision with this id in this data set.'],
]);

/** The same member of `ConflictException`. */
const sentencesByConflict = new Map([
  ['DATA_SET', 'The state of the data set does not allow this.'],
  ['JOB', 'The state of the job does not allow this.'],
  ['REVISION', 'The state of the revision does not allow this: it may be finalized.'],
]);

/** The error that `reply`, whose status is 300 or above, stands for. Its text is dropped; `fieldOf` points at the input. */
export function refusalFrom(reply: Reply, fieldOf?: FieldOf): BackendError {
  const body = bodyOf(reply);
  const awsCode = nameOf(reply, body);
  const code = codeOfRefusal(awsCode, reply.status);
  const isAboutResource = code === 'NOT_FOUND' || code === 'CONFLICT';
  const field = isAboutResource ? fieldOf?.(resourceOf(body)) : undefined;
  const retryAfterMs = retryAfterMsFrom(reply.header('retry-after'), Date.parse(reply.date ?? ''));
  return dataExchangeError({
    code,
    message: sentenceOf(code, body),
    ...(awsCode !== undefined && { awsCode }),
    ...(field !== undefined && { field }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    // After a 5xx the service may have acted all the same; every other refusal comes before the act.
    isOutcomeUnclear: code === 'UPSTREAM_UNAVAILABLE',
  });
}

function sentenceOf(code: RefusalCode, body: ErrorBody): string {
  const { type } = resourceOf(body);
  const closer = new Map<RefusalCode, string | undefined>([
    ['CONFLICT', sentencesByConflict.get(type)],
    ['INVALID_INPUT', sentencesByCause.get(textOf(body, 'ExceptionCause') ?? '')],
    ['NOT_FOUND', sentencesByResource.get(type)],
  ]);
  return closer.get(code) ?? sentences[code];
}

function resourceOf(body: ErrorBody): NamedResource {
  return { type: textOf(body, 'ResourceType') ?? '', id: textOf(body, 'ResourceId') };
}

/**
 * Looked for where restJson1 puts it (Smithy, "AWS restJson1 protocol", "Operation error serialization"): the header, else
 * `code`, else `__type`, each perhaps with a namespace before `#` and a URI after `:`.
 */
function nameOf(reply: Reply, body: ErrorBody): string | undefined {
  const given =
    reply.header('x-amzn-errortype') ?? textOf(body, 'code') ?? textOf(body, 'Code') ?? textOf(body, '__type');
  const name = given?.split(/[,:]/)[0]?.split('#').at(-1) ?? '';
  // Shown to callers as `awsCode`, so nothing but a name may pass: a key id is all capitals and digits, a key has digits.
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
