/** Says in the log why the store refuses writes: at once, again every minute while it lasts, and when it is over. */
import type { Clock } from '../base/clock.ts';

const repeatMs = 60_000;

export interface StoreFaultsOptions {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** The setting that locates the store. */
  readonly setting: string;
  /** Why a write has failed, and what to do about it, for an operator; undefined for what is logged elsewhere. */
  readonly reasonOf: (error: unknown) => string | undefined;
}

export class StoreFaults {
  readonly #options: StoreFaultsOptions;
  /** The reason of the last refusal, until a write has succeeded. */
  #reason: string | undefined;
  /** When each reason was logged, by the monotonic clock. There are few of them. */
  readonly #loggedAt = new Map<string, number>();

  constructor(options: StoreFaultsOptions) {
    this.#options = options;
  }

  failed(error: unknown): void {
    const { clock, log, setting, reasonOf } = this.#options;
    const reason = reasonOf(error);
    if (reason === undefined) return;
    const now = clock.monotonicMs();
    if (now - (this.#loggedAt.get(reason) ?? Number.NEGATIVE_INFINITY) < repeatMs) return;
    this.#loggedAt.set(reason, now);
    this.#reason = reason;
    log(`${setting}: ${reason}. Until then creates with an idempotency key are refused, and nothing is sent for them.`);
  }

  /** A write has succeeded. Logs that only after a line about a refusal: a store that fails now and then must not fill the log. */
  succeeded(): void {
    if (this.#reason === undefined) return;
    this.#reason = undefined;
    this.#options.log(`${this.#options.setting}: the store takes writes again.`);
  }
}
