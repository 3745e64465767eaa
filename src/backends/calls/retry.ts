/** Retries reads. No other layer retries after a failure of the service, and writes do not pass this one. */
import type { Clock } from '../../base/clock.ts';
import { onAbort } from '../../base/deadline.ts';
import { BackendError } from '../../model/errors.ts';
import type { CallTime } from './attempt.ts';
import { RetryBudget } from './retry-budget.ts';

const maxRetries = 2;
const baseMs = 100;
const capMs = 2_000;

/** Makes `attempt`, and retries it if its failure is retryable. Throws what the last attempt threw. */
export type Retry = <T>(call: CallTime, attempt: () => Promise<T>) => Promise<T>;

/** For one backend. Time and jitter come from `clock`. Calls `onRetry` before each retry. */
export function createRetry(clock: Clock, onRetry: () => void = () => {}): Retry {
  const budget = new RetryBudget(clock);
  return async (call, attempt) => {
    for (let retry = 0; ; retry += 1) {
      try {
        const answer = await attempt();
        if (retry === 0) budget.countCall();
        return answer;
      } catch (error) {
        // A request that the gateway withheld adds nothing to the budget.
        if (retry === 0 && !isWithheld(error)) budget.countCall();
        const waitMs = waitBefore(retry, error, clock);
        const isInTime = waitMs !== undefined && clock.monotonicMs() + waitMs < call.endsAt;
        if (!isInTime || call.purpose === 'poll' || call.signal.aborted || !budget.take()) throw error;
        onRetry();
        await pause(waitMs, call.signal, clock);
      }
    }
  };
}

/**
 * Milliseconds to wait before retry number `retry`, counted from 0; undefined if `error` is not retryable. Full jitter
 * (AWS Architecture Blog, "Exponential Backoff And Jitter") is added to `Retry-After`, so that callers who were refused
 * together do not return together.
 */
function waitBefore(retry: number, error: unknown, clock: Clock): number | undefined {
  if (retry >= maxRetries || !(error instanceof BackendError) || !error.retryable || isWithheld(error))
    return undefined;
  return (error.retryAfterMs ?? 0) + clock.random() * Math.min(capMs, baseMs * 2 ** retry);
}

function isWithheld(error: unknown): boolean {
  return error instanceof BackendError && error.isWithheld;
}

/** Ends early if `signal` fires; the next attempt then sends nothing and ends at once. */
export function pause(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      stop();
      resolve();
    };
    const cancel = clock.schedule(end, ms);
    const stop = onAbort(signal, end);
  });
}
