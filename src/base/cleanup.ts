/** Releases resources in the reverse order of their acquisition: at the shutdown, or when a later one cannot be acquired. */
export class Cleanup {
  readonly #releases: (() => unknown)[] = [];

  /** `release` is called once; it may return a promise. */
  add(release: () => unknown): void {
    this.#releases.push(release);
  }

  /** Runs all of them even if one fails, then rejects with the first failure. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let release = this.#releases.pop(); release !== undefined; release = this.#releases.pop()) {
      try {
        await release();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
