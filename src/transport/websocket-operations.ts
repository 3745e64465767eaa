/** The operations of one socket: each is owned from its first byte, and what ends it ends all that was started for it. */

/** One operation. It hands out a signal only to what asks for it: most streams never do. */
export class Operation {
  #hasEnded = false;
  #ending: AbortController | undefined;
  #stream: AsyncIterator<unknown> | undefined;

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Fires when the operation has ended, whoever ended it. */
  get signal(): AbortSignal {
    this.#ending ??= new AbortController();
    if (this.#hasEnded) this.#ending.abort();
    return this.#ending.signal;
  }

  /** `stream` ends with the operation: at once, where that has ended while the stream was made. */
  follow(stream: AsyncIterator<unknown>): void {
    this.#stream = stream;
    if (this.#hasEnded) this.#endStream();
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#ending?.abort();
    this.#endStream();
  }

  /** Whoever reads the stream is told of what it throws. */
  #endStream(): void {
    this.#stream?.return?.().catch(() => {});
  }
}

/**
 * Those that have ended and are still being undone hold resources as well: with them there may be twice as many as may live, so
 * that a client may end all it has and begin as many in one breath.
 */
const undoneShare = 2;

export class Operations {
  readonly #max: number;
  readonly #living = new Map<string, Operation>();
  #underWay = 0;
  #onNone = (): void => {};

  /** At most `max` live at once. */
  constructor(max: number) {
    this.#max = max;
  }

  has(id: string): boolean {
    return this.#living.has(id);
  }

  get isFull(): boolean {
    return this.#living.size >= this.#max || this.#underWay >= this.#max * undoneShare;
  }

  /** Runs an operation under `id`, which must be free. It is under way until `run` has resolved; `run` must not reject. */
  begin(id: string, run: (operation: Operation, leave: () => void) => Promise<void>): void {
    const operation = new Operation();
    this.#living.set(id, operation);
    this.#underWay += 1;
    const leave = (): void => {
      if (this.#living.get(id) === operation) this.#living.delete(id);
    };
    void run(operation, leave).then(() => {
      leave();
      operation.end();
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#onNone();
    });
  }

  /** The id is free at once; what was started under it is told no more of. */
  end(id: string): void {
    const operation = this.#living.get(id);
    this.#living.delete(id);
    operation?.end();
  }

  endAll(): void {
    for (const id of [...this.#living.keys()]) this.end(id);
  }

  /** Resolves once none is under way. */
  none(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onNone = resolve;
    });
  }
}
