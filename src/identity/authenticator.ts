/** Defines how callers prove who they are, whatever the proof is. */
import { type Caller, localCaller } from './caller.ts';

/** Authenticates callers over HTTP and WebSocket alike. */
export interface Authenticator {
  /**
   * The caller of an `Authorization: Bearer` header, or of what `authorizationFromPayload` found in a
   * `connection_init`. Rejects only with `Unauthenticated`.
   */
  authenticate(authorization: string | undefined): Promise<Caller>;
  /**
   * The caller with their present rights; undefined once there are none. Answers synchronously from memory, so it can
   * be called before every event. Takes the very object that `authenticate` or `current` returned.
   */
  current(caller: Caller): Caller | undefined;
  /** Calls `listener` whenever rights may have changed for a reason other than time; the returned function removes it. */
  onChange(listener: () => void): () => void;
  /** Stops background work. No caller is authenticated afterwards. */
  close(): void;
}

/** The reason of a refusal, as a word for metrics. `unavailable`: the proof could not be checked and may be valid. */
export type UnauthenticatedReason = 'missing' | 'malformed' | 'expired' | 'unknown' | 'unavailable';

/**
 * The caller could not be authenticated. It has no `cause`, and its message is always the same, so it contains nothing
 * of a token.
 */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated';
  readonly reason: UnauthenticatedReason;

  constructor(reason: UnauthenticatedReason) {
    super('Expected a valid bearer token.');
    this.reason = reason;
  }
}

/** The reason of any error of an authentication: of one that is no refusal, that the proof could not be checked. */
export function unauthenticatedReason(error: unknown): UnauthenticatedReason {
  return error instanceof Unauthenticated ? error.reason : 'unavailable';
}

/** Authenticates everyone, with every scope. For loopback addresses only. */
export function createOpenAuthenticator(): Authenticator {
  return {
    authenticate: async () => localCaller,
    current: (caller) => caller,
    onChange: () => () => {},
    close: () => {},
  };
}
