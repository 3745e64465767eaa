/** What the resolvers of one operation may use. */
import type { GraphQLError } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Authenticator } from './access/authenticator.ts';
import { type Caller, hasScope } from './access/caller.ts';
import { presentCaller, whenRightsEnd } from './access/rights-end.ts';
import type { Backends } from './backends/backend.ts';
import type { Clock } from './clock.ts';
import type { CreateOnce } from './creates/create-once.ts';
import { deadlineAfter } from './deadline.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import type { SharedReads } from './shared-reads/shared-reads.ts';
import type { Staleness } from './watch/events.ts';
import { StreamError } from './watch/stream-error.ts';
import type { Watcher } from './watch/watcher.ts';

export interface Context {
  /** Who asked, with the rights of when the operation or the event began. */
  readonly caller: Caller;
  readonly backends: Backends;
  readonly watcher: Watcher;
  readonly createOnce: Pick<CreateOnce, 'run'>;
  /** Signs the cursors of lists. */
  readonly cursorKey: Uint8Array;
  /** Fires when the caller has gone or the operation has run out of time. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Of one query or mutation, or of one event of a subscription. */
  readonly loaders: Loaders;
  /** The id of the last event that a reader of server-sent events has seen: its cursor. */
  readonly lastEventId: string | undefined;
  /** Whether the operation came over a WebSocket, which has a message of its own for an error that ends a stream. */
  readonly isSocket: boolean;
  /** Tells the caller that what a subscription told may be old, where its transport has a way to. */
  readonly onStale: (staleness: Staleness) => void;
  /** The caller with the rights of this moment; throws `StreamError` `FORBIDDEN` if watching is not among them any more. */
  readonly callerNow: () => Caller;
  /** Calls `onEnd` once the caller has no rights at all any more; the function it returns prevents that. */
  readonly whenRightsEnd: (onEnd: () => void) => () => void;
  /** What one event of a subscription may use: nothing read before, a deadline of its own, and no one caller's connection. */
  readonly forEvent: (caller: Caller) => EventContext;
  /** Adds an error to the response beside data that stays valid. */
  readonly report: (error: GraphQLError) => void;
  /** What was reported so far. */
  readonly reported: readonly GraphQLError[];
  /** Marks the response as the answer to an earlier call with the same idempotency key. */
  readonly markReplayed: () => void;
  readonly isReplayed: () => boolean;
  /** Lets go of the deadline: for when the operation or the event has its result. */
  readonly release: () => void;
}

/** As `Context`, for what is executed once for many subscribers. */
export type EventContext = Omit<
  Context,
  'callerNow' | 'forEvent' | 'isSocket' | 'lastEventId' | 'onStale' | 'whenRightsEnd'
>;

/** What is known of a request before its operation: who it is from. */
export interface CallerScope {
  readonly caller: Caller;
}

/** What a WebSocket adds to its operations. */
export interface SocketScope extends CallerScope {
  /** Fires when the caller's connection has gone; over HTTP the request has a signal of its own. */
  readonly signal: AbortSignal;
  readonly onStale: (staleness: Staleness) => void;
}

/** A query or mutation, or one event of a subscription, may take this long. */
const operationMs = 15_000;

interface Shared extends Pick<Context, 'createOnce' | 'cursorKey' | 'watcher'> {
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  readonly reads: SharedReads;
}

type InitialContext = YogaInitialContext & CallerScope & Partial<SocketScope>;

/**
 * Makes the context of each operation from what all of them share. Yoga's own option copies what it is given, so that getters
 * would be read at once: a deadline and loaders for each of thousands of subscriptions, which need neither while they wait.
 */
export function useContext(shared: Shared): Plugin<Context> {
  const contextFrom = contextFactory(shared);
  return {
    onContextBuilding({ context }) {
      Object.defineProperties(context, Object.getOwnPropertyDescriptors(contextFrom(context as InitialContext)));
    },
    onExecute: ({ args }) => ({ onExecuteDone: () => args.contextValue.release() }),
    onSubscribe: ({ args }) => ({ onSubscribeResult: () => args.contextValue.release() }),
  };
}

function contextFactory({
  clock,
  authenticator,
  reads: { backends, readDataExchangeJobs },
  ...shared
}: Shared): (initial: InitialContext) => Context {
  const under = (gone: () => AbortSignal, caller: Caller): EventContext => {
    const deadline = onDemand(() => deadlineAfter(operationMs, gone(), clock));
    const signal = (): AbortSignal => deadline.get().signal;
    const loaders = onDemand(() => createLoaders(backends, signal, readDataExchangeJobs));
    const reported: GraphQLError[] = [];
    let isReplayed = false;
    return {
      ...shared,
      caller,
      backends,
      now: clock.now,
      get signal() {
        return signal();
      },
      get loaders() {
        return loaders.get();
      },
      release: () => deadline.made?.release(),
      reported,
      report: (error) => reported.push(error),
      isReplayed: () => isReplayed,
      markReplayed: () => {
        isReplayed = true;
      },
    };
  };
  return ({ request, caller, signal, onStale = () => {} }) =>
    Object.assign(
      under(() => signal ?? request.signal, caller),
      {
        lastEventId: signal === undefined ? (request.headers.get('last-event-id') ?? undefined) : undefined,
        isSocket: signal !== undefined,
        onStale,
        callerNow: () => watchingCaller(presentCaller(authenticator, caller)),
        whenRightsEnd: (onEnd: () => void) => whenRightsEnd({ authenticator, caller, clock, onEnd }),
        forEvent: (callerNow: Caller) => under(() => neverAborted, callerNow),
      },
    );
}

function watchingCaller(caller: Caller | undefined): Caller {
  if (caller !== undefined && hasScope(caller, 'jobs:read')) return caller;
  throw new StreamError('FORBIDDEN', 'The caller may not watch jobs any more.');
}

/** Those who wait for an event come and go; what is made of it is made for all of them. */
const neverAborted = new AbortController().signal;

/** What `make` gives, made when first asked for. Most events of a subscription read nothing, and so need no deadline and no timer. */
function onDemand<T>(make: () => T): { readonly made: T | undefined; get(): T } {
  let made: { readonly value: T } | undefined;
  return {
    get made() {
      return made?.value;
    },
    get: () => {
      made ??= { value: make() };
      return made.value;
    },
  };
}

/** Puts what resolvers reported beside their data into the response, and the mark of an answer that was given before. */
export function useReportedErrors(): Plugin<Context> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        const { reported, isReplayed } = args.contextValue;
        if (Symbol.asyncIterator in result || (reported.length === 0 && !isReplayed())) return;
        setResult({
          ...result,
          ...(reported.length > 0 && { errors: [...(result.errors ?? []), ...reported] }),
          ...(isReplayed() && { extensions: { ...result.extensions, replayed: true } }),
        });
      },
    }),
  };
}
