/** Subscriptions as async iterables. */
import type { Sink } from 'graphql-ws';

type Subscribe<T> = (sink: Sink<T>) => () => void;

/** What a subscription brings, to be read at the reader's pace. */
export function iterated<T>(subscribe: Subscribe<T>): AsyncIterableIterator<T> {
  const unread: T[] = [];
  /** Once it has ended; with the error until that is thrown. */
  let ending: unknown[] | undefined;
  const waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const end = (...error: unknown[]): void => {
    ending = error;
    wake();
  };
  const stop = subscribe({
    next: (value) => {
      unread.push(value);
      wake();
    },
    error: end,
    complete: end,
  });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next(): Promise<IteratorResult<T>> {
      while (!unread.length && !ending) await new Promise<void>((resolve) => waiting.push(resolve));
      if (unread.length > 0) return { done: false, value: unread.shift() as T };
      if (ending?.length) throw ending.pop();
      return { done: true, value: undefined };
    },
    async return(): Promise<IteratorResult<T>> {
      stop();
      unread.length = 0;
      end();
      return { done: true, value: undefined };
    },
  };
}
