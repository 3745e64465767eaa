/** Tracks the operations of one socket. Ending an operation ends everything that was started for it. */

/** One operation. It creates its abort signal only on demand, since most streams never need one. */
export class Operation {
  #hasEnded = false;
  #ending: AbortController | undefined;
  #stream: AsyncIterator<unknown> | undefined;

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Fires when the operation has ended, for any reason. */
  get signal(): AbortSignal {
    this.#ending ??= new AbortController();
    if (this.#hasEnded) this.#ending.abort();
    return this.#ending.signal;
  }

  /** Ends `stream` with the operation; at once if the operation has already ended. */
  attach(stream: AsyncIterator<unknown>): void {
    this.#stream = stream;
    if (this.#hasEnded) this.#endStream();
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#ending?.abort();
    this.#endStream();
  }

  /** The reader of the stream receives what it throws. */
  #endStream(): void {
    this.#stream?.return?.().catch(() => {});
  }
}

/**
 * Ended operations hold resources until their cleanup is done. Including them, twice as many operations may exist as
 * may be active, so that a client may complete all of its operations and begin as many in one burst.
 */
const cleanupFactor = 2;

export class Operations {
  readonly #max: number;
  readonly #active = new Map<string, Operation>();
  #underWay = 0;
  #onNone = (): void => {};

  /** At most `max` operations are active at once. */
  constructor(max: number) {
    this.#max = max;
  }

  has(id: string): boolean {
    return this.#active.has(id);
  }

  get isFull(): boolean {
    return this.#active.size >= this.#max || this.#underWay >= this.#max * cleanupFactor;
  }

  /** Runs an operation with `id`, which must be free. It is under way until `run` has resolved; `run` must not reject. */
  begin(id: string, run: (operation: Operation, releaseId: () => void) => Promise<void>): void {
    const operation = new Operation();
    this.#active.set(id, operation);
    this.#underWay += 1;
    const releaseId = (): void => {
      if (this.#active.get(id) === operation) this.#active.delete(id);
    };
    void run(operation, releaseId).then(() => {
      releaseId();
      operation.end();
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#onNone();
    });
  }

  /** Ends the operation with `id`. The id is free at once, and nothing more is sent for the ended operation. */
  end(id: string): void {
    const operation = this.#active.get(id);
    this.#active.delete(id);
    operation?.end();
  }

  endAll(): void {
    for (const id of [...this.#active.keys()]) this.end(id);
  }

  /** Resolves once none is under way. */
  none(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onNone = resolve;
    });
  }
}
