/** The wait that a `Retry-After` asks for (RFC 9110, section 10.2.3). */

/** No service needs longer, and a mistaken header must not stop all calls for days. */
export const maxRetryAfterMs = 5 * 60_000;

/** The value of the header: whole seconds, never less than `ms`. */
export function retryAfterSeconds(ms: number): string {
  return String(Math.ceil(ms / 1_000));
}
