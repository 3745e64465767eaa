import type { LoadGauge } from '../../src/transport/load-gauge.ts';

/** Says that there is little to do: a gateway that shares its process with a test is not to answer for what the test does. */
export const idleGauge: LoadGauge = { look: () => ({ loopDelayMs: 0, memoryShare: 0 }), stop: () => {} };
