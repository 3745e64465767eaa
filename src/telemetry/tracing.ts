/** Traces operations and their requests to the services, exported to the endpoint of OpenTelemetry's own setting. */
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { CallObserver, ObservedRequest } from '../backends/calls/observer.ts';
import type { Clock } from '../base/clock.ts';

/** Runs an operation within a span. */
export type InTrace = <Result>(
  operation: { readonly kind: string; readonly traceparent: string | undefined },
  run: () => Result | Promise<Result>,
) => Promise<Result>;

export interface Tracing {
  /** Creates a span for each operation, under the span that its request names. */
  readonly inTrace: InTrace;
  /** Creates a span for each request to a service, under that of its operation. */
  readonly calls: CallObserver;
  /** Exports the remaining spans if the collector accepts them. */
  readonly stop: () => Promise<void>;
}

/** The exporter would try for ten seconds, which is all the time that a process has to shut down. */
const finalExportMs = 1_000;

/**
 * `endpoint` is that of `OTEL_EXPORTER_OTLP_ENDPOINT`; spans go to its `/v1/traces`. If the collector is down, only
 * spans are lost.
 */
export function startTracing(endpoint: string, clock: Clock): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'waybill' }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = provider.getTracer('waybill');
  return {
    inTrace: operationSpans(tracer),
    calls: { onRequest: (request) => addRequestSpan(tracer, request, clock.now()) },
    stop: () =>
      new Promise((resolve) => {
        const cancel = clock.schedule(resolve, finalExportMs);
        void provider
          .shutdown()
          .catch(() => {})
          .then(cancel)
          .then(resolve);
      }),
  };
}

/** The span of a subscription ends when its stream begins, since a stream may last for days. */
function operationSpans(tracer: Tracer): InTrace {
  return async ({ kind, traceparent }, run) => {
    const attributes = { 'graphql.operation.type': kind };
    const span = tracer.startSpan(`graphql ${kind}`, { kind: SpanKind.SERVER, attributes }, parentFrom(traceparent));
    try {
      const result = await context.with(trace.setSpan(ROOT_CONTEXT, span), run);
      if (hasErrors(result)) span.setStatus({ code: SpanStatusCode.ERROR });
      return result;
    } finally {
      span.end();
    }
  };
}

/** The caller's own span, if the request has the header `traceparent`. */
function parentFrom(traceparent: string | undefined) {
  return traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
}

function hasErrors(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'errors' in result && Array.isArray(result.errors);
}

/** A request is observed when it is over. */
function addRequestSpan(
  tracer: Tracer,
  { service, operation, kind, outcome, durationMs }: ObservedRequest,
  endedAt: number,
): void {
  const attributes = { 'rpc.system': 'aws-api', 'rpc.service': service, 'rpc.method': operation, 'waybill.kind': kind };
  const options = { kind: SpanKind.CLIENT, attributes, startTime: endedAt - durationMs };
  const span = tracer.startSpan(`${service}.${operation}`, options, context.active());
  if (outcome !== 'answered') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
  span.end(endedAt);
}
