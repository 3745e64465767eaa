/** When a backend that fails is left alone, and when it is tried again: closed, open, half-open. */
import type { Clock } from '../../base/clock.ts';
import type { BreakerState } from './observer.ts';
import { RecentCounts } from './recent-counts.ts';
import type { Heard } from './request-outcome.ts';

const failureShare = 0.5;
const minCalls = 10;
const openMs = 5_000;
/** While one call tries the backend, the others hear to come back after this. */
const probeMs = 1_000;

/**
 * Counts by time and on the clock it is given. Of the libraries looked at, cockatiel 3.2.1 forgets by calls, so that ten failures
 * in ten minutes look like an outage; it reads the system's clock, for which no test could wait; and it lets all who come during a
 * probe wait for it, where they should hear at once.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #recent: RecentCounts<Heard>;
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

  /** Milliseconds until a call may pass; undefined where one may now. */
  get waitMs(): number | undefined {
    if (this.#state === 'closed') return undefined;
    if (this.#state === 'half-open') return probeMs;
    const leftMs = Math.ceil(this.#openUntil - this.#clock.monotonicMs());
    return leftMs > 0 ? leftMs : undefined;
  }

  /** Makes a call, which `waitMs` allowed in the same tick. The first one after the breaker has been open is its probe. */
  async run<T extends { readonly outcome: Heard }>(call: () => Promise<T>): Promise<T> {
    const isProbe = this.#state !== 'closed';
    if (isProbe) this.#become('half-open');
    let outcome: Heard = 'unheard';
    try {
      const judged = await call();
      outcome = judged.outcome;
      return judged;
    } finally {
      this.#recent.add(outcome);
      if (isProbe) this.#judgeProbe(outcome);
      // A call may end long after it was begun: what it tells then must not undo what a probe has found out.
      else if (this.#state === 'closed' && outcome === 'failed' && this.#hasFailedEnough()) this.#open(openMs);
    }
  }

  /** A probe that was answered closes the breaker even by a refusal: the service is there. One that was not heard must not. */
  #judgeProbe(outcome: Heard): void {
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
    // A refusal is its caller's matter: it neither opens a breaker nor keeps one closed.
    const total = failed + this.#recent.of('answered');
    return total >= minCalls && failed >= total * failureShare;
  }
}
