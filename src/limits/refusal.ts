/** What is refused before an operation of it is known: such a request is in no log line and no other metric. */
import type { UnauthenticatedReason } from '../identity/authenticator.ts';

/**
 * `failed-too-often`: the address has sent too many wrong tokens. `foreign-origin`: of a page's WebSocket. `too-many-connections` is closed before its request is read.
 * `too-many-sockets`: of the caller, or of all together.
 */
export type RefusalReason =
  | UnauthenticatedReason
  | 'failed-too-often'
  | 'foreign-origin'
  | 'overloaded'
  | 'shutting-down'
  | 'too-many-connections'
  | 'too-many-sockets';

/** Call for each refused connection, request, handshake or `connection_init`. */
export type OnRefusal = (transport: 'http' | 'websocket', reason: RefusalReason) => void;
