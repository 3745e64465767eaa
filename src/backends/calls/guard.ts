/**
 * Passes every request to a backend through the breaker of its kind and the bulkhead of its purpose.
 *
 * It guards each request, and not each call with its retries. So the breaker counts the requests that were sent, opens
 * after the first timeouts and stops the retries that would follow; and a wait before a retry occupies no place in the
 * bulkhead.
 */
import type { Clock } from '../../base/clock.ts';
import { BackendError } from '../../model/errors.ts';
import { type JobService, serviceNames } from '../../model/job-state.ts';
import { type AttemptTime, type CallTime, withAttemptTime } from './attempt.ts';
import { Breaker } from './breaker.ts';
import { Bulkhead, type BulkheadLoad, type Entry } from './bulkhead.ts';
import type { CallKind, CallObserver, CallPurpose } from './observer.ts';
import { type HasStatus, judgedFailure, judgedReply, type RequestOutcome } from './request-outcome.ts';

/** Together fewer than the transport's 50 sockets, so that no request waits for a socket. */
const maxRequests = 32;
const maxPolls = 16;
const maxQueued = 64;

/** Max wait in the queue: as long as one attempt. A later answer would be too late for its operation. */
const queueMs = 3_000;

export interface GuardOptions {
  readonly service: JobService;
  readonly clock: Clock;
  /** For one request, from the credentials to the last byte of the reply, without its wait in the queue. */
  readonly attemptTimeoutMs: number;
  readonly observer?: CallObserver | undefined;
}

export interface GuardedRequest {
  /** The service's name for it. */
  readonly operation: string;
  readonly effect: 'read' | 'write';
}

type Attempt<Reply> = (time: AttemptTime) => Promise<Reply>;

/** Guards one backend, for all calls with the same credentials. */
export class Guard {
  readonly #options: GuardOptions;
  readonly #breakers: Readonly<Record<CallKind, Breaker>>;
  readonly #bulkheads: Readonly<Record<CallPurpose, Bulkhead>>;

  constructor(options: GuardOptions) {
    this.#options = options;
    const { service, clock, observer } = options;
    const breaker = (kind: CallKind) => new Breaker(clock, (state) => observer?.onBreaker?.({ service, kind, state }));
    const bulkhead = (purpose: CallPurpose, inFlight: number) => {
      const onChange = (load: BulkheadLoad) => observer?.onBulkhead?.({ service, purpose, ...load });
      return new Bulkhead({ clock, inFlight, queued: maxQueued, waitMs: queueMs, onChange });
    };
    this.#breakers = { poll: breaker('poll'), read: breaker('read'), write: breaker('write') };
    this.#bulkheads = { poll: bulkhead('poll', maxPolls), request: bulkhead('request', maxRequests) };
  }

  /**
   * Makes one request of `call` within its time. Rejects as `attempt` does, or with a `BackendError` that is
   * `isWithheld` if it sent nothing.
   */
  async attempt<Reply extends HasStatus>(
    request: GuardedRequest,
    call: CallTime,
    attempt: Attempt<Reply>,
  ): Promise<Reply> {
    const kind = call.purpose === 'poll' ? 'poll' : request.effect;
    const report = this.#reportOf(request.operation, kind);
    this.#assertClosed(kind, report);
    const bulkhead = this.#bulkheads[call.purpose];
    const entry = await bulkhead.enter(call.signal);
    report.dequeued();
    // The signal has fired, so this attempt sends nothing and rejects at once, with its client's own error.
    if (entry === 'gone') {
      report.end('unheard');
      return withAttemptTime(call, { ...this.#options, effect: request.effect }, attempt);
    }
    if (entry !== 'entered') throw this.#busy(entry, report);
    try {
      // The breaker may have opened during the wait.
      this.#assertClosed(kind, report);
      return await this.#made(kind, call, attempt, report);
    } finally {
      bulkhead.leave();
    }
  }

  async #made<Reply extends HasStatus>(
    kind: CallKind,
    call: CallTime,
    attempt: Attempt<Reply>,
    report: RequestReport,
  ): Promise<Reply> {
    const { clock, attemptTimeoutMs } = this.#options;
    const effect = kind === 'write' ? 'write' : 'read';
    const hadTime = call.endsAt - clock.monotonicMs() >= attemptTimeoutMs;
    const judged = await this.#breakers[kind].run(() =>
      withAttemptTime(call, { clock, effect, attemptTimeoutMs }, attempt).then(judgedReply, (error: unknown) =>
        judgedFailure(error, { hadTime, hasCallerGone: call.signal.aborted, effect }),
      ),
    );
    report.end(judged.outcome);
    if ('error' in judged) throw judged.error;
    return judged.reply;
  }

  #assertClosed(kind: CallKind, report: RequestReport): void {
    const { waitMs } = this.#breakers[kind];
    if (waitMs === undefined) return;
    report.end('breaker-open');
    const { service } = this.#options;
    const message = `${serviceNames[service]} has been failing, so the gateway pauses; nothing was sent.`;
    throw new BackendError({
      service,
      code: 'UPSTREAM_UNAVAILABLE',
      message,
      retryAfterMs: waitMs,
      isWithheld: true,
    });
  }

  #busy(entry: Exclude<Entry, 'entered' | 'gone'>, report: RequestReport): BackendError {
    report.end('busy');
    const { service } = this.#options;
    const why = entry === 'full' ? 'too many other requests are waiting' : 'it has waited too long in the queue';
    const message = `The request to ${serviceNames[service]} was not sent: ${why}.`;
    return new BackendError({ service, code: 'UPSTREAM_BUSY', message, isWithheld: true });
  }

  #reportOf(operation: string, kind: CallKind): RequestReport {
    const { service, clock, observer } = this.#options;
    const arrivedAt = clock.monotonicMs();
    let dequeuedAt: number | undefined;
    return {
      dequeued: () => {
        dequeuedAt = clock.monotonicMs();
      },
      end: (outcome) => {
        const now = clock.monotonicMs();
        const begunAt = dequeuedAt ?? now;
        const times = { queuedMs: begunAt - arrivedAt, durationMs: now - begunAt };
        observer?.onRequest?.({ service, operation, kind, outcome, ...times });
      },
    };
  }
}

/** Reports one request to the observer. */
interface RequestReport {
  /** Its wait in the queue has ended. */
  dequeued(): void;
  end(outcome: RequestOutcome): void;
}
