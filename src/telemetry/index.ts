/** A view of the running gateway from outside, as far as its settings ask for one. */
import type { Plugin } from 'graphql-yoga';
import type { CallObserver } from '../backends/calls/observer.ts';
import type { Clock } from '../base/clock.ts';
import type { OperationRecord } from '../log/operation-record.ts';
import type { Transition } from '../watch/history/transition-log.ts';
import { type Levels, Metrics } from './metrics.ts';
import { listenForScrapes } from './metrics-listener.ts';
import { startTracing } from './tracing.ts';

export interface TelemetryOptions {
  readonly metricsPort: number | undefined;
  readonly tracesEndpoint: string | undefined;
  readonly clock: Clock;
}

export interface Telemetry {
  /** To be told of the requests to the services; absent where nobody wants to know. */
  readonly calls: CallObserver | undefined;
  readonly plugins: readonly Plugin[];
  /** Absent where nothing is counted. */
  readonly onOperation: ((record: OperationRecord) => void) | undefined;
  /** To be told of what changes over time. */
  readonly onTransition: (transition: Transition) => void;
  /** To be told of each event that goes out to one reader; absent where nothing is counted. */
  readonly onEvent: ((how: 'executed' | 'shared') => void) | undefined;
  /** To be told of a record that cannot be read, by the name of its collection. */
  readonly onUnreadable: (collection: string) => void;
  /** Where the metrics are; undefined without. */
  readonly metricsUrl: string | undefined;
  /** Shows these levels from now on. */
  readonly watch: (levels: Levels) => void;
  readonly stop: () => Promise<void>;
}

/** Rejects if the port cannot be had. */
export async function startTelemetry({ metricsPort, tracesEndpoint, clock }: TelemetryOptions): Promise<Telemetry> {
  const metrics = metricsPort === undefined ? undefined : new Metrics();
  const listener = metrics && (await listenForScrapes(metrics, metricsPort ?? 0));
  const tracing = tracesEndpoint === undefined ? undefined : startTracing(tracesEndpoint, clock);
  const observers = [metrics?.calls, tracing?.calls].filter((each) => each !== undefined);
  return {
    calls: observers.length === 0 ? undefined : together(observers),
    plugins: tracing ? [tracing.plugin] : [],
    onOperation: metrics && ((record) => metrics.countOperation(record)),
    onTransition: (transition) => metrics?.countChange(transition),
    onEvent: metrics && ((how) => metrics.countEvent(how)),
    onUnreadable: (collection) => metrics?.countUnreadable(collection),
    metricsUrl: listener?.url,
    watch: (levels) => metrics?.watch(levels),
    stop: async () => {
      await listener?.close();
      await tracing?.stop();
    },
  };
}

function together(observers: readonly CallObserver[]): CallObserver {
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
