/** Decides whether the gateway accepts new operations. Operations under way always continue. */
import type { Clock } from '../base/clock.ts';
import type { LoadMonitor } from './load-monitor.ts';
import { OperationsUnderWay } from './operations-under-way.ts';

export interface Refusal {
  readonly code: 'OVERLOADED' | 'SHUTTING_DOWN';
  readonly message: string;
  readonly retryAfterMs: number;
}

const overloaded: Refusal = {
  code: 'OVERLOADED',
  message: 'The gateway is overloaded. Try again later.',
  retryAfterMs: 5_000,
};

const shuttingDown: Refusal = {
  code: 'SHUTTING_DOWN',
  message: 'The gateway is shutting down. Try again: another gateway, or its successor, will answer.',
  retryAfterMs: 1_000,
};

/**
 * The gate admits this many operations however late the event loop is; to refuse them would help nobody. 32 clients
 * that each read 100 jobs block the loop for 400 ms, and all have their answers within half a second. A gate that
 * refused everybody while the loop was late answered 633 of them in 20 s and refused 12,054; without a gate 1,868 were
 * answered (Node 20.20.2, two cores shared with other work).
 */
const alwaysAdmitted = 64;

export class Gate {
  readonly #load: LoadMonitor;
  readonly #underWay: OperationsUnderWay;
  #isClosed = false;

  constructor(load: LoadMonitor, clock: Clock) {
    this.#load = load;
    this.#underWay = new OperationsUnderWay(clock);
  }

  /**
   * The reason to refuse a new operation; undefined if it is admitted. While the event loop is late, at most as many
   * operations are under way as end in one second, so that an admitted operation is answered in about a second. While
   * memory is full, every operation is refused.
   */
  refusal(): Refusal | undefined {
    if (this.#isClosed) return shuttingDown;
    if (!this.#load.isOverloaded) return undefined;
    const maxUnderWay = this.#load.isMemoryFull ? 0 : Math.max(alwaysAdmitted, this.#underWay.endedInASecond);
    return this.#underWay.count >= maxUnderWay ? overloaded : undefined;
  }

  /** Counts an admitted operation until the returned function is called. A stream counts only until its response begins. */
  begin(): () => void {
    return this.#underWay.begin();
  }

  /** Refuses every operation from now on. */
  close(): void {
    this.#isClosed = true;
    this.#load.stop();
  }
}
