/**
 * What every request to a backend passes: the breaker of its kind, and the bulkhead of those it is made for.
 *
 * Each request by itself, not each call with its retries: so the breaker opens after the first timeouts and not at the end of
 * the calls, a retry that was still to come is not sent any more, the wait before one takes nobody's turn, and the breaker
 * counts what the service really got.
 */
import type { Clock } from '../../base/clock.ts';
import { BackendError } from '../../model/errors.ts';
import type { JobService } from '../../model/job-state.ts';
import { type AttemptTime, type CallTime, withAttemptTime } from './attempt.ts';
import { Breaker } from './breaker.ts';
import { Bulkhead, type BulkheadLoad, type Entry } from './bulkhead.ts';
import type { CallKind, CallObserver, CallPurpose } from './observer.ts';
import { type HasStatus, judgedFailure, judgedReply, type RequestOutcome } from './request-outcome.ts';

/** Together fewer than the transport's sockets, so that nobody waits for one of those. */
const requestsAtOnce = 32;
const pollsAtOnce = 16;
const queued = 64;

/** No longer than one attempt: whoever has waited more would be answered too late for the operation it belongs to. */
const queueMs = 3_000;

export interface GuardOptions {
  readonly service: JobService;
  readonly clock: Clock;
  /** For one request, from asking for credentials to the last byte of the reply; the wait for its turn not included. */
  readonly attemptTimeoutMs: number;
  readonly observer?: CallObserver | undefined;
}

export interface GuardedRequest {
  /** The service's name for it. */
  readonly operation: string;
  readonly effect: 'read' | 'write';
}

type Attempt<Reply> = (time: AttemptTime) => Promise<Reply>;

/** Of one backend, for all calls with the same credentials. */
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
      return new Bulkhead({ clock, inFlight, queued, waitMs: queueMs, onChange });
    };
    this.#breakers = { poll: breaker('poll'), read: breaker('read'), write: breaker('write') };
    this.#bulkheads = { poll: bulkhead('poll', pollsAtOnce), request: bulkhead('request', requestsAtOnce) };
  }

  /**
   * Makes one request of `call` within its time. Rejects as `attempt` does; or, where nothing was sent, with a `BackendError`
   * that says so by `isWithheld`.
   */
  async attempt<Reply extends HasStatus>(
    request: GuardedRequest,
    call: CallTime,
    attempt: Attempt<Reply>,
  ): Promise<Reply> {
    const kind = call.purpose === 'poll' ? 'poll' : request.effect;
    const told = this.#teller(request.operation, kind);
    this.#assertClosed(kind, told);
    const bulkhead = this.#bulkheads[call.purpose];
    const entry = await bulkhead.enter(call.signal);
    told.turn();
    // It ends at once and unsent, as its client has it.
    if (entry === 'gone') {
      told.end('unheard');
      return withAttemptTime(call, this.#options, attempt);
    }
    if (entry !== 'entered') throw this.#busy(entry, told);
    try {
      // The breaker may have opened meanwhile.
      this.#assertClosed(kind, told);
      return await this.#made(kind, call, attempt, told);
    } finally {
      bulkhead.leave();
    }
  }

  async #made<Reply extends HasStatus>(
    kind: CallKind,
    call: CallTime,
    attempt: Attempt<Reply>,
    told: Teller,
  ): Promise<Reply> {
    const { clock, attemptTimeoutMs } = this.#options;
    const effect = kind === 'write' ? 'write' : 'read';
    const hadTime = call.endsAt - clock.monotonicMs() >= attemptTimeoutMs;
    const judged = await this.#breakers[kind].run(() =>
      withAttemptTime(call, this.#options, attempt).then(judgedReply, (error: unknown) =>
        judgedFailure(error, { hadTime, hasCallerGone: call.signal.aborted, effect }),
      ),
    );
    told.end(judged.outcome);
    if ('error' in judged) throw judged.error;
    return judged.reply;
  }

  #assertClosed(kind: CallKind, told: Teller): void {
    const { waitMs } = this.#breakers[kind];
    if (waitMs === undefined) return;
    told.end('breaker-open');
    const { service } = this.#options;
    const message = `${names[service]} has been failing and is left alone for a moment; nothing was sent.`;
    throw new BackendError({
      service,
      code: 'UPSTREAM_UNAVAILABLE',
      message,
      retryAfterMs: waitMs,
      isWithheld: true,
    });
  }

  #busy(entry: Exclude<Entry, 'entered' | 'gone'>, told: Teller): BackendError {
    told.end('busy');
    const { service } = this.#options;
    const why = entry === 'full' ? 'Too many requests wait' : 'This request has waited too long';
    const message = `${why} for a turn with ${names[service]}; nothing was sent.`;
    return new BackendError({ service, code: 'UPSTREAM_BUSY', message, isWithheld: true });
  }

  #teller(operation: string, kind: CallKind): Teller {
    const { service, clock, observer } = this.#options;
    const cameAt = clock.monotonicMs();
    let turnAt: number | undefined;
    return {
      turn: () => {
        turnAt = clock.monotonicMs();
      },
      end: (outcome) => {
        const now = clock.monotonicMs();
        const begunAt = turnAt ?? now;
        const times = { queuedMs: begunAt - cameAt, durationMs: now - begunAt };
        observer?.onRequest?.({ service, operation, kind, outcome, ...times });
      },
    };
  }
}

/** Tells the observer of one request. */
interface Teller {
  /** It waits no more. */
  turn(): void;
  end(outcome: RequestOutcome): void;
}

const names: Readonly<Record<JobService, string>> = {
  DATA_EXCHANGE: 'AWS Data Exchange',
  IMPORT_EXPORT: 'AWS Import/Export',
};
