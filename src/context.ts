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
    const deadline = (): AbortSignal => deadlineAfter(operationMs, gone, clock);
    const freshLoaders = (): Loaders => createLoaders(shared.backends, deadline());
    const reported: GraphQLError[] = [];
    return {
      ...shared,
      now: clock.now,
      signal: deadline(),
      loaders: freshLoaders(),
      freshLoaders,
      reported,
      report: (error) => reported.push(error),
    };
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
