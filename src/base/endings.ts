/** Lets go of what was taken, the last first: at the end, or where what was to follow could not be had. */
export class Endings {
  readonly #endings: (() => unknown)[] = [];

  /** `end` is called once; it may give a promise. */
  add(end: () => unknown): void {
    this.#endings.push(end);
  }

  /** One that fails does not keep the others from their end; then it rejects with what failed first. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let end = this.#endings.pop(); end !== undefined; end = this.#endings.pop()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
