/** Whether the process has more to do than it can, so that new work is better refused than half done. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Clock } from '../clock.ts';

export interface LoadLimits {
  /** The delay of the event loop, at the 99th percentile of a second. */
  readonly loopDelayMs: number;
  /** The part of the memory that the process may have. */
  readonly memoryShare: number;
}

export const defaultLoadLimits: LoadLimits = { loopDelayMs: 200, memoryShare: 0.85 };

const sampleMs = 1_000;

/**
 * So many samples in a row must be slow. One event that goes out to ten thousand readers takes a third of a second, and so do
 * a thousand that connect at once: that passes by itself, and to refuse them would only bring them back later.
 */
const slowSamples = 5;

/** What a sample found. */
export interface Load {
  readonly loopDelayMs: number;
  readonly memoryShare: number;
}

/** Looks once a second until it is stopped. */
export class LoadWatch {
  readonly #limits: LoadLimits;
  readonly #clock: Clock;
  readonly #delays: IntervalHistogram = monitorEventLoopDelay({ resolution: 10 });
  #slow = 0;
  #load: Load = { loopDelayMs: 0, memoryShare: 0 };
  #cancel: () => void;

  constructor(clock: Clock, limits: LoadLimits) {
    this.#limits = limits;
    this.#clock = clock;
    this.#delays.enable();
    this.#cancel = clock.schedule(this.#look, sampleMs);
  }

  get load(): Load {
    return this.#load;
  }

  get isOverloaded(): boolean {
    return this.#slow >= slowSamples || this.#load.memoryShare > this.#limits.memoryShare;
  }

  stop(): void {
    this.#cancel();
    this.#delays.disable();
  }

  readonly #look = (): void => {
    this.#cancel = this.#clock.schedule(this.#look, sampleMs);
    this.#load = { loopDelayMs: this.#delays.percentile(99) / 1e6, memoryShare: memoryShare() };
    this.#delays.reset();
    this.#slow = this.#load.loopDelayMs > this.#limits.loopDelayMs ? this.#slow + 1 : 0;
  };
}

/** Of the heap that V8 allows, or of what the machine or container allows the process, whichever is nearer. */
function memoryShare(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  const allowed = process.constrainedMemory();
  const resident = allowed > 0 ? process.memoryUsage.rss() / allowed : 0;
  return Math.max(used / limit, resident);
}
