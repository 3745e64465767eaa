/**
 * One service stops answering under ten times its usual traffic: the effect on callers of the other, and the errors of
 * its own.
 */
import { join } from 'node:path';
import type { SeededJob } from '../harness/emulator-control.ts';
import { type Metric, metric, percentile } from '../harness/metrics.ts';
import { type Answered, readFor, readSteadily } from '../harness/operations.ts';
import type { ReadCommand } from '../harness/reading-process.ts';
import type { Testbed } from '../harness/testbed.ts';
import { reached, sleep } from '../harness/waiting.ts';
import { WorkerProcess } from '../harness/worker-process.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export interface Isolation {
  readonly down: SeededJob['service'];
  /** The usual traffic of each service. */
  readonly perSecond: number;
  readonly phaseMs: number;
  readonly jobs: number;
}

const surge = 10;
/** An operation that was sent although the breaker was open waited as long as one attempt may take. */
const attemptMs = 3_000;
const recoveryLimitMs = 30_000;

export async function isolation(testbed: Testbed, settings: Isolation): Promise<WorkloadResult> {
  const { server, emulator } = testbed;
  const { down, perSecond, phaseMs } = settings;
  const seeded = await emulator.seed({ dataExchange: settings.jobs, importExport: settings.jobs });
  const idsOf = (isDown: boolean) => seeded.filter(({ service }) => (service === down) === isDown).map(({ id }) => id);
  const [dead, alive] = [idsOf(true), idsOf(false)];
  const [ownCallers, otherCallers] = [callers(), callers()];
  const both = async (times: number) => {
    const common = { url: server.url, ms: phaseMs };
    const [own, other] = await Promise.all([
      ownCallers.ask({ ...common, ids: dead, perSecond: perSecond * times }),
      otherCallers.ask({ ...common, ids: alive, perSecond }),
    ]);
    return { other, own };
  };
  await both(1);
  const busy = await both(surge);
  // Last, so that the breaker's window has usual traffic.
  const baseline = await both(1);
  await emulator.fail(`${down === 'DATA_EXCHANGE' ? 'DataExchange' : 'ImportExport'}.*`, 1_000_000, { never: true });
  await emulator.forgetRequests();
  const outage = await both(surge);
  for (const each of [ownCallers, otherCallers]) each.stop();
  const calls = await callsTo(testbed, down);
  const recoveryMs = await recovery(testbed, dead, perSecond);
  const total = await totalOutage(testbed, settings, dead, alive);
  return {
    metrics: [
      ...otherMetrics(baseline.other, busy.other, outage.other),
      ...ownMetrics(outage.own),
      metric('the silent: calls an operation', calls / outage.own.length, 'calls', { atMost: 1.1 }),
      metric('the silent: serves again after healing', recoveryMs, 'ms', { atMost: 10_000 }),
      metric('both fail with 503: calls an operation', total, 'calls', { atMost: 1.1 }),
    ],
    faults: new Map(),
  };
}

function callers(): WorkerProcess<ReadCommand, readonly Answered[]> {
  return new WorkerProcess(join(import.meta.dirname, '..', 'harness', 'reading-process.js'));
}

function otherMetrics(baseline: readonly Answered[], busy: readonly Answered[], outage: readonly Answered[]): Metric[] {
  const p99 = (answered: readonly Answered[]) => percentile(timesOf(answered), 0.99) ?? Number.NaN;
  const errors = outage.filter(({ code }) => code !== undefined).length;
  return [
    metric('the other: errors', (100 * errors) / outage.length, '%', { atMost: 0 }),
    metric('the other: p99 usually', p99(baseline), 'ms'),
    metric('the other: p99 beside ten times as much that is answered', p99(busy), 'ms'),
    metric('the other: p99 beside ten times as much that is not', p99(outage), 'ms'),
    metric('the other: p99, outage ÷ usual', p99(outage) / p99(baseline), 'x', { atMost: 1.2 }),
  ];
}

/** The breaker was open from its first own answer. */
function ownMetrics(outage: readonly Answered[]): Metric[] {
  const isByBreaker = ({ code, hasRetryAfter }: Answered): boolean => code === 'UPSTREAM_UNAVAILABLE' && hasRetryAfter;
  const openAt = Math.min(...outage.filter(isByBreaker).map(({ startedAt, tookMs }) => startedAt + tookMs));
  const before = outage.filter(({ startedAt }) => startedAt < openAt);
  const open = outage.filter(({ startedAt }) => startedAt >= openAt);
  const after = open.filter(({ tookMs }) => tookMs < attemptMs);
  const probes = open.filter(({ tookMs }) => tookMs >= attemptMs);
  return [
    metric('the silent: before the breaker opens, 9 of 10', percentile(timesOf(before), 0.9), 'ms', { atMost: 3_200 }),
    metric('the silent: before the breaker opens, longest', percentile(timesOf(before), 1), 'ms', { atMost: 8_200 }),
    metric('the silent: once it is open, p50', percentile(timesOf(after), 0.5), 'ms'),
    metric('the silent: once it is open, p99', percentile(timesOf(after), 0.99), 'ms', { atMost: 20 }),
    metric('the silent: operations that waited for a probe', probes.length, 'ops'),
  ];
}

function timesOf(answered: readonly Answered[]): number[] {
  return answered.map(({ tookMs }) => tookMs);
}

async function callsTo({ emulator }: Testbed, service?: SeededJob['service']): Promise<number> {
  const prefix = service === undefined ? '' : service === 'DATA_EXCHANGE' ? 'DataExchange.' : 'ImportExport.';
  const counts = Object.entries(await emulator.requests());
  return counts.filter(([name]) => name.startsWith(prefix)).reduce((sum, [, count]) => sum + count, 0);
}

/** The time until ten operations in a row are answered, with the usual traffic. Null if that never happens. */
async function recovery(
  { server, emulator }: Testbed,
  ids: readonly string[],
  perSecond: number,
): Promise<number | null> {
  const stream = readSteadily(server.url, ids, perSecond);
  await emulator.heal();
  const healedAt = performance.now();
  const isBack = async (): Promise<boolean> => {
    const last = stream.answered.slice(-10);
    return last.length === 10 && last.every(({ code }) => code === undefined);
  };
  const hasRecovered = await reached(isBack, recoveryLimitMs, 50);
  const tookMs = performance.now() - healedAt;
  await stream.stop();
  return hasRecovered ? tookMs : null;
}

/** Calls per operation while both services fail at once. */
async function totalOutage(
  testbed: Testbed,
  settings: Isolation,
  ...ids: readonly (readonly string[])[]
): Promise<number> {
  await sleep(1_000);
  await testbed.emulator.fail('*', 1_000_000, { status: 503 });
  await testbed.emulator.forgetRequests();
  const { perSecond, phaseMs } = settings;
  const answered = await Promise.all(ids.map((each) => readFor(testbed.server.url, each, perSecond, phaseMs)));
  await testbed.emulator.heal();
  return (await callsTo(testbed)) / answered.flat().length;
}
