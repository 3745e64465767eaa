/** Reads the header `Retry-After`, for both services. */
import { maxRetryAfterMs } from '../../base/retry-after.ts';
import { httpDateFrom } from '../http-date.ts';
import type { Reply } from './exchange.ts';

/**
 * Milliseconds that the header `Retry-After` asks for: whole seconds, or a date (RFC 9110, section 10.2.3). A date is
 * counted from the reply's `Date`, which is by the same clock, or from the arrival of the reply if it has none. At most
 * five minutes; undefined for anything else.
 */
export function retryAfterMsOf(reply: Pick<Reply, 'date' | 'header' | 'receivedAt'>): number | undefined {
  const value = reply.header('retry-after')?.trim() ?? '';
  const answeredAt = httpDateFrom(reply.date) ?? reply.receivedAt;
  // A number too large for a double to hold exactly still means a long time.
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : (httpDateFrom(value) ?? Number.NaN) - answeredAt;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), maxRetryAfterMs);
}
