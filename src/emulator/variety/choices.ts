/** Choices that follow from a seed and from what they are about, never from the clock or from a shared stream of chance. */
import { createHash } from 'node:crypto';

export type Fact = string | number;

export class Choices {
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** From 0 up to but not 1. A hash, so that one choice does not depend on how many others were made before it. */
  fraction(...facts: readonly Fact[]): number {
    const digest = createHash('sha256')
      .update(JSON.stringify([this.#seed, ...facts]))
      .digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  }

  /** True in `share` of all cases. */
  isChosen(share: number, ...facts: readonly Fact[]): boolean {
    return this.fraction(...facts) < share;
  }

  /** A whole number from 0 up to but not `end`. */
  below(end: number, ...facts: readonly Fact[]): number {
    return Math.floor(this.fraction(...facts) * end);
  }
}
