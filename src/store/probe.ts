/** Checks that a store takes writes by making one, within a second. */
import type { Clock } from '../base/clock.ts';
import { within } from '../base/deadline.ts';
import type { Store } from './store.ts';

/** A store that takes longer counts as unavailable. */
const probeMs = 1_000;

export class Probe {
  readonly #store: Pick<Store, 'write'>;
  readonly #clock: Clock;
  #running: Promise<boolean> | undefined;

  constructor(store: Pick<Store, 'write'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Concurrent calls share one probe. */
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
