/** Shares reads without a batch form: equal ones of the same moment make one call upstream. */
import { BatchWindow } from './batch-window.ts';
import { SharedCall, type SharedCallOptions } from './shared-call.ts';

/** Short: a wait can only bring equal reads, and the many reads of an operation arrive few at a time. */
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

  /** The answer of the joinable read of `key`, or of `read` where there is none. */
  get(key: string, signal: AbortSignal, read: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const known = this.#reads.get(key);
    const { window, call } = known?.call.isJoinable ? known : this.#begin(key, read);
    window.extend();
    return call.wait(signal);
  }

  /** From now on no request joins the read of `key` in flight. */
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
