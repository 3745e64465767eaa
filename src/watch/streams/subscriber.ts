/** One reader's stream, with a bounded queue of its own, so that a slow reader affects no other. */
import { Repeater } from '@repeaterjs/repeater';
import { StreamError } from './stream-error.ts';
import { UnreadEvents } from './unread-events.ts';

/**
 * Max number of unread events: more than one page of a list can bring at once. Transitions are rare, so only a reader
 * that has stopped reading exceeds it.
 */
const capacity = 256;

export interface SubscriberHooks {
  /** Called when the reader requests its first event. */
  readonly onStart: () => void;
  /** What to wait for before the backlog is complete, if anything. */
  readonly caughtUp?: () => Promise<void> | undefined;
  /** Called once, however the stream ends: completed, failed, or closed by its reader. */
  readonly onEnd: () => void;
}

/** Every event carries the position after it. */
interface Positioned {
  readonly cursor: string;
}

/**
 * A stream whose events are pushed and read independently.
 *
 * `stream` is a `Repeater`: `return()` on a native async generator has no effect while the generator awaits, so that
 * polling would continue for a reader who has left.
 */
export class Subscriber<T extends Positioned> {
  readonly stream: Repeater<T>;
  readonly #unread = new UnreadEvents<T>(capacity);
  #push: ((item: T) => void) | undefined;
  #stop: ((error?: Error) => void) | undefined;
  #lastCursor: string | undefined;

  /**
   * `backlog` is called when the reader begins to read, so that no event is lost between the backlog and the first
   * push. Its events come first and do not count against the queue.
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
      const caughtUp = hooks.caughtUp?.();
      if (caughtUp === undefined) begin();
      else void caughtUp.then(begin);
      return stop;
    }, this.#unread);
  }

  /**
   * Queues an event. A reader whose queue is full is disconnected instead; the error carries the cursor to resume from.
   */
  push(item: T): void {
    if (this.#unread.full) {
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
    this.#push?.(item);
  }

  /** Ends the stream after the queued events have been read. */
  complete(): void {
    this.#stop?.();
  }

  /** As `complete`, with an error as the last result. */
  fail(error: Error): void {
    this.#stop?.(error);
  }

  /** Number of events that wait to be read. */
  get unread(): number {
    return this.#unread.size;
  }

  /** The cursor of the newest queued event. */
  get lastCursor(): string | undefined {
    return this.#lastCursor;
  }
}
