/**
 * Admits WebSockets: authenticates the caller, bounds the number of sockets per caller, and closes a socket when its
 * caller's rights end.
 */
import type { Clock } from '../base/clock.ts';
import { deadlineAfter, onAbort, orAborted } from '../base/deadline.ts';
import { type Authenticator, unauthenticatedReason } from '../identity/authenticator.ts';
import { authorizationFromPayload } from '../identity/authorization.ts';
import type { Caller } from '../identity/caller.ts';
import { whenRightsEnd } from '../identity/revocation.ts';
import type { OnRefusal } from '../limits/refusal.ts';

export interface SocketLimits {
  readonly messageBytes: number;
  /** The number of operations under way at once on one socket. */
  readonly operations: number;
  /** The lasting rate; infinite for no limit. */
  readonly messagesPerSecond: number;
  readonly socketsPerCaller: number;
  /** The number of WebSockets of all callers together. */
  readonly connections: number;
}

/** The owner of all resources that belong to one WebSocket. */
export interface SocketOwner {
  /** Fires when the socket is closed. */
  readonly signal: AbortSignal;
  close(code: number, reason: string): void;
}

/** Authentication may take this long. The client waits meanwhile. */
const authenticationMs = 3_000;

export class SocketAdmission {
  readonly #authenticator: Authenticator;
  readonly #clock: Clock;
  readonly #limits: SocketLimits;
  readonly #onRefusal: OnRefusal | undefined;
  readonly #socketsOf = new Map<string, number>();

  constructor(authenticator: Authenticator, clock: Clock, limits: SocketLimits, onRefusal?: OnRefusal) {
    this.#authenticator = authenticator;
    this.#clock = clock;
    this.#limits = limits;
    this.#onRefusal = onRefusal;
  }

  /**
   * The caller that the payload of `connection_init` proves. Undefined if it proves none in time, or the caller has too
   * many sockets. `gone` if the socket closed meanwhile; nothing is kept for it then. When the caller's rights end the
   * socket is closed with 4403: after this code, unlike 4401, clients reconnect with a new token (graphql-ws 6.4.2).
   */
  async callerOf(payload: unknown, owner: SocketOwner): Promise<Caller | 'gone' | undefined> {
    const caller = await this.#authenticated(payload);
    if (caller === undefined) return undefined;
    if (owner.signal.aborted) return 'gone';
    if (!this.#register(caller, owner)) {
      this.#onRefusal?.('websocket', 'too-many-sockets');
      return undefined;
    }
    const onEnd = (): void => owner.close(4403, 'Forbidden');
    onAbort(owner.signal, whenRightsEnd({ authenticator: this.#authenticator, caller, clock: this.#clock, onEnd }));
    return caller;
  }

  /** Never rejects, so that no error text reaches the close reason. */
  async #authenticated(payload: unknown): Promise<Caller | undefined> {
    const settled = new AbortController();
    try {
      const { signal: deadline } = deadlineAfter(authenticationMs, settled.signal, this.#clock);
      return await orAborted(this.#authenticator.authenticate(authorizationFromPayload(payload)), deadline);
    } catch (error) {
      this.#onRefusal?.('websocket', unauthenticatedReason(error));
      return undefined;
    } finally {
      settled.abort();
    }
  }

  #register({ id }: Caller, { signal }: SocketOwner): boolean {
    const sockets = this.#socketsOf.get(id) ?? 0;
    if (sockets >= this.#limits.socketsPerCaller) return false;
    this.#socketsOf.set(id, sockets + 1);
    onAbort(signal, () => this.#unregister(id));
    return true;
  }

  #unregister(id: string): void {
    const sockets = (this.#socketsOf.get(id) ?? 1) - 1;
    if (sockets > 0) this.#socketsOf.set(id, sockets);
    else this.#socketsOf.delete(id);
  }
}
