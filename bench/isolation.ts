/** The suite of failing services: each of the two stops answering in turn. */
import { startGateway } from './harness/servers.ts';
import type { Workload } from './harness/workload.ts';
import { isolation } from './workloads/isolation.ts';

export function isolationSuite(isQuick: boolean): readonly Workload[] {
  const size = { perSecond: 20, phaseMs: isQuick ? 12_000 : 60_000, jobs: 300 };
  const testbed = { start: startGateway, polling: { intervalMs: 2_000, callsPerSecond: 5 }, clientProcesses: 0 };
  return (['IMPORT_EXPORT', 'DATA_EXCHANGE'] as const).map((down) => ({
    name: 'one service silent',
    subject: `${down} is silent`,
    settings: { ...size, down },
    testbed,
    run: (built) => isolation(built, { ...size, down }),
  }));
}
