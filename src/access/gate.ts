/** Whether new work is taken on at the moment. What is under way goes on in any case. */
import type { LoadWatch } from './load-watch.ts';

export interface Refusal {
  readonly code: 'OVERLOADED' | 'SHUTTING_DOWN';
  readonly message: string;
  readonly retryAfterMs: number;
}

const overloaded: Refusal = {
  code: 'OVERLOADED',
  message: 'The gateway has more to do than it can. Ask again later.',
  retryAfterMs: 5_000,
};

const shuttingDown: Refusal = {
  code: 'SHUTTING_DOWN',
  message: 'The gateway is shutting down. Ask again: another, or its successor, will answer.',
  retryAfterMs: 1_000,
};

export class Gate {
  readonly #load: LoadWatch;
  #isClosed = false;

  constructor(load: LoadWatch) {
    this.#load = load;
  }

  /** Why nothing new is taken on; undefined while it is. */
  refusal(): Refusal | undefined {
    if (this.#isClosed) return shuttingDown;
    return this.#load.isOverloaded ? overloaded : undefined;
  }

  /** For good. */
  close(): void {
    this.#isClosed = true;
    this.#load.stop();
  }
}
