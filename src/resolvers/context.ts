/** The context that the resolvers of one operation receive. */
import type { GraphQLError } from 'graphql';
import type { AskedServices, Backends } from '../backends/backend.ts';
import type { CreateOnce } from '../creates/create-once.ts';
import type { Caller } from '../identity/caller.ts';
import type { Loaders } from '../reads/loaders.ts';
import type { Watcher } from '../watch/watcher.ts';

export interface Context {
  /** With the rights that they had when the operation or event began. */
  readonly caller: Caller;
  readonly backends: Backends;
  readonly services: AskedServices;
  readonly watcher: Watcher;
  readonly createOnce: Pick<CreateOnce, 'manifestToSend' | 'run'>;
  /** Resolves once the states that answers have shown so far are in the log, or could not be written. */
  readonly whenRecorded: () => Promise<void>;
  /** Signs the cursors of lists. */
  readonly cursorKey: Uint8Array;
  /** Fires when the caller has gone or the deadline of the operation has passed. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** For one query or mutation, or one event of a subscription. */
  readonly loaders: Loaders;
  /** The last event id that a client of server-sent events has received: a cursor. */
  readonly lastEventId: string | undefined;
  /** Whether the operation came over a WebSocket, whose protocol has a message for an error that ends a stream. */
  readonly isSocket: boolean;
  /** The caller with their current rights. Throws `StreamError` `FORBIDDEN` if they may not watch any more. */
  readonly callerNow: () => Caller;
  /** Calls `onEnd` once the caller has lost all rights. The returned function cancels this. */
  readonly whenRightsEnd: (onEnd: () => void) => () => void;
  /** Over HTTP: calls `onEnd` once nothing more can be sent in the response, or immediately if it has ended already. */
  readonly whenResponseEnds: (onEnd: () => void) => void;
  /** Over HTTP: closes the connection in the middle of the response, and resolves once it is closed. */
  readonly breakOff: () => Promise<void>;
  /**
   * The context of one event of a subscription: with empty loaders and its own deadline, and independent of any
   * caller's connection.
   */
  readonly forEvent: (caller: Caller) => EventContext;
  /** Adds an error to the response beside data that stays valid. */
  readonly report: (error: GraphQLError) => void;
  /** The errors reported so far. */
  readonly reported: readonly GraphQLError[];
  /** Adds to the log the code of a failure that the response shows as data, whether or not it is selected. */
  readonly noteFailure: (code: string) => void;
  readonly notedFailures: readonly string[];
  /** Marks the response as the answer to an earlier call with the same idempotency key. */
  readonly markReplayed: () => void;
  readonly isReplayed: boolean;
  /** Marks the response as that of a create whose key is on no tag: the account refuses tags. */
  readonly markKeyNotTagged: () => void;
  readonly isKeyNotTagged: boolean;
  /** Clears the timer of the deadline. Call it once the operation or the event has its result. */
  readonly release: () => void;
}

/** As `Context`, for an execution that many subscribers share. */
export type EventContext = Omit<
  Context,
  'breakOff' | 'callerNow' | 'forEvent' | 'isSocket' | 'lastEventId' | 'whenResponseEnds' | 'whenRightsEnd'
>;
