/**
 * Signs and sends a request again if its time or its key was refused. The service has then done nothing, so writes are
 * safe too.
 */
import { BackendError } from '../../model/errors.ts';
import { httpDateFrom } from '../http-date.ts';
import type { AwsCredentials } from './credentials.ts';

/** What the second signature changes. */
export interface Amendment {
  readonly signedAt?: Date;
  readonly refusedKey?: AwsCredentials;
}

/** A reply, with the signature of its request. */
export interface SignedReply {
  readonly key: AwsCredentials;
  readonly signedAt: Date;
  /** The header `Date`. */
  readonly date: string | null;
}

/** Sends a request and reads its reply. After a refused signature it does so once more, and never a third time. */
export async function signedTwiceAtMost<Reply extends SignedReply, T>(
  send: (amendment: Amendment) => Promise<Reply>,
  read: (reply: Reply) => T,
): Promise<T> {
  const reply = await send({});
  try {
    return read(reply);
  } catch (error) {
    const amendment = error instanceof BackendError ? amendmentFor(error, reply) : undefined;
    if (!amendment) throw error;
    const second = await send(amendment).catch((failure: unknown) => {
      // Without another key nothing was sent: the first refusal says more.
      throw isWithoutKey(failure) ? error : failure;
    });
    return read(second);
  }
}

function isWithoutKey(failure: unknown): boolean {
  return failure instanceof BackendError && failure.code === 'CREDENTIALS_UNAVAILABLE';
}

/**
 * AWS uses these names for a stale time and for a wrong signature. Only the text differs, and the gateway does not read
 * it.
 */
const refusedSignature: ReadonlySet<string | undefined> = new Set([
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
]);

/** The smallest clock skew that any AWS service refuses. */
const minRefusedSkewMs = 5 * 60 * 1_000;

/** A `Date` outside this range is ignored: a request signed for such a day would be valid on that day. */
const earliestDate = Date.parse('2010-01-01T00:00:00Z');
const latestDate = Date.parse('2100-01-01T00:00:00Z');

function amendmentFor({ code, awsCode }: BackendError, { key, signedAt, date }: SignedReply): Amendment | undefined {
  // The session has expired, or the key was rotated.
  if (code === 'CREDENTIALS_UNAVAILABLE') return { refusedKey: key };
  const serverTime = httpDateFrom(date);
  if (serverTime === undefined || serverTime < earliestDate || serverTime >= latestDate) return undefined;
  const isStale = refusedSignature.has(awsCode) && Math.abs(serverTime - signedAt.getTime()) >= minRefusedSkewMs;
  return code === 'CLOCK_SKEW' || isStale ? { signedAt: new Date(serverTime) } : undefined;
}
