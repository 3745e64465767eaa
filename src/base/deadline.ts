/**
 * Signals that end work early.
 *
 * None of this uses `AbortSignal.any`: on Node 20 it refers to its sources weakly, so that a timeout among them is collected
 * as garbage and never fires (measured with 20.20.2: 0 of 20 did).
 */
import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';

/** A signal that fires on account of something else until it is released. */
export interface Following {
  readonly signal: AbortSignal;
  release(): void;
}

/** A signal that fires with the first of `sources`. */
export function following(...sources: readonly AbortSignal[]): Following {
  const controller = new AbortController();
  const stops = sources.map((source) => onAbort(source, () => controller.abort(source.reason)));
  const release = (): void => {
    for (const stop of stops) stop();
  };
  return { signal: controller.signal, release };
}

/**
 * A signal that fires with `source`, or after `ms` with a `TimeoutError`. By then it has let go of `source`, and of its timer:
 * whoever neither aborts `source` nor releases it when the work is done keeps both until `ms` have passed.
 */
export function deadlineAfter(ms: number, source: AbortSignal, clock: Clock): Following {
  const controller = new AbortController();
  const cancel = clock.schedule(() => {
    stop();
    controller.abort(new DOMException(`${ms} ms have passed`, 'TimeoutError'));
  }, ms);
  const stop = onAbort(source, () => {
    cancel();
    controller.abort(source.reason);
  });
  const release = (): void => {
    cancel();
    stop();
  };
  return { signal: controller.signal, release };
}

/** `work`, unless `signal` fires first: then its reason, even where the work ignores it. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(signal.reason));
    work.then(resolve, reject).finally(stop);
  });
}

/** `work`, or `otherwise` where it is longer in coming than `ms`. */
export async function within<T>(ms: number, work: Promise<T>, otherwise: T, clock: Clock): Promise<T> {
  let cancel = (): void => {};
  const late = new Promise<T>((resolve) => {
    cancel = clock.schedule(() => resolve(otherwise), ms);
  });
  return Promise.race([work, late]).finally(cancel);
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
