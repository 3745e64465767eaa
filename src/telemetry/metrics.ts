/** Counts what the gateway does, for Prometheus. No label contains an id, a name or a text from outside. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { BreakerState, CallKind, CallObserver, CallPurpose, ObservedRequest } from '../backends/calls/observer.ts';
import type { OnRefusal } from '../limits/refusal.ts';
import type { OperationRecord } from '../log/operation-record.ts';
import { isAnomalous } from '../watch/anomaly.ts';
import type { Transition } from '../watch/history/transition-log.ts';

/** Values that are read at each scrape. */
export interface GaugeReaders {
  readonly watchedJobs: () => number;
  readonly subscribers: () => number;
  /** Events in the queues of subscribers. */
  readonly unreadEvents: () => number;
  /** Calls per second that the watcher may send to each service at present. */
  readonly pollsPerSecond: () => Readonly<Record<string, number>>;
}

/** What `/readyz` asks, each by itself: time and memory for operations, a key to sign with, a store that takes writes. */
export type Readiness = Readonly<Record<'credentials' | 'load' | 'store', () => boolean | Promise<boolean>>>;

const upstreamSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 8];
const operationSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 8, 15];

/** Ordered by severity, so that a graph is readable. */
const breakerLevels: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

const services: readonly ObservedRequest['service'][] = ['DATA_EXCHANGE', 'IMPORT_EXPORT'];
const kinds: readonly CallKind[] = ['poll', 'read', 'write'];
const purposes: readonly CallPurpose[] = ['poll', 'request'];

export class Metrics {
  readonly #registry = new Registry();
  readonly #operations: Histogram<'kind' | 'outcome' | 'transport'>;
  readonly #changes: Counter<'service' | 'step'>;
  readonly #unreadable: Counter<'collection'>;
  readonly #events: Counter<'how'>;
  readonly #refusals: Counter<'reason' | 'transport'>;
  /** Counts the observations of the service clients. */
  readonly calls: CallObserver;

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    this.calls = callCounters(this.#registry);
    this.#operations = new Histogram({
      name: 'waybill_operation_seconds',
      help: 'GraphQL operations that have ended; of a subscription how long its stream lasted.',
      labelNames: ['kind', 'transport', 'outcome'],
      buckets: operationSeconds,
      registers: [this.#registry],
    });
    this.#changes = new Counter({
      name: 'waybill_state_changes_total',
      help: 'Changes of jobs that were observed; anomalous are steps that the service is not known to make.',
      labelNames: ['service', 'step'],
      registers: [this.#registry],
    });
    this.#unreadable = new Counter({
      name: 'waybill_unreadable_records_total',
      help: 'Records of the store that another version of the gateway wrote and this one cannot read.',
      labelNames: ['collection'],
      registers: [this.#registry],
    });
    this.#events = new Counter({
      name: 'waybill_events_total',
      help: 'Events sent to readers: executed for the first reader with an operation and rights, shared with the others.',
      labelNames: ['how'],
      registers: [this.#registry],
    });
    this.#refusals = new Counter({
      name: 'waybill_refusals_total',
      help: 'Connections, requests and WebSockets that were refused before an operation of theirs was known.',
      labelNames: ['transport', 'reason'],
      registers: [this.#registry],
    });
  }

  /** Counts an event that is sent to one reader. */
  countEvent(how: 'executed' | 'shared'): void {
    this.#events.inc({ how });
  }

  /** Counts what is refused before an operation of it is known. */
  readonly countRefusal: OnRefusal = (transport, reason) => this.#refusals.inc({ transport, reason });

  /** `collection` is a name of the store's. */
  countUnreadable(collection: string): void {
    this.#unreadable.inc({ collection });
  }

  /** The first observation of a job is no change. */
  countChange({ job: { service }, from, to }: Pick<Transition, 'from' | 'job' | 'to'>): void {
    if (from !== null) this.#changes.inc({ service, step: isAnomalous(service, from, to) ? 'anomalous' : 'known' });
  }

  /** The outcome is the first of its codes, which come from the gateway and are few. */
  countOperation({ kind, transport, codes: [outcome = 'ok'], durationMs }: OperationRecord): void {
    this.#operations.observe({ kind: kind ?? 'invalid', transport, outcome }, durationMs / 1_000);
  }

  /** Reads these values at each scrape from now on. */
  addGauges(readers: GaugeReaders): void {
    const registers = [this.#registry];
    addGauge(registers, 'waybill_watched_jobs', 'Jobs that are polled.', readers.watchedJobs);
    addGauge(registers, 'waybill_subscribers', 'Streams of events that are open.', readers.subscribers);
    addGauge(registers, 'waybill_unread_events', 'Events in the queues of subscribers.', readers.unreadEvents);
    new Gauge({
      name: 'waybill_polls_per_second',
      help: 'Calls a second that watching may make; less than its budget after a service has throttled.',
      labelNames: ['service'],
      registers,
      collect() {
        for (const [service, polls] of Object.entries(readers.pollsPerSecond())) this.set({ service }, polls);
      },
    });
  }

  /** Asks at each scrape from now on. */
  addReadiness(readiness: Readiness): void {
    new Gauge({
      name: 'waybill_ready',
      help: '1 if this part is ready; /readyz is 200 if all are.',
      labelNames: ['part'],
      registers: [this.#registry],
      async collect() {
        const asked = Object.entries(readiness).map(async ([part, isReady]) => ({ part, isReady: await isReady() }));
        for (const { part, isReady } of await Promise.all(asked)) this.set({ part }, isReady ? 1 : 0);
      },
    });
  }

  /** The text of a scrape and its content type. */
  async scrape(): Promise<{ readonly text: string; readonly contentType: string }> {
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }
}

function callCounters(registry: Registry): CallObserver {
  const registers = [registry];
  const requests = new Histogram({
    name: 'waybill_upstream_request_seconds',
    help: 'Requests to a service, from the beginning of their turn; those that were not sent have an outcome that says so.',
    labelNames: ['service', 'operation', 'kind', 'outcome'],
    buckets: upstreamSeconds,
    registers,
  });
  const retries = new Counter({
    name: 'waybill_upstream_retries_total',
    help: 'Reads that were sent again.',
    labelNames: ['service'],
    registers,
  });
  const unknownValues = new Counter({
    name: 'waybill_upstream_unknown_values_total',
    help: 'Values in answers, such as states, that the service was not known to have.',
    labelNames: ['service', 'member'],
    registers,
  });
  const breakers = new Gauge({
    name: 'waybill_breaker_state',
    help: '0 closed, 1 half-open, 2 open.',
    labelNames: ['service', 'kind'],
    registers,
  });
  const bulkheads = new Gauge({
    name: 'waybill_upstream_requests',
    help: 'Requests under way and requests that wait for their turn.',
    labelNames: ['service', 'purpose', 'state'],
    registers,
  });
  const observer = {
    onRequest: ({ service, operation, kind, outcome, durationMs }) =>
      requests.observe({ service, operation, kind, outcome }, durationMs / 1_000),
    onRetry: ({ service }) => retries.inc({ service }),
    onUnknownValue: ({ service, member }) => unknownValues.inc({ service, member }),
    onBreaker: ({ service, kind, state }) => breakers.set({ service, kind }, breakerLevels[state]),
    onBulkhead: ({ service, purpose, inFlight, queued }) => {
      bulkheads.set({ service, purpose, state: 'in-flight' }, inFlight);
      bulkheads.set({ service, purpose, state: 'queued' }, queued);
    },
  } satisfies CallObserver;
  // Initialises every label, since an alarm on missing series could not tell a healthy gateway from none.
  for (const service of services) {
    retries.inc({ service }, 0);
    for (const kind of kinds) observer.onBreaker({ service, kind, state: 'closed' });
    for (const purpose of purposes) observer.onBulkhead({ service, purpose, inFlight: 0, queued: 0 });
  }
  return observer;
}

function addGauge(registers: Registry[], name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
