/** Whether a store takes writes, found out by making one that nobody waits for longer than a second. */
import type { Clock } from '../base/clock.ts';
import { within } from '../base/deadline.ts';
import type { Store } from './store.ts';

/** A store that does not answer by then is as good as none. */
const probeMs = 1_000;

export class Probe {
  readonly #store: Pick<Store, 'write'>;
  readonly #clock: Clock;
  #running: Promise<boolean> | undefined;

  constructor(store: Pick<Store, 'write'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Those who ask at the same time share one probe. */
  isAnswered(): Promise<boolean> {
    this.#running ??= this.#probed().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #probed(): Promise<boolean> {
    const probe = { collection: 'probe', key: 'last', value: this.#clock.now() };
    const written = this.#store.write([probe], 'lazy').then(
      () => true,
      () => false,
    );
    return within(probeMs, written, false, this.#clock);
  }
}
