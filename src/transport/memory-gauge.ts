/** Measures the used share of the memory that the process may have, by the figures of V8 and the operating system. */
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';

export interface MemoryGauge {
  /** From 0 to 1. */
  usedShare(): number;
  stop(): void;
}

/** `nodeOptions` is the environment's `NODE_OPTIONS`. */
export function systemGauge(nodeOptions: string): MemoryGauge {
  const setMiB = oldSpaceMiB(`${nodeOptions} ${process.execArgv.join(' ')}`);
  let heapShare = 0;
  // Between two collections the heap holds much garbage. The share that the last full collection left is the one that
  // counts.
  const collections = new PerformanceObserver((list) => {
    if (list.getEntries().some(isFullCollection)) heapShare = oldHeapShare(setMiB);
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

/** What the options say of the old generation; undefined if nothing. Of several options V8 takes the last. Exported for tests. */
export function oldSpaceMiB(options: string): number | undefined {
  const [, size] = [...options.matchAll(/--max[-_]old[-_]space[-_]size[= ](\d+)/g)].at(-1) ?? [];
  return size === undefined ? undefined : Number(size);
}

/**
 * V8's limit covers both generations, but the process ends when the old one is full. The young one takes 3 to 192 MiB of it, by the
 * version and the memory of the machine: with 4 GiB or more and `--max-old-space-size=320` the limit is 368 MiB on Node 20.20.2 and 512 on
 * 24.21.0, and the process ends at 320 on both. Where no option says the size of the old generation, V8 derives both from the memory,
 * and the young one is at most 3/35 of the limit (measured with 256 MiB to 16 GiB).
 */
const mostYoungBytes = 192 * 2 ** 20;
const mostYoungShare = 3 / 35;

function oldHeapShare(setMiB: number | undefined): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  const oldBytes = setMiB === undefined ? limit - Math.min(mostYoungBytes, limit * mostYoungShare) : setMiB * 2 ** 20;
  return (used - (young?.space_used_size ?? 0)) / oldBytes;
}

/** The share of the container's limit. Without a container the limit is 0, or more than any machine has. */
function residentShare(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? process.memoryUsage.rss() / allowed : 0;
}
