/** The time from the start of the program until it listens, and of its first request; what both take of the processor and of memory. */
import { compared, metric, percentile } from '../harness/metrics.ts';
import { startGateway } from '../harness/servers.ts';
import type { Testbed } from '../harness/testbed.ts';
import type { WorkloadResult } from '../harness/workload.ts';
import { gatewayCalls } from '../requests/calls.ts';

export interface ColdStart {
  readonly starts: number;
}

export async function coldStart(testbed: Testbed, { starts }: ColdStart): Promise<WorkloadResult> {
  const jobs = await testbed.emulator.seed({ dataExchange: 1, importExport: 0 });
  const ask = async (url: string): Promise<number> => {
    const [call] = gatewayCalls(url, jobs);
    const startedAt = performance.now();
    const response = await fetch(url, { ...call });
    const text = await response.text();
    if (!text.includes('"state":"WAITING"')) throw new Error(`expected the state of a job, received ${text}`);
    return performance.now() - startedAt;
  };
  // The client's first request is slower than later ones.
  await ask(testbed.server.url);
  const startMs: number[] = [];
  const firstMs: number[] = [];
  const cpuMs: number[] = [];
  const memoryMb: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const startedAt = performance.now();
    const server = await startGateway(testbed.emulatorServer.url, testbed.polling);
    startMs.push(performance.now() - startedAt);
    firstMs.push(await ask(server.url));
    cpuMs.push(await server.cpuMs());
    memoryMb.push(server.rssBytes() / 1_048_576);
    await server.stop();
  }
  return {
    metrics: [
      metric('starts', starts, ''),
      compared(metric('listens after, median', percentile(startMs, 0.5), 'ms'), 'less'),
      metric('listens after, slowest', percentile(startMs, 1), 'ms', { atMost: 2_000 }),
      compared(metric('first request, median', percentile(firstMs, 0.5), 'ms'), 'less'),
      compared(metric('CPU until it is answered, median', percentile(cpuMs, 0.5), 'ms'), 'less'),
      compared(metric('resident memory then, median', percentile(memoryMb, 0.5), 'MB'), 'less'),
      metric('first request, slowest', percentile(firstMs, 1), 'ms', { atMost: 100 }),
    ],
    faults: new Map(),
  };
}
