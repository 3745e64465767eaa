import type { Clock } from '../base/clock.ts';

/** Resolves after `delayMs` of the clock's time; rejects with the signal's reason if that is aborted first. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.schedule(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Keeps waiting Requests referenced. Undici connects a Request's signal to the caller's by a weak reference, so without
 * this a wait for the abort could be garbage collected and never end.
 */
const waiting = new Set<Request>();

/** Never resolves; rejects with the reason when the request is aborted. */
export function untilAborted(request: Request): Promise<never> {
  waiting.add(request);
  return new Promise((_, reject) => {
    const onAbort = () => {
      waiting.delete(request);
      reject(request.signal.reason);
    };
    if (request.signal.aborted) onAbort();
    else request.signal.addEventListener('abort', onAbort, { once: true });
  });
}
