/**
 * When a request is signed, and sent, once more: if it was refused for its time or for its key. Whatever
 * it asked for was then not done, so this holds for writes too.
 */
import { BackendError } from '../../model/errors.ts';
import { httpDateFrom } from '../http-date.ts';
import type { AwsCredentials } from './credentials.ts';

/** What the second signature has in place of the first one's. */
export interface Amendment {
  readonly signedAt?: Date;
  readonly refusedKey?: AwsCredentials;
}

/** What a reply tells about the signature that it answers. */
export interface SignedReply {
  readonly key: AwsCredentials;
  readonly signedAt: Date;
  /** The header `Date`. */
  readonly date: string | null;
}

/** Sends a request and reads its reply; a refusal of the signature leads to one more of both, and never to a third. */
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
      // Without another key nothing was sent, and the refusal of the first says more.
      throw isWithoutKey(failure) ? error : failure;
    });
    return read(second);
  }
}

function isWithoutKey(failure: unknown): boolean {
  return failure instanceof BackendError && failure.code === 'CREDENTIALS_UNAVAILABLE';
}

/** Names under which services of AWS refuse a stale time as well as a wrong signature. Their texts, which tell, are not read. */
const refusedSignature: ReadonlySet<string | undefined> = new Set([
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
]);

/** The least difference of clocks that any service of AWS refuses. */
const leastSkewMs = 5 * 60 * 1_000;

/** No clock of a service shows another time, whatever its header says: what is signed for such a day may be good on that day. */
const earliestDate = Date.parse('2010-01-01T00:00:00Z');
const latestDate = Date.parse('2100-01-01T00:00:00Z');

function amendmentFor({ code, awsCode }: BackendError, { key, signedAt, date }: SignedReply): Amendment | undefined {
  // Its session has expired, or it was rotated away.
  if (code === 'CREDENTIALS_UNAVAILABLE') return { refusedKey: key };
  const serverTime = httpDateFrom(date);
  if (serverTime === undefined || serverTime < earliestDate || serverTime >= latestDate) return undefined;
  const isStale = refusedSignature.has(awsCode) && Math.abs(serverTime - signedAt.getTime()) >= leastSkewMs;
  return code === 'CLOCK_SKEW' || isStale ? { signedAt: new Date(serverTime) } : undefined;
}
