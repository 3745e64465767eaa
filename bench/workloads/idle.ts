/** The memory of a server before its first client. */
import { metric } from '../harness/metrics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export async function idle({ server }: Testbed): Promise<WorkloadResult> {
  await sleep(2_000);
  const { rssBytes, heapBytes } = await server.memory();
  return {
    metrics: [metric('RSS', rssBytes / 2 ** 20, 'MB'), metric('heap after GC', heapBytes / 2 ** 20, 'MB')],
    faults: new Map(),
  };
}
