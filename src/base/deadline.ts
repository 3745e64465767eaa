/**
 * Combines abort signals and deadlines.
 *
 * Nothing here uses `AbortSignal.any`: on Node 20 it refers to its sources weakly, so that a timeout among them is
 * garbage collected and never fires (measured with 20.20.2: 0 of 20 fired).
 */
import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';

/** A signal that follows others until it is released. */
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
 * A signal that fires with `source`, or after `ms` with a `TimeoutError`; then it has released `source` and its timer.
 * If `source` never fires and `release` is not called, both stay referenced until `ms` have passed.
 */
export function deadlineAfter(ms: number, source: AbortSignal, clock: Clock): Following {
  const controller = new AbortController();
  const cancel = clock.schedule(() => {
    stop();
    controller.abort(timeoutError(ms));
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

export function timeoutError(ms: number): DOMException {
  return new DOMException(`${ms} ms have passed`, 'TimeoutError');
}

/** The result of `work`, or a rejection with the reason of `signal` if that fires first, even if the work ignores it. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(signal.reason));
    work.then(
      (result) => {
        stop();
        resolve(result);
      },
      (error: unknown) => {
        stop();
        reject(error);
      },
    );
  });
}

/** The result of `work`, or `otherwise` if it takes longer than `ms`. */
export async function within<T>(ms: number, work: Promise<T>, otherwise: T, clock: Clock): Promise<T> {
  let cancel = (): void => {};
  const late = new Promise<T>((resolve) => {
    cancel = clock.schedule(() => resolve(otherwise), ms);
  });
  return Promise.race([work, late]).finally(cancel);
}

/**
 * Calls `listener` once `signal` fires, at once if it has; the returned function prevents that. Hundreds of calls may
 * listen to the signal of one operation, which Node would report as a leak on stderr. 0 would also mean no limit, but
 * then Node's own `getMaxListeners`, which undici calls, throws (20.20.2).
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  setMaxListeners(Number.POSITIVE_INFINITY, signal);
  if (signal.aborted) listener();
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
