/** What the resolvers of one operation may use. */
import type { GraphQLError } from 'graphql';
import type { Backends } from '../backends/backend.ts';
import type { CreateOnce } from '../creates/create-once.ts';
import type { Caller } from '../identity/caller.ts';
import type { Loaders } from '../reads/loaders.ts';
import type { Watcher } from '../watch/watcher.ts';

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
  /** The caller with the rights of this moment; throws `StreamError` `FORBIDDEN` if watching is not among them any more. */
  readonly callerNow: () => Caller;
  /** Calls `onEnd` once the caller has no rights at all any more; the function it returns prevents that. */
  readonly whenRightsEnd: (onEnd: () => void) => () => void;
  /** Over HTTP: calls `onEnd` once nothing more can be sent in response, at once where that is so already. */
  readonly whenResponseEnds: (onEnd: () => void) => void;
  /** What one event of a subscription may use: nothing read before, a deadline of its own, and no one caller's connection. */
  readonly forEvent: (caller: Caller) => EventContext;
  /** Adds an error to the response beside data that stays valid. */
  readonly report: (error: GraphQLError) => void;
  /** What was reported so far. */
  readonly reported: readonly GraphQLError[];
  /** Marks the response as the answer to an earlier call with the same idempotency key. */
  readonly markReplayed: () => void;
  readonly isReplayed: boolean;
  /** Lets go of the deadline: for when the operation or the event has its result. */
  readonly release: () => void;
}

/** As `Context`, for what is executed once for many subscribers. */
export type EventContext = Omit<
  Context,
  'callerNow' | 'forEvent' | 'isSocket' | 'lastEventId' | 'whenResponseEnds' | 'whenRightsEnd'
>;
