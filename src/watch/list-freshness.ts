/** Whether the list of one service's jobs is stale: what has come up in it lately may not have been told. */
import type { Clock } from '../base/clock.ts';
import type { Outlook, PollAssignment } from './cluster/poll-assignment.ts';
import type { Freshness } from './freshness.ts';
import { failuresUntilStale } from './outage.ts';
import { type Cadence, farMs, grantedMs, silenceMs } from './schedule.ts';
import type { StateSource } from './state-source.ts';

/** Called whenever it is known, again and again: those who are told say by themselves what of it is news. */
export interface ListFreshnessHooks {
  readonly onStale: (outlook: Outlook) => void;
  /** Also where other gateways may have been told otherwise, by whoever looked before this one. */
  readonly onFresh: () => void;
}

export interface ListFreshnessOptions extends ListFreshnessHooks {
  readonly source: Pick<StateSource, 'service'>;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly assignment: PollAssignment;
  /** That of the jobs: where none can be read, a list says too little. */
  readonly jobs: Pick<Freshness, 'holdOff' | 'isUnreadable' | 'wellAt'>;
}

export class ListFreshness {
  readonly #options: ListFreshnessOptions;
  #wellAt = 0;
  #isStale = false;
  #failures = 0;
  #isKnownFresh = false;
  /** Another gateway, which cannot read it, is to be heard of again by then, by the monotonic clock. */
  #peerSilentAt = Number.NEGATIVE_INFINITY;

  constructor(options: ListFreshnessOptions) {
    this.#options = options;
  }

  /** Begins as if it had just been read. */
  begin(): void {
    this.#wellAt = this.#options.clock.now();
    this.#isStale = false;
    this.#failures = 0;
    this.#isKnownFresh = false;
    this.#peerSilentAt = Number.NEGATIVE_INFINITY;
  }

  /** How many times in a row it could not be read. */
  get failures(): number {
    return this.#failures;
  }

  /** Since when it is stale; undefined where it is not. */
  get staleSince(): Date | undefined {
    return this.#isStale ? this.#since : undefined;
  }

  /** Whether it is to be read here though another gateway reads it, as no word of that is certain to come. */
  get isOverdue(): boolean {
    return this.#isStale && this.#options.clock.monotonicMs() >= this.#peerSilentAt;
  }

  /** Another gateway reads it, and has said nothing. */
  onReadElsewhere(): void {
    if (this.#isStale) return;
    this.#failures = 0;
    this.#wellAt = this.#options.clock.now();
  }

  /** There is another gateway that may have been told anything of it, or nothing: it wants it read, or has read it until now. */
  onWantedElsewhere(): void {
    this.#isKnownFresh = false;
    if (this.#isStale) this.#setStale();
  }

  /** It was read well. */
  onWell(): void {
    this.#failures = 0;
    this.#wellAt = this.#options.clock.now();
    this.#setFresh();
  }

  /** It could not be read, for the reason that `error` says. */
  onFailed(error: unknown): void {
    this.#failures += 1;
    const granted = grantedMs(retryAfterMsOf(error));
    if (granted > farMs(this.#options.cadence)) this.#options.jobs.holdOff.begin(granted);
    if (this.#isStale || this.#failures >= failuresUntilStale) this.#setStale();
  }

  /** The service has become unreadable, or no longer is. */
  onService(): void {
    const { assignment, source, jobs } = this.#options;
    if (!assignment.isSweeper(source.service)) return;
    if (jobs.isUnreadable) this.#setStale();
    else if (this.#failures === 0) this.#setFresh();
  }

  onPeerStale({ since, nextInMs }: Outlook): void {
    const { clock, cadence } = this.#options;
    this.#peerSilentAt = clock.monotonicMs() + silenceMs(cadence, nextInMs);
    if (!this.#isStale) this.#wellAt = since.getTime();
    this.#setStale();
  }

  onPeerFresh(): void {
    this.#failures = 0;
    this.#wellAt = this.#options.clock.now();
    this.#isStale = false;
    this.#peerSilentAt = Number.NEGATIVE_INFINITY;
    this.#options.onFresh();
  }

  get #since(): Date {
    const { jobs } = this.#options;
    return new Date(jobs.isUnreadable ? Math.min(this.#wellAt, jobs.wellAt) : this.#wellAt);
  }

  #setStale(): void {
    const { cadence, jobs, onStale } = this.#options;
    this.#isStale = true;
    this.#isKnownFresh = false;
    onStale({ since: this.#since, nextInMs: Math.max(cadence.maxMs, jobs.holdOff.leftMs) });
  }

  #setFresh(): void {
    if (this.#options.jobs.isUnreadable || (this.#isKnownFresh && !this.#isStale)) return;
    this.#isStale = false;
    this.#isKnownFresh = true;
    this.#options.onFresh();
  }
}

/** What the service asked for, where whoever read its list says so. */
function retryAfterMsOf(error: unknown): number | undefined {
  const isTold = typeof error === 'object' && error !== null && 'retryAfterMs' in error;
  return isTold && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : undefined;
}
