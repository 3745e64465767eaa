/** One reader's stream, with a bounded queue of its own, so that a slow reader affects no other. */
import { StreamError } from './stream-error.ts';

/**
 * Max number of unread events: more than one page of a list can bring at once. Transitions are rare, so only a reader
 * that has stopped reading exceeds it.
 */
const capacity = 256;

/** What a stream is of. */
export interface SubscriberOwner<T> {
  /** What to wait for before the backlog is complete, if anything. */
  caughtUp(): Promise<void> | undefined;
  /**
   * Called when the reader begins to read, so that no event is lost between the backlog and the first push. Its events
   * come first and do not count against the queue.
   */
  backlog(): readonly T[];
  /** Called after `backlog`. */
  onStart(): void;
  /** Called once, however the stream ends after the reader has requested an event: completed, failed, or closed. */
  onEnd(): void;
}

/** Every event carries the position after it. */
interface Positioned {
  readonly cursor: string;
}

interface Request<T> {
  readonly resolve: (result: Next<T>) => void;
  readonly reject: (error: Error) => void;
}

type Next<T> = IteratorResult<T, undefined>;

/**
 * A stream whose events are pushed and read independently. `return` takes effect at once, even while `next` waits: on a
 * native async generator it would not, so that polling would continue for a reader who has left. A `Repeater` has the
 * same property, and makes twelve promises of each event (3.1.0): a third of the CPU time of a delivery.
 */
export class Subscriber<T extends Positioned> implements AsyncIterableIterator<T, undefined> {
  readonly #owner: SubscriberOwner<T>;
  #phase: 'new' | 'open' | 'ended' = 'new';
  #capacity = capacity;
  /** Absent while empty, since ten thousand idle readers keep what is here. */
  #unread: T[] | undefined;
  /** Calls of `next` that wait for an event. */
  #requests: Request<T>[] = [];
  #error: Error | undefined;
  #lastCursor: string | undefined;

  constructor(owner: SubscriberOwner<T>) {
    this.#owner = owner;
  }

  next(): Promise<Next<T>> {
    if (this.#phase === 'new') this.#start();
    const event = this.#take();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#phase === 'open') return new Promise((resolve, reject) => this.#requests.push({ resolve, reject }));
    const error = this.#error;
    this.#error = undefined;
    return error === undefined ? Promise.resolve(over) : Promise.reject(error);
  }

  return(): Promise<Next<T>> {
    this.#unread = undefined;
    this.#end();
    return Promise.resolve(over);
  }

  throw(): Promise<Next<T>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * Queues an event. A reader whose queue is full is disconnected instead; the error carries the cursor to resume from.
   */
  push(item: T): void {
    if (this.#phase !== 'open') return;
    if (this.unread >= this.#capacity) {
      this.fail(
        new StreamError(
          'SLOW_CONSUMER',
          'Events came faster than they were read. Resume with the cursor.',
          this.#lastCursor,
        ),
      );
      return;
    }
    this.#lastCursor = item.cursor;
    const request = this.#requests.shift();
    if (request !== undefined) request.resolve({ done: false, value: item });
    else if (this.#unread === undefined) this.#unread = [item];
    else this.#unread.push(item);
  }

  /** Ends the stream after the queued events have been read. */
  complete(): void {
    this.#end();
  }

  /** As `complete`, with an error as the last result. */
  fail(error: Error): void {
    this.#end(error);
  }

  /** Number of events that wait to be read. */
  get unread(): number {
    return this.#unread?.length ?? 0;
  }

  #start(): void {
    this.#phase = 'open';
    const caughtUp = this.#owner.caughtUp();
    if (caughtUp === undefined) this.#begin();
    else void caughtUp.then(() => this.#begin());
  }

  #begin(): void {
    if (this.#phase !== 'open') return;
    const missed = this.#owner.backlog();
    this.#capacity += missed.length;
    for (const item of missed) this.push(item);
    this.#owner.onStart();
  }

  #take(): T | undefined {
    const event = this.#unread?.shift();
    if (this.unread === 0) this.#unread = undefined;
    return event;
  }

  #end(error?: Error): void {
    const wasOpen = this.#phase === 'open';
    this.#phase = 'ended';
    if (!wasOpen) return;
    const [first, ...others] = this.#requests;
    this.#requests = [];
    if (first === undefined) this.#error = error;
    else if (error === undefined) first.resolve(over);
    else first.reject(error);
    for (const { resolve } of others) resolve(over);
    // Not within the call that ends the stream: its owner may be in the middle of starting.
    queueMicrotask(() => this.#owner.onEnd());
  }
}

const over: IteratorReturnResult<undefined> = { done: true, value: undefined };
