/** The metrics of a soak. */
import { type Metric, metric } from '../harness/metrics.ts';
import type { Soak } from '../workloads/soak.ts';
import { phasesOf } from './phases.ts';
import { overdueMs, type RequestReport } from './request-figures.ts';
import { type Sample, slopeOf } from './vitals-series.ts';
import type { WatchersReport } from './watchers-process.ts';

export interface SoakFigures {
  readonly options: Pick<Soak, 'durationMs'>;
  readonly answered: RequestReport;
  readonly watched: WatchersReport;
  /** Under load, in order. */
  readonly samples: readonly Sample[];
  /** With all clients connected and no requests, before and after the load. */
  readonly before: Sample;
  readonly after: Sample;
  readonly exit: { readonly code: number | null; readonly tookMs: number } | undefined;
  readonly moves: number;
  readonly faults: number;
  readonly blackOuts: number;
}

const none = { atMost: 0 };
const few = { atMost: 5 };

export function soakMetrics(figures: SoakFigures): readonly Metric[] {
  const { faults, blackOuts } = figures;
  return [
    metric('faults ordered at the services', faults, ''),
    metric('black-outs of a service', blackOuts, ''),
    ...requestMetrics(figures),
    ...watcherMetrics(figures),
    ...memoryMetrics(figures),
    ...restMetrics(figures),
    metric('load average, most of any sample', most(figures.samples, 'load'), ''),
    ...exitMetrics(figures),
  ];
}

function requestMetrics({ answered, before, after }: SoakFigures): readonly Metric[] {
  const { sent, outcomes, calmRefusals } = answered;
  const byCount = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
  const refusedInCalm = Object.values(calmRefusals).reduce((sum, count) => sum + count, 0);
  return [
    metric('requests sent', sent, ''),
    metric('requests sent', (1_000 * sent) / answered.sendingMs, '/s'),
    metric('requests held back', answered.heldBack, ''),
    ...byCount.map(([outcome, count]) => metric(`outcome: ${outcome}`, count, '')),
    metric('requests without an answer', answered.unanswered + answered.pending, '', none),
    metric('invalid requests that were not refused', answered.wronglyAnswered, '', none),
    metric('internal errors', answered.internal, '', none),
    metric('valid requests refused in the calm', refusedInCalm, '', none),
    metric(`operations pending over ${overdueMs / 1_000} s`, answered.overdue + answered.pending, '', none),
    metric('connections turned away by the kernel', difference(before, after, 'droppedConnections'), ''),
    metric('slowest', answered.slowestMs, 'ms'),
    metric('request p50', answered.p50Ms, 'ms'),
    metric('request p99', answered.p99Ms, 'ms'),
    metric('request p50 in the calm', answered.calmP50Ms, 'ms'),
    metric('request p99 in the calm', answered.calmP99Ms, 'ms'),
  ];
}

function watcherMetrics({ watched: { cuts, changes, verdict }, moves }: SoakFigures): readonly Metric[] {
  return [
    metric('moves of watched jobs', moves, ''),
    metric('changes that were observed', verdict?.changes ?? null, ''),
    metric('events received', verdict?.events ?? null, ''),
    metric('sockets cut that came back', cuts, ''),
    metric('subscriptions left and opened anew', changes, ''),
    metric('events lost', verdict?.lost ?? null, '', none),
    metric('events duplicated', verdict?.duplicated ?? null, '', none),
    metric('events reordered', verdict?.reordered ?? null, '', none),
    metric('events that do not follow the one before', verdict?.disjoint ?? null, '', none),
    metric('subscriptions not told the last state', verdict?.behind ?? null, '', none),
  ];
}

function memoryMetrics({ options, samples, before, after }: SoakFigures): readonly Metric[] {
  const { warmUpMs } = phasesOf(options.durationMs);
  const measured = samples.filter(({ second = 0 }) => second * 1_000 > warmUpMs);
  const heap = slopeOf(measured, 'heapMb');
  return [
    metric('samples after the warm-up', measured.length, ''),
    metric('heap after GC, slope per 10 minutes', heap?.perTenMinutes ?? null, 'MB', { atMost: 1 }),
    metric('heap after GC, standard error of the slope', heap?.error ?? null, 'MB'),
    metric('heap after GC, first sample', measured[0]?.['heapMb'] ?? null, 'MB'),
    metric('heap after GC, last sample', measured.at(-1)?.['heapMb'] ?? null, 'MB'),
    metric('heap after GC at rest, growth', difference(before, after, 'heapMb'), 'MB'),
    metric('RSS, first sample', measured[0]?.['rssMb'] ?? null, 'MB'),
    metric('RSS, last sample', measured.at(-1)?.['rssMb'] ?? null, 'MB'),
    metric('RSS, most', most(measured, 'rssMb'), 'MB'),
    metric('event loop delay p99, most of any sample', most(measured, 'loopDelayP99Ms'), 'ms'),
    metric('timers under load, most', most(measured, 'resources.Timeout'), ''),
    metric('descriptors under load, most', most(measured, 'descriptors'), ''),
  ];
}

/** Comparable only at rest; under load they follow the operations under way. */
function restMetrics({ before, after }: SoakFigures): readonly Metric[] {
  const rows = (what: string, field: string): readonly Metric[] => [
    metric(`${what} at rest, before`, before[field] ?? 0, ''),
    metric(`${what} at rest, after`, after[field] ?? 0, ''),
    metric(`${what} at rest, difference`, Math.abs(difference(before, after, field)), '', few),
  ];
  return [...rows('descriptors', 'descriptors'), ...rows('timers', 'resources.Timeout')];
}

function exitMetrics({ after, exit }: SoakFigures): readonly Metric[] {
  return [
    metric('uncaught exceptions', after['uncaught'] ?? null, '', none),
    metric('lines on standard error', after['complaints'] ?? null, '', none),
    metric('exit code on SIGTERM', exit?.code ?? null, '', none),
    metric('exit on SIGTERM after', exit === undefined ? null : exit.tookMs / 1_000, 's', { atMost: 10 }),
  ];
}

function most(samples: readonly Sample[], field: string): number {
  return Math.max(0, ...samples.map((sample) => sample[field] ?? 0));
}

function difference(before: Sample, after: Sample, field: string): number {
  return (after[field] ?? 0) - (before[field] ?? 0);
}
