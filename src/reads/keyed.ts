/** Reads without a batch form, asked upstream once for all who ask the same in the same moment. */
import { orAborted } from '../base/deadline.ts';
import { SharedCall, type SharedCallOptions } from './call.ts';
import { GatheringWindow } from './window.ts';

/** Short: nothing but equal reads is gained by waiting, and an operation's many reads pass here few at a time. */
const quietMs = 1;

interface Gathered<Answer> {
  readonly window: GatheringWindow;
  readonly call: SharedCall<Answer>;
}

export class KeyedReads<Answer> {
  readonly #options: SharedCallOptions;
  readonly #reads = new Map<string, Gathered<Answer>>();

  constructor(options: SharedCallOptions) {
    this.#options = options;
  }

  /** How many reads are under way that could still be joined. */
  get size(): number {
    return this.#reads.size;
  }

  /** The answer of the read of `key` of this moment; of `read`, where there is none. */
  get(key: string, signal: AbortSignal, read: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const known = this.#reads.get(key);
    const { window, call } = known?.call.mayBeJoined ? known : this.#begin(key, read);
    window.extend();
    return call.wait(signal);
  }

  /** From here on nobody joins the read of `key` under way. */
  forget(key: string): void {
    this.#reads.delete(key);
  }

  /** As `forget`, of every key. */
  forgetAll(): void {
    this.#reads.clear();
  }

  #begin(key: string, read: (signal: AbortSignal) => Promise<Answer>): Gathered<Answer> {
    const window = new GatheringWindow(this.#options.clock, quietMs);
    const call = new SharedCall(this.#options, async (signal) => {
      await orAborted(window.closed, signal).finally(window.close);
      return read(signal);
    });
    const begun = { window, call };
    this.#reads.set(key, begun);
    call.whenOver(() => {
      if (this.#reads.get(key) === begun) this.#reads.delete(key);
    });
    return begun;
  }
}
