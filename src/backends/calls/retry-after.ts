/** Reads the header `Retry-After`, alike for both services. */
import { maxRetryAfterMs } from '../../base/retry-after.ts';
import { httpDateFrom } from '../http-date.ts';

/**
 * Milliseconds that a header `Retry-After` asks for: whole seconds, or a date (RFC 9110, section 10.2.3), which is counted
 * from `answeredAt`, in milliseconds since the epoch. At most five minutes; undefined for anything else.
 */
export function retryAfterMsFrom(header: string | null | undefined, answeredAt: number): number | undefined {
  const value = header?.trim() ?? '';
  // A number that a double cannot hold exactly is a long time all the same.
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : (httpDateFrom(value) ?? Number.NaN) - answeredAt;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), maxRetryAfterMs);
}
