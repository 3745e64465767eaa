/** What the transports know of an operation before Yoga runs it, and what they run it by. */
import type { YogaServerInstance } from 'graphql-yoga';
import type { Caller } from '../identity/caller.ts';
import type { YogaContext } from './operation-context.ts';

/** Where operations go, by whatever transport. */
export const graphqlPath = '/graphql';

export type Yoga = YogaServerInstance<ServerContext, YogaContext>;

export type ServerContext = CallerScope & Partial<SocketScope>;

/** What is known of a request before its operation: who it is from. */
export interface CallerScope {
  readonly caller: Caller;
}

/** What a WebSocket adds to its operations. */
export interface SocketScope extends CallerScope {
  /** Its signal fires when the operation has ended, whoever ended it; over HTTP the request has a signal of its own. */
  readonly socketOperation: { readonly signal: AbortSignal };
}
