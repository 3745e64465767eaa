/**
 * Limits the concurrent requests to one backend, and the number that wait.
 *
 * cockatiel's bulkhead (3.2.1) keeps the place of a request that has stopped waiting. It also moves the next request to
 * the end of the queue, or rejects it, if another one arrives at that moment.
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
  /** Max wait in the queue. */
  readonly waitMs: number;
  readonly onChange?: (load: BulkheadLoad) => void;
}

/** How `enter` ended: `full` if the queue was full, `late` after `waitMs` in the queue, `gone` if the signal fired. */
export type Entry = 'entered' | 'full' | 'gone' | 'late';

type Waiter = (entry: Entry) => void;

export class Bulkhead {
  readonly #options: BulkheadOptions;
  /** In the order of arrival. */
  readonly #waiters = new Set<Waiter>();
  #inFlight = 0;

  constructor(options: BulkheadOptions) {
    this.#options = options;
  }

  /** A caller that has `entered` must call `leave`. */
  async enter(signal: AbortSignal): Promise<Entry> {
    if (signal.aborted) return 'gone';
    if (this.#inFlight < this.#options.inFlight) {
      this.#inFlight += 1;
      this.#notify();
      return 'entered';
    }
    return this.#waiters.size < this.#options.queued ? this.#wait(signal) : 'full';
  }

  /** Lets in the request that has waited longest, before any new one. */
  leave(): void {
    const [next] = this.#waiters;
    if (next) next('entered');
    else this.#inFlight -= 1;
    this.#notify();
  }

  #wait(signal: AbortSignal): Promise<Entry> {
    const { clock, waitMs } = this.#options;
    return new Promise((resolve) => {
      const end: Waiter = (entry) => {
        cancel();
        stop();
        this.#waiters.delete(end);
        resolve(entry);
        this.#notify();
      };
      const cancel = clock.schedule(() => end('late'), waitMs);
      const stop = onAbort(signal, () => end('gone'));
      this.#waiters.add(end);
      this.#notify();
    });
  }

  #notify(): void {
    this.#options.onChange?.({ inFlight: this.#inFlight, queued: this.#waiters.size });
  }
}
