/** One field with one call, at a steady rate and flat out: what a gateway adds to the time of the service. */
import { join } from 'node:path';
import { compared, type Metric, metric, percentile } from '../harness/metrics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { WorkerProcess } from '../harness/worker-process.ts';
import type { WorkloadResult } from '../harness/workload.ts';
import { gatewayCalls, serviceCalls } from '../requests/calls.ts';
import { type Call, faultsOf, type LoadCommand, type LoadReport } from '../requests/load.ts';

export interface Baseline {
  readonly perSecond: number;
  readonly steadyMs: number;
  readonly connections: number;
  readonly flatOutMs: number;
  readonly jobs: number;
}

/** The time until hot code is compiled. */
const warmUpMs = 3_000;

export async function baseline(testbed: Testbed, options: Baseline): Promise<WorkloadResult> {
  const callers = new WorkerProcess<LoadCommand, LoadReport>(
    join(import.meta.dirname, '..', 'requests', 'load-process.js'),
  );
  try {
    return await baselineWith(testbed, options, callers);
  } finally {
    callers.stop();
  }
}

async function baselineWith(
  { emulator, emulatorServer, server }: Testbed,
  { perSecond, steadyMs, connections, flatOutMs, jobs }: Baseline,
  callers: WorkerProcess<LoadCommand, LoadReport>,
): Promise<WorkloadResult> {
  const seeded = await emulator.seed({ dataExchange: jobs, importExport: 0 });
  const steadily = (url: string, calls: readonly Call[], durationMs: number) =>
    callers.ask({ do: 'steadily', origin: new URL(url).origin, calls, perSecond, durationMs });
  const viaService = await serviceCalls(emulatorServer.url, seeded);
  const viaGateway = gatewayCalls(server.url, seeded);
  await steadily(emulatorServer.url, viaService, warmUpMs);
  const service = await steadily(emulatorServer.url, viaService, steadyMs);
  await steadily(server.url, viaGateway, warmUpMs);
  await emulator.forgetRequests();
  const before = await server.memory();
  const steady = await steadily(server.url, viaGateway, steadyMs);
  const after = await server.memory();
  const calls = Object.values(await emulator.requests()).reduce((sum, count) => sum + count, 0);
  const origin = new URL(server.url).origin;
  const flatOut = await callers.ask({ do: 'flat out', origin, calls: viaGateway, connections, durationMs: flatOutMs });
  const cpuMs = (after.cpuMs - before.cpuMs) / steady.tookMs.length;
  return {
    metrics: [
      ...steadyMetrics(service, steady),
      compared(metric('CPU a request', cpuMs, 'ms'), 'less'),
      metric('calls to the service a request', calls / steady.tookMs.length, ''),
      ...flatOutMetrics(flatOut),
    ],
    faults: faultsOf({ 'the service itself': service, steady, 'flat out': flatOut }),
  };
}

function steadyMetrics(service: LoadReport, steady: LoadReport): readonly Metric[] {
  const over = (share: number): number => timeOf(steady, share) - timeOf(service, share);
  return [
    metric('requests answered', (1_000 * steady.tookMs.length) / steady.durationMs, '/s'),
    metric('requests that failed', failuresOf(steady), '', { atMost: 0 }),
    metric('the service itself, p50', timeOf(service, 0.5), 'ms'),
    metric('the service itself, p99', timeOf(service, 0.99), 'ms'),
    compared(metric('p50', timeOf(steady, 0.5), 'ms'), 'less'),
    compared(metric('p99', timeOf(steady, 0.99), 'ms'), 'less'),
    metric('p50 over that of the service', over(0.5), 'ms', { atMost: 5 }),
    metric('p99 over that of the service', over(0.99), 'ms', { atMost: 25 }),
  ];
}

function flatOutMetrics(flatOut: LoadReport): readonly Metric[] {
  return [
    compared(metric('most requests', (1_000 * flatOut.tookMs.length) / flatOut.durationMs, '/s'), 'more'),
    metric('of those, failed', failuresOf(flatOut), '', { atMost: 0 }),
    metric('flat out, p50', timeOf(flatOut, 0.5), 'ms'),
    metric('flat out, p99', timeOf(flatOut, 0.99), 'ms'),
  ];
}

function timeOf({ tookMs }: LoadReport, share: number): number {
  return percentile(tookMs, share) ?? Number.NaN;
}

function failuresOf({ failures }: LoadReport): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}
