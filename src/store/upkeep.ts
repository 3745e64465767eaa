/** Keeps the store from growing: what is over is forgotten a little at a time, so that nobody waits for it. */
import type { Clock } from '../base/clock.ts';
import { forgetExpired } from './collection.ts';
import type { Store } from './store.ts';

const perTurn = 200;
const idleMs = 60_000;
const busyMs = 100;

/** Begins; the function it gives ends it and waits for the turn that is running. A store that fails is tried again later. */
export function startUpkeep(store: Store, clock: Clock): () => Promise<void> {
  let turn: Promise<void> = Promise.resolve();
  let cancel = (): void => {};
  let isStopped = false;
  const plan = (delayMs: number): void => {
    cancel = clock.schedule(() => {
      turn = forgetExpired(store, clock.now(), perTurn).then(
        (forgotten) => next(forgotten === perTurn ? busyMs : idleMs),
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
    return turn;
  };
}
