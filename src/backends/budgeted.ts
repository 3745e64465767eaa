/** Keeps the watcher's calls within a budget, which shrinks when the service throttles. */
import { BackendError } from '../model/errors.ts';
import type { CallBudget } from '../watch/budget.ts';
import type { Reading } from '../watch/state-source.ts';

/** Makes `call` as soon as the budget allows. Rejects as `call` does, or with the reason of `signal`. */
export async function budgeted<T>(budget: CallBudget, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  await budget.take(signal);
  try {
    return await call();
  } catch (error) {
    if (error instanceof BackendError && asksForFewerCalls(error)) budget.throttle(error.retryAfterMs);
    throw error;
  }
}

/** The reading of a job for which the call failed with `error`. */
export function failedReading(error: unknown): Reading {
  if (!(error instanceof BackendError)) return { outcome: 'failed', retryAfterMs: undefined };
  if (error.code === 'NOT_FOUND') return { outcome: 'gone' };
  return { outcome: 'failed', retryAfterMs: error.retryAfterMs };
}

/**
 * Whether the service asked for fewer calls. A request that the gateway withheld does not shrink the budget, which is
 * needed in full when the service is back.
 */
function asksForFewerCalls({ code, retryAfterMs, isWithheld }: BackendError): boolean {
  return !isWithheld && (code === 'UPSTREAM_THROTTLED' || retryAfterMs !== undefined);
}
