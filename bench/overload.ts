/** The suite of overload. */
import { startGateway } from './harness/servers.ts';
import type { Workload } from './harness/workload.ts';
import { overload } from './workloads/overload.ts';

export function overloadSuite(isQuick: boolean): readonly Workload[] {
  const settings = {
    perSecond: 200,
    stepMs: isQuick ? 2_000 : 4_000,
    overloadMs: isQuick ? 12_000 : 30_000,
    jobs: 300,
    keptConnections: 4_000,
  };
  const testbed = { start: startGateway, polling: { intervalMs: 2_000, callsPerSecond: 5 }, clientProcesses: 0 };
  return [
    {
      name: 'three times the peak, beside a busy neighbour',
      subject: 'waybill',
      settings,
      testbed,
      run: (built) => overload(built, settings),
    },
  ];
}
