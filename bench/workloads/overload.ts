/** Three times the gateway's peak rate on a busy machine: goodput, refusals and recovery. */
import { spawn } from 'node:child_process';
import { type Outcomes, sendAsCrowd } from '../harness/impatient-callers.ts';
import { type Metric, metric, percentile } from '../harness/metrics.ts';
import type { Testbed } from '../harness/testbed.ts';
import type { WorkloadResult } from '../harness/workload.ts';
import { faultsOf } from '../requests/load.ts';

export interface Overload {
  /** The first rate. */
  readonly perSecond: number;
  readonly stepMs: number;
  readonly overloadMs: number;
  readonly jobs: number;
  /** Of the load balancer. */
  readonly keptConnections: number;
}

/** The factor from one rate to the next. */
const growth = 1.4;
const maxSteps = 10;
const excess = 3;
const callersWaitMs = 2_000;
const goodMs = 1_000;
const recoveryMs = 5_000;

const document = 'query ($id: ID!) { node(id: $id) { ... on Job { state } } }';

export async function overload(testbed: Testbed, settings: Overload): Promise<WorkloadResult> {
  const { server, emulator } = testbed;
  const seeded = await emulator.seed({ dataExchange: settings.jobs, importExport: 0 });
  const bodies = seeded.map(({ id }) => JSON.stringify({ query: document, variables: { id } }));
  const send: Send = (perSecond, durationMs, maxConnections) =>
    sendAsCrowd({
      url: new URL(server.url),
      bodies,
      perSecond,
      durationMs,
      patienceMs: callersWaitMs,
      ...(maxConnections !== undefined && { maxConnections }),
    });
  const hog = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    await send(settings.perSecond, settings.stepMs);
    const peak = await peakOf(send, settings);
    const kept = await send(excess * peak, settings.overloadMs, settings.keptConnections);
    const crowd = await send(excess * peak, settings.overloadMs);
    const after = await send(peak / 2, recoveryMs);
    const metrics = [
      metric('peak', peak, 'ops/s'),
      ...metricsOf('over kept connections', kept, peak, settings.overloadMs),
      ...metricsOf('over a connection each', crowd, peak, settings.overloadMs),
      metric('half the peak right afterwards: answered', shareOf(after, (peak / 2) * (recoveryMs / 1_000)), 'x', {
        atLeast: 0.8,
      }),
    ];
    return { metrics, faults: faultsOf({ kept, crowd, after }) };
  } finally {
    hog.kill();
  }
}

type Send = (perSecond: number, durationMs: number, maxConnections?: number) => Promise<Outcomes>;

/** The highest rate of answers within a second, over increasing request rates until it falls behind. */
async function peakOf(send: Send, { perSecond, stepMs }: Overload): Promise<number> {
  let peak = 0;
  let rate = perSecond;
  for (let step = 0; step < maxSteps; step += 1) {
    const goodput = goodIn(await send(rate, stepMs)) / (stepMs / 1_000);
    peak = Math.max(peak, goodput);
    if (goodput < 0.9 * rate) break;
    rate *= growth;
  }
  return peak;
}

/** Within a second, as nobody likes to wait longer. */
function goodIn({ served }: Outcomes): number {
  return served.filter((tookMs) => tookMs <= goodMs).length;
}

function shareOf(outcomes: Outcomes, sent: number): number {
  return goodIn(outcomes) / sent;
}

function metricsOf(how: string, outcomes: Outcomes, peak: number, overloadMs: number): Metric[] {
  const { served, refused, givenUp, unsent, connections } = outcomes;
  const seconds = overloadMs / 1_000;
  return [
    metric(`${how}: answered within a second ÷ peak`, goodIn(outcomes) / seconds / peak, 'x', { atLeast: 0.8 }),
    metric(`${how}: answered, p99`, percentile(served, 0.99), 'ms'),
    metric(`${how}: refused with 503`, refused.length / seconds, '/s'),
    metric(`${how}: refused, p99`, percentile(refused, 0.99), 'ms'),
    metric(`${how}: gone after two seconds`, givenUp / seconds, '/s'),
    metric(`${how}: without a connection`, unsent / seconds, '/s'),
    metric(`${how}: connections`, connections, ''),
  ];
}
