/** Measures the used share of the memory that the process may have, by the figures of V8 and the operating system. */
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';

export interface MemoryGauge {
  /** From 0 to 1. */
  usedShare(): number;
  stop(): void;
}

export function systemGauge(): MemoryGauge {
  let heapShare = 0;
  // Between two collections the heap holds much garbage. The share that the last full collection left is the one that
  // counts.
  const collections = new PerformanceObserver((list) => {
    if (list.getEntries().some(isFullCollection)) heapShare = oldHeapShare();
  });
  collections.observe({ entryTypes: ['gc'] });
  return {
    usedShare: () => Math.max(heapShare, residentShare()),
    stop: () => collections.disconnect(),
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
