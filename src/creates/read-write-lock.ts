/**
 * A read-write lock per kind: keeps the search for a lost job apart from creates of equal jobs, whose ids are not known
 * while they are under way.
 */
export class ReadWriteLock {
  readonly #queues = new Map<string, Queue>();

  /** Runs `create` together with others of the same `kind`, but not during a search of that kind. */
  async withCreate<T>(kind: string, create: () => Promise<T>): Promise<T> {
    const queue = this.#enter(kind);
    while (queue.search !== undefined) await queue.search;
    const creating = create();
    const ended = creating.then(nothing, nothing);
    queue.creates.add(ended);
    try {
      return await creating;
    } finally {
      queue.creates.delete(ended);
      this.#release(kind, queue);
    }
  }

  /** Runs `search` once the creates of its `kind` that are under way have ended; new ones wait for it. */
  async withSearch<T>(kind: string, search: () => Promise<T>): Promise<T> {
    const queue = this.#enter(kind);
    while (queue.search !== undefined) await queue.search;
    const searching = Promise.all(queue.creates).then(search);
    queue.search = searching.then(nothing, nothing);
    try {
      return await searching;
    } finally {
      queue.search = undefined;
      this.#release(kind, queue);
    }
  }

  #enter(kind: string): Queue {
    const queue = this.#queues.get(kind) ?? { creates: new Set(), search: undefined, waiting: 0 };
    this.#queues.set(kind, queue);
    queue.waiting += 1;
    return queue;
  }

  #release(kind: string, queue: Queue): void {
    queue.waiting -= 1;
    if (queue.waiting === 0) this.#queues.delete(kind);
  }
}

interface Queue {
  readonly creates: Set<Promise<void>>;
  search: Promise<void> | undefined;
  /** Number of holders and waiters. */
  waiting: number;
}

function nothing(): void {}
