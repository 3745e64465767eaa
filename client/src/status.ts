/** What a page may say of its connection. */

/**
 * `connecting`: not connected yet. `live`: what is shown is what the gateway knows. `catching-up`: connected again, and
 * what was missed is arriving. `reconnecting`: the connection is lost. `offline`: lost, and the browser says that there
 * is no network. `stale`: connected, but the gateway cannot read some of the jobs at the moment.
 */
export type ConnectionStatus = 'connecting' | 'live' | 'catching-up' | 'reconnecting' | 'offline' | 'stale';

/** A value with listeners, in the form that React's `useSyncExternalStore` takes. */
export interface Observable<T> {
  /** Calls `listener` after each change, until the returned function is called. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => T;
}

/** Calls its listeners when its value has changed. */
export class Observed<T> implements Observable<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    // A listener may subscribe twice, and each subscription ends by itself.
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  };

  readonly getSnapshot = (): T => this.#value;

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }
}
