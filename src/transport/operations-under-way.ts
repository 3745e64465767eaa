/** Counts the operations that have begun and not ended, and how many end per second. */
import type { Clock } from '../base/clock.ts';

const secondMs = 1_000;

export class OperationsUnderWay {
  readonly #clock: Clock;
  #count = 0;
  #second = 0;
  #endedThisSecond = 0;
  #endedPreviousSecond = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get count(): number {
    return this.#count;
  }

  /** The higher of the counts of this second and the previous one, since a second that has only begun says little. */
  get endedInASecond(): number {
    this.#advanceTo(this.#secondNow());
    return Math.max(this.#endedThisSecond, this.#endedPreviousSecond);
  }

  /** Counts an operation until the returned function is called; further calls have no effect. */
  begin(): () => void {
    this.#count += 1;
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      this.#count -= 1;
      this.#advanceTo(this.#secondNow());
      this.#endedThisSecond += 1;
    };
  }

  #secondNow(): number {
    return Math.floor(this.#clock.monotonicMs() / secondMs);
  }

  #advanceTo(second: number): void {
    if (second === this.#second) return;
    this.#endedPreviousSecond = second === this.#second + 1 ? this.#endedThisSecond : 0;
    this.#endedThisSecond = 0;
    this.#second = second;
  }
}
