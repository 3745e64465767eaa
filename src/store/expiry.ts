/** Deletes expired values from the store, in small batches that delay no other access. */
import type { Clock } from '../base/clock.ts';
import { deleteExpired } from './collection.ts';
import type { Store } from './store.ts';

const batchSize = 200;
const idleMs = 60_000;
const busyMs = 100;

/**
 * Starts the sweeps; the returned function stops them and waits for a running one. After an error of the store it tries
 * again later.
 */
export function startExpiry(store: Store, clock: Clock): () => Promise<void> {
  let sweep: Promise<void> = Promise.resolve();
  let cancel = (): void => {};
  let isStopped = false;
  const plan = (delayMs: number): void => {
    cancel = clock.schedule(() => {
      sweep = deleteExpired(store, clock.now(), batchSize).then(
        (deleted) => next(deleted === batchSize ? busyMs : idleMs),
        () => next(idleMs),
      );
    }, delayMs);
  };
  const next = (delayMs: number): void => {
    if (!isStopped) plan(delayMs);
  };
  plan(idleMs);
  return () => {
    isStopped = true;
    cancel();
    return sweep;
  };
}
