/** How much the process has to do at the moment: what V8 and the operating system say of it. */
import { constants, monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';

/** What a look found. */
export interface Load {
  /** The delay of the event loop since the look before, at the 99th percentile. */
  readonly loopDelayMs: number;
  /** The part in use of the memory that the process may have. */
  readonly memoryShare: number;
}

export interface LoadGauge {
  look(): Load;
  stop(): void;
}

/** The delay is sampled every ten milliseconds, so that the 99th percentile of a second is its longest block, or the next longest. */
export function systemGauge(): LoadGauge {
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  let heapShare = 0;
  // Between two collections the heap is full of what nobody needs any more: what was left by the last one counts.
  const collections = new PerformanceObserver((list) => {
    if (list.getEntries().some(isFullCollection)) heapShare = oldHeapShare();
  });
  collections.observe({ entryTypes: ['gc'] });
  return {
    look: () => {
      const loopDelayMs = delays.percentile(99) / 1e6;
      delays.reset();
      return { loopDelayMs, memoryShare: Math.max(heapShare, residentShare()) };
    },
    stop: () => {
      delays.disable();
      collections.disconnect();
    },
  };
}

function isFullCollection(entry: PerformanceEntry & { readonly detail?: { readonly kind?: number } }): boolean {
  return entry.detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

/**
 * V8's limit is that of both generations, and a process ends when only the old one is full: three semi-spaces of 16 MiB, the
 * default, are the young one's (measured with Node 20.20.2: at `--max-old-space-size=200` the limit is 248 MiB, the end at 200).
 */
const youngBytes = 48 * 2 ** 20;

function oldHeapShare(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return (used - (young?.space_used_size ?? 0)) / (limit - youngBytes);
}

/** Of what the container allows the process. Where there is none, that is 0, or more than any machine has. */
function residentShare(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? process.memoryUsage.rss() / allowed : 0;
}
