import type { LoadGauge } from '../../src/transport/load-gauge.ts';

/**
 * Reports an idle process, since a gateway that shares its process with a test must not refuse work because of the
 * test's load.
 */
export const idleGauge: LoadGauge = {
  sample: () => ({ loopDelayMs: 0, utilization: 0, memoryShare: 0 }),
  stop: () => {},
};
