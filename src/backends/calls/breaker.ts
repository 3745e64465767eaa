/** A circuit breaker: sends nothing to a failing backend until one request has tried it again. */
import type { Clock } from '../../base/clock.ts';
import type { BreakerState } from './observer.ts';
import { RecentCounts } from './recent-counts.ts';
import type { AttemptOutcome } from './request-outcome.ts';

const failureShare = 0.5;
const minCalls = 10;
const openMs = 5_000;
/** While one call probes the backend, the breaker refuses the others with this `Retry-After`. */
const probeMs = 1_000;

/**
 * Counts within a time window, on an injected clock. cockatiel 3.2.1 counts by calls, so that ten failures in ten
 * minutes look like an outage; it reads the system's clock; and during a probe all other calls wait for it, where they
 * should fail at once.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #recent: RecentCounts<AttemptOutcome>;
  readonly #onState: (state: BreakerState) => void;
  #state: BreakerState = 'closed';
  #openUntil = 0;

  constructor(clock: Clock, onState: (state: BreakerState) => void = () => {}) {
    this.#clock = clock;
    this.#recent = new RecentCounts(clock);
    this.#onState = onState;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Milliseconds until a call may be made; undefined where one may be made now. */
  get waitMs(): number | undefined {
    if (this.#state === 'closed') return undefined;
    if (this.#state === 'half-open') return probeMs;
    const leftMs = Math.ceil(this.#openUntil - this.#clock.monotonicMs());
    return leftMs > 0 ? leftMs : undefined;
  }

  /**
   * Makes a call. `waitMs` must have just allowed it, with no `await` in between. The first call after the breaker was
   * open is its probe.
   */
  async run<T extends { readonly outcome: AttemptOutcome }>(call: () => Promise<T>): Promise<T> {
    const isProbe = this.#state !== 'closed';
    if (isProbe) this.#become('half-open');
    let outcome: AttemptOutcome = 'unheard';
    try {
      const judged = await call();
      outcome = judged.outcome;
      return judged;
    } finally {
      this.#recent.add(outcome);
      if (isProbe) this.#judgeProbe(outcome);
      // A call that began before the breaker opened may end after a probe. It must not undo the probe's result.
      else if (this.#state === 'closed' && outcome === 'failed' && this.#hasFailedEnough()) this.#open(openMs);
    }
  }

  /** Any answer closes the breaker, even a refusal: the service responds. An unheard probe proves nothing. */
  #judgeProbe(outcome: AttemptOutcome): void {
    if (outcome === 'failed') this.#open(openMs);
    // Another probe may follow at once.
    else if (outcome === 'unheard') this.#open(0);
    else {
      this.#recent.clear();
      this.#become('closed');
    }
  }

  #open(forMs: number): void {
    this.#openUntil = this.#clock.monotonicMs() + forMs;
    this.#become('open');
  }

  #become(state: BreakerState): void {
    this.#state = state;
    this.#onState(state);
  }

  #hasFailedEnough(): boolean {
    const failed = this.#recent.of('failed');
    // A refusal is the caller's fault: it neither opens a breaker nor keeps it closed.
    const total = failed + this.#recent.of('answered');
    return total >= minCalls && failed >= total * failureShare;
  }
}
