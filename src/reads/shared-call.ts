/** Shares one upstream call among all requests that wait for it. */
import type { Clock } from '../base/clock.ts';
import { orAborted, timeoutError } from '../base/deadline.ts';
import { BackendError } from '../model/errors.ts';
import { type JobService, serviceNames } from '../model/job-state.ts';
import type { FailurePacing } from './failure-pacing.ts';

/** Longer than a single upstream call takes, as a batch may make several. */
const callMs = 15_000;

/** A call that began longer ago may return an older state, so no request joins it. */
const joinableMs = 100;

export interface SharedCallOptions {
  readonly service: JobService;
  readonly clock: Clock;
  /** Paces the failures of this service. */
  readonly failures: FailurePacing;
}

/** Created once: an error captures its stack when it is created, and nothing reads the stack of this one. */
const abandoned = new DOMException('no request waits for the answer any more', 'AbortError');

export class SharedCall<Answer> {
  readonly #options: SharedCallOptions;
  readonly #begunAt: number;
  readonly #end = new AbortController();
  readonly #answer: Promise<Answer>;
  #waiters = 0;
  #isOver = false;

  /** Starts `call`. Its signal fires once no request waits any more, or after `callMs`. */
  constructor(options: SharedCallOptions, call: (signal: AbortSignal) => Promise<Answer>) {
    this.#options = options;
    this.#begunAt = options.clock.monotonicMs();
    this.#answer = this.#run(call, this.#end.signal);
  }

  get isJoinable(): boolean {
    return !this.#isOver && this.#options.clock.monotonicMs() - this.#begunAt <= joinableMs;
  }

  /** Waits for the answer until `signal` fires, which ends only this wait. Rejects with a frozen error. */
  async wait(signal: AbortSignal): Promise<Answer> {
    this.#waiters += 1;
    try {
      return await orAborted(this.#answer, signal);
    } catch (error) {
      const failure = signal.aborted ? this.#timeout(signal) : error;
      await this.#options.failures.turn();
      throw failure;
    } finally {
      this.#waiters -= 1;
      if (this.#waiters === 0 && !this.#isOver) this.#abandon();
    }
  }

  /** Calls `listener` when the call has succeeded or failed. */
  onEnd(listener: () => void): void {
    this.#answer.then(listener, listener);
  }

  async #run(call: (signal: AbortSignal) => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    const cancel = this.#options.clock.schedule(() => this.#end.abort(timeoutError(callMs)), callMs);
    try {
      return await orAborted(call(signal), signal);
    } catch (error) {
      throw frozen(error);
    } finally {
      this.#isOver = true;
      cancel();
    }
  }

  #abandon(): void {
    this.#isOver = true;
    this.#end.abort(abandoned);
  }

  #timeout({ reason }: AbortSignal): BackendError {
    const { service } = this.#options;
    return new BackendError({
      service,
      code: 'UPSTREAM_TIMEOUT',
      message: `${serviceNames[service]} did not answer in time.`,
      cause: reason,
    });
  }
}

/** Freezes an error, as many requests receive the same one and none may change it. */
export function frozen<E>(error: E): E {
  if (error instanceof BackendError) Object.freeze(error.field);
  return Object.freeze(error);
}
