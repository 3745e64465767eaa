/** What the resolvers of one operation may use. */
import type { GraphQLError } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Backends } from './backends/backend.ts';
import type { Clock } from './clock.ts';
import type { CreateOnce } from './create-once.ts';
import { deadlineAfter } from './deadline.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import type { Watcher } from './watch/watcher.ts';

export interface Context {
  readonly backends: Backends;
  readonly watcher: Watcher;
  readonly createOnce: CreateOnce;
  /** Fires when the caller has gone or the operation has run out of time. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Of one query or mutation, or of one event of a subscription. */
  loaders: Loaders;
  /** Loaders that have read nothing yet. */
  readonly freshLoaders: () => Loaders;
  /** Adds an error to the response beside data that stays valid. */
  readonly report: (error: GraphQLError) => void;
  /** What was reported so far. */
  readonly reported: readonly GraphQLError[];
}

/** A query or mutation, or one event of a subscription, may take this long. */
const operationMs = 15_000;

interface Shared extends Pick<Context, 'backends' | 'createOnce' | 'watcher'> {
  readonly clock: Clock;
}

/** Makes the context of each operation from what all of them share. `signal` is the connection's, over WebSocket. */
export function contextFactory({
  clock,
  ...shared
}: Shared): (initial: YogaInitialContext & { signal?: AbortSignal }) => Context {
  return ({ request, signal: connection }) => {
    const gone = connection ?? request.signal;
    const deadline = once(() => deadlineAfter(operationMs, gone, clock));
    const freshLoaders = (): Loaders =>
      createLoaders(
        shared.backends,
        once(() => deadlineAfter(operationMs, gone, clock)),
      );
    const reported: GraphQLError[] = [];
    return {
      ...shared,
      now: clock.now,
      get signal() {
        return deadline();
      },
      loaders: createLoaders(shared.backends, deadline),
      freshLoaders,
      reported,
      report: (error) => reported.push(error),
    };
  };
}

/** `make` at the first call. Most events of a subscription read nothing, and so need no deadline and no timer for one. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Puts what resolvers reported beside their data into the response. */
export function useReportedErrors(): Plugin<Context> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        const { reported } = args.contextValue;
        if (reported.length === 0 || Symbol.asyncIterator in result) return;
        setResult({ ...result, errors: [...(result.errors ?? []), ...reported] });
      },
    }),
  };
}
