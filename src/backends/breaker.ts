/** When a backend that fails is left alone, and when it is tried again. */
import {
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  handleWhenResult,
  type IBackoff,
  type IBreaker,
} from 'cockatiel';
import type { Clock } from '../clock.ts';
import type { BreakerState } from './observer.ts';
import { RecentCounts } from './recent-counts.ts';
import type { Heard } from './request-outcome.ts';

const failureShare = 0.5;
const leastCalls = 10;
const openMs = 5_000;
/** While one call tries the backend, the others hear to come back after this. */
const probeMs = 1_000;

interface Judged {
  readonly outcome: Heard;
}

interface Made<T extends Judged> {
  readonly judged: T;
  readonly isProbe: boolean;
}

/**
 * Cockatiel keeps the states; the counting and the time are ours. Its `SamplingBreaker` forgets by calls and not by time, so
 * that ten failures in ten minutes look like an outage (3.2.1); and both read the system's clock, for which no test could wait.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #recent: RecentCounts<Heard>;
  readonly #policy: CircuitBreakerPolicy;
  #openUntil = 0;

  constructor(clock: Clock, onState: (state: BreakerState) => void = () => {}) {
    this.#clock = clock;
    this.#recent = new RecentCounts(clock);
    const isToOpen = handleWhenResult((result) => isBad(result as Made<Judged>));
    this.#policy = circuitBreaker(isToOpen, { breaker: this.#counting(), halfOpenAfter: { next: this.#opening } });
    this.#policy.onStateChange((state) => onState(stateNames[state]));
  }

  get state(): BreakerState {
    return stateNames[this.#policy.state];
  }

  /** Milliseconds until a call may pass; undefined where one may now. */
  get waitMs(): number | undefined {
    if (this.#policy.state === CircuitState.HalfOpen) return probeMs;
    return this.#policy.state === CircuitState.Closed || this.#isDue()
      ? undefined
      : Math.ceil(this.#openUntil - this.#clock.monotonicMs());
  }

  /** Makes a call, which `waitMs` allowed in the same tick: cockatiel lets all who come during a probe wait for it. */
  async run<T extends Judged>(call: () => Promise<T>): Promise<T> {
    const isProbe = this.#policy.state !== CircuitState.Closed;
    const { judged } = await this.#policy.execute(async (): Promise<Made<T>> => {
      const judged = await call();
      this.#recent.add(judged.outcome);
      return { judged, isProbe };
    });
    return judged;
  }

  #counting(): IBreaker {
    return {
      state: undefined,
      success: (state) => {
        if (state === CircuitState.HalfOpen) this.#recent.clear();
      },
      // A call may end long after it was begun: what it tells then must not undo what a probe has found out.
      failure: (state) => state === CircuitState.HalfOpen || (this.state === 'closed' && this.#hasFailedEnough()),
    };
  }

  #hasFailedEnough(): boolean {
    const failed = this.#recent.of('failed');
    // A refusal is its caller's matter: it neither opens a breaker nor keeps one closed.
    const total = failed + this.#recent.of('answered');
    return total >= leastCalls && failed >= total * failureShare;
  }

  /** Called whenever it opens. A probe that was not heard is followed by another at once. */
  readonly #opening = ({ result }: { readonly result: unknown }): IBackoff<{ readonly result: unknown }> => {
    this.#openUntil = this.#clock.monotonicMs() + (wasUnheard(result) ? 0 : openMs);
    const isDue = (): boolean => this.#isDue();
    return {
      next: this.#opening,
      // Compared with what cockatiel's own clock says, which therefore says nothing.
      get duration() {
        return isDue() ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      },
    };
  };

  #isDue(): boolean {
    return this.#clock.monotonicMs() >= this.#openUntil;
  }
}

/** A probe that was answered closes the breaker even by a refusal: the service is there. One that was not heard must not. */
function isBad({ judged, isProbe }: Made<Judged>): boolean {
  return judged.outcome === 'failed' || (isProbe && judged.outcome === 'unheard');
}

function wasUnheard(reason: unknown): boolean {
  const { value } = reason as { readonly value?: Made<Judged> };
  return value?.judged.outcome === 'unheard';
}

const stateNames: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Open]: 'open',
  // Nobody isolates it.
  [CircuitState.Isolated]: 'open',
};
