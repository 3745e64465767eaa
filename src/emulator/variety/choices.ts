/** Derives each choice from a seed and the facts that it is about, independently of the clock and of other choices. */
import { createHash } from 'node:crypto';

export type Fact = string | number;

export class Choices {
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** From 0 up to but not including 1. It is a hash, so it does not depend on the number of earlier choices. */
  fraction(...facts: readonly Fact[]): number {
    const digest = createHash('sha256')
      .update(JSON.stringify([this.#seed, ...facts]))
      .digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  }

  /** True in a `share` of all cases. */
  isChosen(share: number, ...facts: readonly Fact[]): boolean {
    return this.fraction(...facts) < share;
  }

  /** A whole number from 0 up to but not including `end`. */
  below(end: number, ...facts: readonly Fact[]): number {
    return Math.floor(this.fraction(...facts) * end);
  }
}
