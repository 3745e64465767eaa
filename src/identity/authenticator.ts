/** How the gateway learns who is calling, whatever the proof is. */
import { type Caller, localCaller } from './caller.ts';

/** One for HTTP and WebSocket alike. */
export interface Authenticator {
  /**
   * The caller behind an `Authorization: Bearer` header, or what `authorizationFromPayload` found in a `connection_init`.
   * Rejects with `Unauthenticated`, and with nothing else.
   */
  authenticate(authorization: string | undefined): Promise<Caller>;
  /**
   * The caller with the rights of this moment; undefined once there are none. Answers from memory, so it can be asked before
   * every event and in the same tick. Takes the very object that `authenticate` or `current` gave.
   */
  current(caller: Caller): Caller | undefined;
  /** Calls `listener` whenever rights may have changed for another reason than time; the function it returns ends that. */
  onChange(listener: () => void): () => void;
  /** Stops all work in the background. Nobody new is let in afterwards. */
  close(): void;
}

/** Why a caller was refused, as a word for metrics. `unavailable`: the proof could not be checked; it may be good. */
export type UnauthenticatedReason = 'missing' | 'malformed' | 'expired' | 'unknown' | 'unavailable';

/** A caller who is not let in. It has no `cause`, and its message is the same whatever came: nothing of a token is in it. */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated';
  readonly reason: UnauthenticatedReason;

  constructor(reason: UnauthenticatedReason) {
    super('Expected a valid bearer token.');
    this.reason = reason;
  }
}

/** Lets everyone in with every right. For loopback addresses only. */
export function createOpenAuthenticator(): Authenticator {
  return {
    authenticate: async () => localCaller,
    current: (caller) => caller,
    onChange: () => () => {},
    close: () => {},
  };
}
