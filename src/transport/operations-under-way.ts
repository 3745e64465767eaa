/** Counts the operations that have begun and not ended, and how many end in a second. */
import type { Clock } from '../base/clock.ts';

const secondMs = 1_000;

export class OperationsUnderWay {
  readonly #clock: Clock;
  #count = 0;
  #second = 0;
  #endedThisSecond = 0;
  #endedSecondBefore = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get count(): number {
    return this.#count;
  }

  /** In this second or the one before it, whichever saw more: a second that has just begun says little. */
  get endedInASecond(): number {
    this.#turnTo(this.#secondNow());
    return Math.max(this.#endedThisSecond, this.#endedSecondBefore);
  }

  /** Counts an operation until the function that it returns is called, once or more often. */
  begin(): () => void {
    this.#count += 1;
    let hasEnded = false;
    return () => {
      if (hasEnded) return;
      hasEnded = true;
      this.#count -= 1;
      this.#turnTo(this.#secondNow());
      this.#endedThisSecond += 1;
    };
  }

  #secondNow(): number {
    return Math.floor(this.#clock.monotonicMs() / secondMs);
  }

  #turnTo(second: number): void {
    if (second === this.#second) return;
    this.#endedSecondBefore = second === this.#second + 1 ? this.#endedThisSecond : 0;
    this.#endedThisSecond = 0;
    this.#second = second;
  }
}
