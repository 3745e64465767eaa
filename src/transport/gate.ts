/** Decides whether the gateway accepts new operations, and when an accepted one starts. Those under way always continue. */
import type { Clock } from '../base/clock.ts';
import { Turns } from '../base/turns.ts';
import type { RefusalReason } from '../limits/refusal.ts';
import type { MemoryMonitor } from './memory-monitor.ts';

export interface Refusal {
  readonly code: 'OVERLOADED' | 'SHUTTING_DOWN';
  /** What the refusal is counted as. */
  readonly countedAs: RefusalReason;
  readonly message: string;
  readonly retryAfterMs: number;
}

const overloaded: Refusal = {
  code: 'OVERLOADED',
  countedAs: 'overloaded',
  message: 'The gateway is overloaded. Try again later.',
  retryAfterMs: 5_000,
};

const shuttingDown: Refusal = {
  code: 'SHUTTING_DOWN',
  countedAs: 'shutting-down',
  message: 'The gateway is shutting down. Try again: another gateway, or its successor, will answer.',
  retryAfterMs: 1_000,
};

/**
 * Node accepts one connection in each iteration of its event loop (libuv since 1.45). Without slices, an iteration starts every
 * operation that has arrived: with 500 connections one took 100 ms, so that ten connections were accepted in a second, and 4,096
 * waited in the kernel's queue until their clients had gone. Each of those was still executed when its turn came, and at half the
 * peak rate the gateway never caught up (Node 20.20.2, three times the peak, two cores shared with two other programs).
 */
const starts = { sliceMs: 10, lateSliceMs: 1, perCheck: 1 };

/** A second is as long as a caller should wait: half of it before the start, half of it for the rest. */
const longestWaitMs = 500;

/**
 * As many may wait however long they do: to refuse them would help nobody. 32 clients that each read 100 jobs block the loop for
 * 400 ms, and all have their answers within half a second.
 */
const alwaysAdmitted = 64;

export class Gate {
  readonly #memory: MemoryMonitor;
  readonly #starts: Turns;
  #isClosed = false;

  constructor(memory: MemoryMonitor, clock: Clock) {
    this.#memory = memory;
    this.#starts = new Turns(clock.monotonicMs, starts);
  }

  /** The reason to refuse a new operation; undefined if it is admitted. */
  refusal(): Refusal | undefined {
    if (this.#isClosed) return shuttingDown;
    return this.#memory.isFull || this.#isLate() ? overloaded : undefined;
  }

  /** Resolves when an admitted operation may start; undefined if it may start now. */
  turn(): Promise<void> | undefined {
    return this.#starts.next();
  }

  /** Refuses every operation from now on. */
  close(): void {
    this.#isClosed = true;
    this.#memory.stop();
  }

  #isLate(): boolean {
    return this.#starts.waiting >= alwaysAdmitted && this.#starts.waitedMs > longestWaitMs;
  }
}
