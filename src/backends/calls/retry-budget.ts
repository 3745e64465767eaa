/** Limits retries to a share of the calls, so that an outage does not cause a retry storm. */
import type { Clock } from '../../base/clock.ts';
import { RecentCounts } from './recent-counts.ts';

const share = 0.1;
/** In a quiet window a tenth of the calls would be less than one. */
const floor = 3;

/** At most `share` of the calls of the last ten seconds are retried, and always up to `floor`. */
export class RetryBudget {
  readonly #recent: RecentCounts<'call' | 'retry'>;

  constructor(clock: Clock) {
    this.#recent = new RecentCounts(clock);
  }

  countCall(): void {
    this.#recent.add('call');
  }

  /** Whether one more retry may be made; if so, it counts as made. */
  take(): boolean {
    const allowed = Math.max(floor, Math.floor(this.#recent.of('call') * share));
    if (this.#recent.of('retry') >= allowed) return false;
    this.#recent.add('retry');
    return true;
  }
}
