/** One call upstream for all who wait for it: when it ends, who may still join, and what each is told if it fails. */
import type { Clock } from '../base/clock.ts';
import { deadlineAfter, type Following, orAborted } from '../base/deadline.ts';
import { BackendError } from '../model/errors.ts';
import type { JobService } from '../model/job-state.ts';
import type { FailurePacing } from './failure-pacing.ts';

/** Longer than any one call upstream takes; a batch may make several. */
const callMs = 15_000;

/** A read that was begun longer ago than this is not of the moment any more, even if its answer is still to come. */
const joinableMs = 100;

export interface SharedCallOptions {
  readonly service: JobService;
  readonly clock: Clock;
  /** Of this service. */
  readonly failures: FailurePacing;
}

/** One for all of them: an error takes its stack when it is made, and this one nobody reads. */
const nobodyWaits = new DOMException('nobody waits for the answer any more', 'AbortError');

export class SharedCall<Answer> {
  readonly #options: SharedCallOptions;
  readonly #begunAt: number;
  readonly #end = new AbortController();
  readonly #answer: Promise<Answer>;
  #waiting = 0;
  #isOver = false;

  /** Begins `call`. Its signal fires once nobody waits for it any more, or it is out of time. */
  constructor(options: SharedCallOptions, call: (signal: AbortSignal) => Promise<Answer>) {
    this.#options = options;
    this.#begunAt = options.clock.monotonicMs();
    this.#answer = this.#run(call, deadlineAfter(callMs, this.#end.signal, options.clock));
  }

  get mayBeJoined(): boolean {
    return !this.#isOver && this.#options.clock.monotonicMs() - this.#begunAt <= joinableMs;
  }

  /** Waits for the answer until `signal` fires, which ends this wait and no other. Rejects with an error that is frozen. */
  async wait(signal: AbortSignal): Promise<Answer> {
    this.#waiting += 1;
    try {
      return await orAborted(this.#answer, signal);
    } catch (error) {
      const failure = signal.aborted ? this.#outOfTime(signal) : error;
      await this.#options.failures.turn();
      throw failure;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#isOver) this.#giveUp();
    }
  }

  /** Calls `listener` when the call is over, whatever came of it. */
  whenOver(listener: () => void): void {
    this.#answer.then(listener, listener);
  }

  async #run(call: (signal: AbortSignal) => Promise<Answer>, { signal, release }: Following): Promise<Answer> {
    try {
      return await orAborted(call(signal), signal);
    } catch (error) {
      throw frozen(error);
    } finally {
      this.#isOver = true;
      release();
    }
  }

  #giveUp(): void {
    this.#isOver = true;
    this.#end.abort(nobodyWaits);
  }

  #outOfTime({ reason }: AbortSignal): BackendError {
    const { service } = this.#options;
    const name = service === 'DATA_EXCHANGE' ? 'AWS Data Exchange' : 'AWS Import/Export';
    return new BackendError({
      service,
      code: 'UPSTREAM_TIMEOUT',
      message: `${name} did not answer in time.`,
      cause: reason,
    });
  }
}

/** One error reaches many requests, and none of them may change it for the others. */
export function frozen<E>(error: E): E {
  if (error instanceof BackendError) Object.freeze(error.field);
  return Object.freeze(error);
}
