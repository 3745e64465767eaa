/** One reader's stream: a small queue of its own, so that a reader too slow for it harms nobody else. */
import { Repeater } from '@repeaterjs/repeater';
import { StreamError } from './stream-error.ts';
import { UnreadEvents } from './unread-events.ts';

/**
 * Unread events a reader may have: as many as one page of a list can bring at once, and some. Transitions are few, so only a
 * reader that has stopped reading comes to that.
 */
const capacity = 256;

export interface SubscriberHooks {
  /** Called when the reader asks for its first event. */
  readonly onStart: () => void;
  /** What must have come about before the backlog is whole, where there is such a thing. */
  readonly arrival?: () => Promise<void> | undefined;
  /** Called once, however the stream ends: completed, failed, or left by its reader. */
  readonly onEnd: () => void;
}

/** What every event carries: where to go on after it. */
interface Positioned {
  readonly cursor: string;
}

/**
 * A stream that is pushed to and read independently.
 *
 * `stream` is a `Repeater` because leaving a native async generator has no effect while it waits, so that the poll behind it
 * would go on for a reader who has gone.
 */
export class Subscriber<T extends Positioned> {
  readonly stream: Repeater<T>;
  readonly #unread = new UnreadEvents<T>(capacity);
  #push: ((item: T) => void) | undefined;
  #stop: ((error?: Error) => void) | undefined;
  #lastCursor: string | undefined;

  /**
   * `backlog` gives what the reader has missed when it begins to read, so that nothing falls between that and what is pushed
   * from then on. It is read first and does not count against the queue.
   */
  constructor(hooks: SubscriberHooks, backlog: () => readonly T[]) {
    this.stream = new Repeater<T>((push, stop) => {
      this.#push = (item) => void push(item);
      this.#stop = stop;
      let hasEnded = false;
      void stop.then(() => {
        hasEnded = true;
        hooks.onEnd();
      });
      const begin = (): void => {
        if (hasEnded) return;
        const missed = backlog();
        this.#unread.capacity += missed.length;
        for (const item of missed) this.push(item);
        hooks.onStart();
      };
      const arrival = hooks.arrival?.();
      if (arrival === undefined) begin();
      else void arrival.then(begin);
      return stop;
    }, this.#unread);
  }

  /** Queues an event; a reader whose queue is full is cut off instead, and told where to take up again. */
  push(item: T): void {
    if (this.#unread.full) {
      this.fail(
        new StreamError(
          'SLOW_CONSUMER',
          'Events came faster than they were read. Go on from the cursor.',
          this.#lastCursor,
        ),
      );
      return;
    }
    this.#lastCursor = item.cursor;
    this.#push?.(item);
  }

  /** Ends the stream once what is queued has been read. */
  complete(): void {
    this.#stop?.();
  }

  /** As `complete`, with an error at the end. */
  fail(error: Error): void {
    this.#stop?.(error);
  }

  /** How many events wait to be read. */
  get unread(): number {
    return this.#unread.size;
  }

  /** The position of the newest event that was queued. */
  get lastCursor(): string | undefined {
    return this.#lastCursor;
  }
}
