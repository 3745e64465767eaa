/** Measures the load of the process by the figures of V8 and the operating system. */
import {
  constants,
  monitorEventLoopDelay,
  type PerformanceEntry,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';

/** One sample. */
export interface Load {
  /** The delay of the event loop since the previous sample, at the 99th percentile. */
  readonly loopDelayMs: number;
  /** The share of the time since the previous sample in which the event loop was not idle. */
  readonly utilization: number;
  /** The used share of the memory that the process may have. */
  readonly memoryShare: number;
}

export interface LoadGauge {
  sample(): Load;
  stop(): void;
}

/** Measures the delay every 10 ms, so that the 99th percentile of a second is its longest block, or the second longest. */
export function systemGauge(): LoadGauge {
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  let heapShare = 0;
  let measured = performance.eventLoopUtilization();
  // Between two collections the heap holds much garbage. The share that the last full collection left is the one that
  // counts.
  const collections = new PerformanceObserver((list) => {
    if (list.getEntries().some(isFullCollection)) heapShare = oldHeapShare();
  });
  collections.observe({ entryTypes: ['gc'] });
  return {
    sample: () => {
      const loopDelayMs = delays.percentile(99) / 1e6;
      delays.reset();
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, measured);
      measured = now;
      return { loopDelayMs, utilization, memoryShare: Math.max(heapShare, residentShare()) };
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
 * V8's limit covers both generations, but the process ends when the old one is full. Three semi-spaces of 16 MiB, the
 * default, belong to the young one (measured with Node 20.20.2: with `--max-old-space-size=200` the limit is 248 MiB
 * and the process ends at 200).
 */
const youngBytes = 48 * 2 ** 20;

function oldHeapShare(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return (used - (young?.space_used_size ?? 0)) / (limit - youngBytes);
}

/** The share of the container's limit. Without a container the limit is 0, or more than any machine has. */
function residentShare(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? process.memoryUsage.rss() / allowed : 0;
}
