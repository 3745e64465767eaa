/** Starts the metrics and traces that the configuration selects. */
import type { CallObserver } from '../backends/calls/observer.ts';
import type { Clock } from '../base/clock.ts';
import type { OnRefusal } from '../limits/refusal.ts';
import type { OperationRecord } from '../log/operation-record.ts';
import type { Transition } from '../watch/history/transition-log.ts';
import type { GaugeReaders, Readiness } from './metrics.ts';
import { listenForScrapes } from './metrics-listener.ts';
import type { InTrace } from './tracing.ts';

export interface TelemetryOptions {
  readonly metricsPort: number | undefined;
  readonly metricsHost: string;
  readonly tracesEndpoint: string | undefined;
  readonly clock: Clock;
}

export interface Telemetry {
  /** Observes requests to the services; undefined if nothing does. */
  readonly calls: CallObserver | undefined;
  /** Undefined without traces. */
  readonly inTrace: InTrace | undefined;
  /** Undefined without metrics. */
  readonly onOperation: ((record: OperationRecord) => void) | undefined;
  /** Call for each observed state change. */
  readonly onTransition: (transition: Transition) => void;
  /** Call for each event that is sent to one reader; undefined without metrics. */
  readonly onEvent: ((how: 'executed' | 'shared') => void) | undefined;
  /** Undefined without metrics. */
  readonly onRefusal: OnRefusal | undefined;
  /** Call for each unreadable record, with the name of its collection. */
  readonly onUnreadable: (collection: string) => void;
  /** The URL of the metrics; undefined without. */
  readonly metricsUrl: string | undefined;
  /** Adds gauges that read these values at each scrape. */
  readonly addGauges: (readers: GaugeReaders) => void;
  /** Adds what `/readyz` asks. */
  readonly addReadiness: (readiness: Readiness) => void;
  readonly stop: () => Promise<void>;
}

/** Loads prom-client and OpenTelemetry (350 files) only where their settings ask for them. Rejects if the port cannot be bound. */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { metricsPort, metricsHost: host, tracesEndpoint, clock } = options;
  const metrics = metricsPort === undefined ? undefined : new (await import('./metrics.ts')).Metrics();
  const listener = metrics && (await listenForScrapes(metrics, { host, port: metricsPort ?? 0 }));
  const tracing =
    tracesEndpoint === undefined ? undefined : (await import('./tracing.ts')).startTracing(tracesEndpoint, clock);
  const observers = [metrics?.calls, tracing?.calls].filter((each) => each !== undefined);
  return {
    calls: observers.length === 0 ? undefined : combined(observers),
    inTrace: tracing?.inTrace,
    onOperation: metrics && ((record) => metrics.countOperation(record)),
    onTransition: (transition) => metrics?.countChange(transition),
    onEvent: metrics && ((how) => metrics.countEvent(how)),
    onRefusal: metrics?.countRefusal,
    onUnreadable: (collection) => metrics?.countUnreadable(collection),
    metricsUrl: listener?.url,
    addGauges: (readers) => metrics?.addGauges(readers),
    addReadiness: (readiness) => metrics?.addReadiness(readiness),
    stop: async () => {
      await listener?.close();
      await tracing?.stop();
    },
  };
}

function combined(observers: readonly CallObserver[]): CallObserver {
  return {
    onRequest: (request) => {
      for (const observer of observers) observer.onRequest?.(request);
    },
    onRetry: (retry) => {
      for (const observer of observers) observer.onRetry?.(retry);
    },
    onUnknownValue: (value) => {
      for (const observer of observers) observer.onUnknownValue?.(value);
    },
    onBreaker: (change) => {
      for (const observer of observers) observer.onBreaker?.(change);
    },
    onBulkhead: (load) => {
      for (const observer of observers) observer.onBulkhead?.(load);
    },
  };
}
