/** Three times the gateway's peak rate on a busy machine: goodput, refusals and recovery. */
import { spawn } from 'node:child_process';
import { type Metric, metric, percentile } from '../harness/metrics.ts';
import { type Answered, readFor, readSteadily } from '../harness/operations.ts';
import type { Testbed } from '../harness/testbed.ts';
import { reached } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export interface Overload {
  /** The first rate. */
  readonly perSecond: number;
  readonly stepMs: number;
  readonly overloadMs: number;
  readonly jobs: number;
}

/** The factor from one rate to the next. */
const growth = 1.5;
const maxSteps = 7;
const excess = 3;
const recoveryLimitMs = 30_000;

export async function overload(testbed: Testbed, settings: Overload): Promise<WorkloadResult> {
  const { server, emulator } = testbed;
  const seeded = await emulator.seed({ dataExchange: settings.jobs, importExport: 0 });
  const ids = seeded.map(({ id }) => id);
  const hog = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    await readFor(server.url, ids, settings.perSecond, settings.stepMs);
    const peak = await peakOf(server.url, ids, settings);
    const answered = await readFor(server.url, ids, excess * peak, settings.overloadMs);
    hog.kill();
    const recoveryMs = await recovery(server.url, ids, peak / 2);
    return { metrics: metricsOf(peak, answered, settings, recoveryMs), faults: countsOf(answered) };
  } finally {
    hog.kill();
  }
}

/** The highest rate of answers within a second, over increasing request rates until it falls behind. */
async function peakOf(url: string, ids: readonly string[], { perSecond, stepMs }: Overload): Promise<number> {
  let peak = 0;
  let rate = perSecond;
  for (let step = 0; step < maxSteps; step += 1) {
    const answered = await readFor(url, ids, rate, stepMs);
    const goodput = (answered.filter(isGood).length * 1_000) / stepMs;
    peak = Math.max(peak, goodput);
    if (goodput < 0.9 * rate) break;
    rate *= growth;
  }
  return peak;
}

const patienceMs = 1_000;

function isGood({ code, tookMs }: Answered): boolean {
  return code === undefined && tookMs <= patienceMs;
}

function metricsOf(
  peak: number,
  answered: readonly Answered[],
  { overloadMs }: Overload,
  recoveryMs: number | null,
): Metric[] {
  const served = answered.filter(({ code }) => code === undefined);
  const refused = answered.filter(({ code }) => code === 'OVERLOADED');
  const goodput = (answered.filter(isGood).length * 1_000) / overloadMs;
  return [
    metric('peak', peak, 'ops/s'),
    metric('at three times the peak: answered within a second', goodput, 'ops/s'),
    metric('the same ÷ peak', goodput / peak, 'x', { atLeast: 0.8 }),
    metric('refused with OVERLOADED', (100 * refused.length) / answered.length, '%'),
    metric(
      'served: p99',
      percentile(
        served.map(({ tookMs }) => tookMs),
        0.99,
      ),
      'ms',
    ),
    metric(
      'refused: p99',
      percentile(
        refused.map(({ tookMs }) => tookMs),
        0.99,
      ),
      'ms',
    ),
    metric('serves again afterwards', recoveryMs, 'ms', { atMost: 5_000 }),
  ];
}

function countsOf(answered: readonly Answered[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { code } of answered) if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

/** The time until twenty operations in a row are answered. Null if that never happens. */
async function recovery(url: string, ids: readonly string[], perSecond: number): Promise<number | null> {
  const startedAt = performance.now();
  const stream = readSteadily(url, ids, perSecond);
  const isBack = async (): Promise<boolean> => {
    const last = stream.answered.slice(-20);
    return last.length === 20 && last.every(isGood);
  };
  const hasRecovered = await reached(isBack, recoveryLimitMs, 50);
  const tookMs = performance.now() - startedAt;
  await stream.stop();
  return hasRecovered ? tookMs : null;
}
