/** Shares reads that have no batch form: equal reads of the same moment make one upstream call. */
import { BatchWindow } from './batch-window.ts';
import { SharedCall, type SharedCallOptions } from './shared-call.ts';

/** Short, because only equal reads can join, and the reads of one operation arrive a few at a time. */
const quietMs = 1;

interface KeyedRead<Answer> {
  readonly window: BatchWindow;
  readonly call: SharedCall<Answer>;
}

export class KeyedReads<Answer> {
  readonly #options: SharedCallOptions;
  readonly #reads = new Map<string, KeyedRead<Answer>>();

  constructor(options: SharedCallOptions) {
    this.#options = options;
  }

  /** The number of reads that can be joined. */
  get size(): number {
    return this.#reads.size;
  }

  /** Joins the read of `key` in flight, or starts `read` if there is none to join. */
  get(key: string, signal: AbortSignal, read: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const known = this.#reads.get(key);
    const { window, call } = known?.call.isJoinable ? known : this.#begin(key, read);
    window.extend();
    return call.wait(signal);
  }

  /** Later requests do not join the read of `key` in flight. */
  forget(key: string): void {
    this.#reads.delete(key);
  }

  /** As `forget`, for every key. */
  forgetAll(): void {
    this.#reads.clear();
  }

  #begin(key: string, read: (signal: AbortSignal) => Promise<Answer>): KeyedRead<Answer> {
    const window = new BatchWindow(this.#options.clock, quietMs);
    const call = new SharedCall(this.#options, async (signal) => {
      await window.closed;
      signal.throwIfAborted();
      return read(signal);
    });
    const begun = { window, call };
    this.#reads.set(key, begun);
    call.onEnd(() => {
      window.close();
      if (this.#reads.get(key) === begun) this.#reads.delete(key);
    });
    return begun;
  }
}
