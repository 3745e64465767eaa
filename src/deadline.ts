/**
 * Signals that end work early.
 *
 * None of this uses `AbortSignal.any`: on Node 20 it refers to its sources weakly, so that a timeout among them is collected
 * as garbage and never fires (measured with 20.20.2: 0 of 20 did).
 */
import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';

/** A signal that fires with the first of `sources`, until it is released. */
export function following(...sources: readonly AbortSignal[]): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stops = sources.map((source) => onAbort(source, () => controller.abort(source.reason)));
  const release = (): void => {
    for (const stop of stops) stop();
  };
  return { signal: controller.signal, release };
}

/** A signal that fires with `source`, or after `ms` with a `TimeoutError`. It lets go of `source` by then. */
export function deadlineAfter(ms: number, source: AbortSignal, clock: Clock): AbortSignal {
  const controller = new AbortController();
  const cancel = clock.schedule(() => {
    stop();
    controller.abort(new DOMException(`${ms} ms have passed`, 'TimeoutError'));
  }, ms);
  const stop = onAbort(source, () => {
    cancel();
    controller.abort(source.reason);
  });
  return controller.signal;
}

/** `work`, unless `signal` fires first: then its reason, whether or not the work heeds it. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(signal.reason));
    work.then(resolve, reject).finally(stop);
  });
}

/**
 * Calls `listener` once `signal` fires, at once if it has; the function it returns prevents that. Hundreds of calls may wait
 * on the signal of one operation, which Node would take for a leak and say so on stderr. Nought would mean no limit as well,
 * but Node's own `getMaxListeners`, which undici calls, then throws (20.20.2).
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  setMaxListeners(Number.POSITIVE_INFINITY, signal);
  if (signal.aborted) listener();
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
