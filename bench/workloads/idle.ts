/** What a server holds before anyone has come. */
import { metric } from '../harness/metrics.ts';
import { sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';
import type { World } from '../harness/world.ts';

export async function idle({ server }: World): Promise<WorkloadResult> {
  await sleep(2_000);
  const { rssBytes, heapBytes } = await server.memory();
  return {
    metrics: [metric('RSS', rssBytes / 2 ** 20, 'MB'), metric('heap after GC', heapBytes / 2 ** 20, 'MB')],
    faults: new Map(),
  };
}
