/** How many retries a backend may be sent: a share of its calls, so that an outage is not answered with a storm. */
import type { Clock } from '../clock.ts';

const windowMs = 10_000;
/** The window moves on in steps of this length. */
const stepMs = 1_000;
const share = 0.1;
/** In a quiet window a tenth of the calls would be none at all. */
const floor = 3;

interface Step {
  readonly startsAt: number;
  calls: number;
  retries: number;
}

/** At most `share` of the calls of the last ten seconds are retried, and always up to `floor`. */
export class RetryBudget {
  readonly #clock: Clock;
  #steps: Step[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  countCall(): void {
    this.#step().calls += 1;
  }

  /** Whether one more retry may be made; if so, it counts as made. */
  take(): boolean {
    const step = this.#step();
    const calls = this.#steps.reduce((sum, { calls }) => sum + calls, 0);
    const retries = this.#steps.reduce((sum, { retries }) => sum + retries, 0);
    if (retries >= Math.max(floor, Math.floor(calls * share))) return false;
    step.retries += 1;
    return true;
  }

  /** The step that it is now, without those that have left the window. */
  #step(): Step {
    const now = this.#clock.now();
    // A clock that was set back would keep steps from what is now the future.
    this.#steps = this.#steps.filter(({ startsAt }) => startsAt <= now && startsAt > now - windowMs);
    const last = this.#steps.at(-1);
    if (last && now < last.startsAt + stepMs) return last;
    const step = { startsAt: now, calls: 0, retries: 0 };
    this.#steps.push(step);
    return step;
  }
}
