/** Tracks whether the list of one service's jobs is stale: new jobs may not have been emitted. */
import type { Clock } from '../base/clock.ts';
import type { PollAssignment, Staleness } from './cluster/poll-assignment.ts';
import type { Freshness } from './freshness.ts';
import { failuresUntilStale } from './outage.ts';
import { type Cadence, effectiveRetryAfterMs, peerTimeoutMs, staleAfterMs } from './poll-interval.ts';
import type { StateSource } from './state-source.ts';

/** Called on each result, not only on changes: the streams filter repetitions. */
export interface ListFreshnessHooks {
  readonly onStale: (outlook: Staleness) => void;
  /** Also called if a previous reader may have reported otherwise to other gateways. */
  readonly onFresh: () => void;
}

export interface ListFreshnessOptions extends ListFreshnessHooks {
  readonly source: Pick<StateSource, 'service'>;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly assignment: PollAssignment;
  /** The freshness of the jobs: while none can be read, the list is stale as well. */
  readonly jobs: Pick<Freshness, 'holdOff' | 'isUnreadable' | 'lastReadAt'>;
}

export class ListFreshness {
  readonly #options: ListFreshnessOptions;
  #lastReadAt = 0;
  #isStale = false;
  #failures = 0;
  #isFreshForPeers = false;
  /** When the notice of another gateway that could not read the list expires, by the monotonic clock. */
  #peerTimeoutAt = Number.NEGATIVE_INFINITY;

  constructor(options: ListFreshnessOptions) {
    this.#options = options;
  }

  /** Resets, as if the list had just been read. */
  begin(): void {
    this.#lastReadAt = this.#options.clock.now();
    this.#isStale = false;
    this.#failures = 0;
    this.#isFreshForPeers = false;
    this.#peerTimeoutAt = Number.NEGATIVE_INFINITY;
  }

  /** Number of failed reads in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** When the list was last read successfully, if it is stale; else undefined. */
  get staleSince(): Date | undefined {
    return this.#isStale ? this.#since : undefined;
  }

  /** Whether to read the list here though another gateway reads it, because its next notice is overdue. */
  get isOverdue(): boolean {
    return this.#isStale && this.#options.clock.monotonicMs() >= this.#peerTimeoutAt;
  }

  /** Another gateway reads the list, and has not reported a failure. */
  onReadElsewhere(): void {
    if (this.#isStale) return;
    this.#failures = 0;
    this.#lastReadAt = this.#options.clock.now();
  }

  /**
   * Another gateway has begun to watch the activity, or had read the list until now. What was emitted to it is not
   * known.
   */
  onWatchedElsewhere(): void {
    this.#isFreshForPeers = false;
    if (this.#isStale) this.#setStale();
  }

  /** The list was read successfully. */
  onRead(): void {
    this.#failures = 0;
    this.#lastReadAt = this.#options.clock.now();
    this.#setFresh();
  }

  /** The list could not be read. */
  onFailed(error: unknown): void {
    this.#failures += 1;
    const waitMs = effectiveRetryAfterMs(retryAfterMsOf(error));
    if (waitMs > staleAfterMs(this.#options.cadence)) this.#options.jobs.holdOff.begin(waitMs);
    if (this.#isStale || this.#failures >= failuresUntilStale) this.#setStale();
  }

  /** The service has become unreadable or readable. */
  onServiceChange(): void {
    const { assignment, source, jobs } = this.#options;
    if (!assignment.isSweeper(source.service)) return;
    if (jobs.isUnreadable) this.#setStale();
    else if (this.#failures === 0) this.#setFresh();
  }

  onPeerStale({ since, nextInMs }: Staleness): void {
    const { clock, cadence } = this.#options;
    this.#peerTimeoutAt = clock.monotonicMs() + peerTimeoutMs(cadence, nextInMs);
    if (!this.#isStale) this.#lastReadAt = since.getTime();
    this.#setStale();
  }

  onPeerFresh(): void {
    this.#failures = 0;
    this.#lastReadAt = this.#options.clock.now();
    this.#isStale = false;
    this.#peerTimeoutAt = Number.NEGATIVE_INFINITY;
    this.#options.onFresh();
  }

  get #since(): Date {
    const { jobs } = this.#options;
    return new Date(jobs.isUnreadable ? Math.min(this.#lastReadAt, jobs.lastReadAt) : this.#lastReadAt);
  }

  #setStale(): void {
    const { cadence, jobs, onStale } = this.#options;
    this.#isStale = true;
    this.#isFreshForPeers = false;
    onStale({ since: this.#since, nextInMs: Math.max(cadence.maxMs, jobs.holdOff.remainingMs) });
  }

  #setFresh(): void {
    if (this.#options.jobs.isUnreadable || (this.#isFreshForPeers && !this.#isStale)) return;
    this.#isStale = false;
    this.#isFreshForPeers = true;
    this.#options.onFresh();
  }
}

/** The `retryAfterMs` of an error, if it carries one. */
function retryAfterMsOf(error: unknown): number | undefined {
  const hasIt = typeof error === 'object' && error !== null && 'retryAfterMs' in error;
  return hasIt && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : undefined;
}
