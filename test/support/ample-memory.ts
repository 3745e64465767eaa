import type { MemoryGauge } from '../../src/transport/memory-gauge.ts';

/** A gateway that shares its process with a test must not refuse work because of the test's memory. */
export const ampleMemory: MemoryGauge = { usedShare: () => 0, stop: () => {} };
