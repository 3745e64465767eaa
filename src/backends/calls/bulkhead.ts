/**
 * How many requests one backend is sent at once, and how many wait for their turn.
 *
 * Ours because cockatiel's (3.2.1) keeps the place of whoever has stopped waiting, and sends whose turn has come to the end of
 * the queue, or away, if another comes in that moment.
 */
import type { Clock } from '../../base/clock.ts';
import { onAbort } from '../../base/deadline.ts';

export interface BulkheadLoad {
  readonly inFlight: number;
  readonly queued: number;
}

export interface BulkheadOptions {
  readonly clock: Clock;
  readonly inFlight: number;
  readonly queued: number;
  /** A place in the queue is kept this long. */
  readonly waitMs: number;
  readonly onChange?: (load: BulkheadLoad) => void;
}

/** How the wait for a turn ended: with the turn, or `full` at once, `late` after `waitMs`, `gone` with its signal. */
export type Entry = 'entered' | 'full' | 'gone' | 'late';

type Waiter = (entry: Entry) => void;

export class Bulkhead {
  readonly #options: BulkheadOptions;
  /** In the order in which they came. */
  readonly #waiters = new Set<Waiter>();
  #inFlight = 0;

  constructor(options: BulkheadOptions) {
    this.#options = options;
  }

  /** Whoever has `entered` must call `leave`. */
  async enter(signal: AbortSignal): Promise<Entry> {
    if (signal.aborted) return 'gone';
    if (this.#inFlight < this.#options.inFlight) {
      this.#inFlight += 1;
      this.#tell();
      return 'entered';
    }
    return this.#waiters.size < this.#options.queued ? this.#wait(signal) : 'full';
  }

  /** The turn passes to who has waited longest, before anybody who comes now. */
  leave(): void {
    const [next] = this.#waiters;
    if (next) next('entered');
    else this.#inFlight -= 1;
    this.#tell();
  }

  #wait(signal: AbortSignal): Promise<Entry> {
    const { clock, waitMs } = this.#options;
    return new Promise((resolve) => {
      const end: Waiter = (entry) => {
        cancel();
        stop();
        this.#waiters.delete(end);
        resolve(entry);
        this.#tell();
      };
      const cancel = clock.schedule(() => end('late'), waitMs);
      const stop = onAbort(signal, () => end('gone'));
      this.#waiters.add(end);
      this.#tell();
    });
  }

  #tell(): void {
    this.#options.onChange?.({ inFlight: this.#inFlight, queued: this.#waiters.size });
  }
}
