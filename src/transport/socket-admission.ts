/** Which WebSockets are let in and for how long: who is behind one, how many each caller has, how fast one may talk. */
import type { Clock } from '../base/clock.ts';
import { deadlineAfter, onAbort, orAborted } from '../base/deadline.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import { authorizationFromPayload } from '../identity/authorization.ts';
import type { Caller } from '../identity/caller.ts';
import { whenRightsEnd } from '../identity/revocation.ts';

export interface SocketLimits {
  readonly messageBytes: number;
  /** Under way at once on one socket. */
  readonly operations: number;
  /** That last; infinite for no limit. */
  readonly messagesPerSecond: number;
  readonly socketsPerCaller: number;
  /** Of all callers together. */
  readonly connections: number;
}

/** On what everything hangs that is kept for a WebSocket. */
export interface SocketOwner {
  /** Fires when the socket is closed. */
  readonly signal: AbortSignal;
  close(code: number, reason: string): void;
}

/** Finding out who is calling may take this long: a client waits for it with nothing on its screen. */
const authenticationMs = 3_000;

export class SocketAdmission {
  readonly #authenticator: Authenticator;
  readonly #clock: Clock;
  readonly #limits: SocketLimits;
  readonly #socketsOf = new Map<string, number>();

  constructor(authenticator: Authenticator, clock: Clock, limits: SocketLimits) {
    this.#authenticator = authenticator;
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * The caller that the payload of `connection_init` proves, or undefined if it proves none in time or has too many sockets;
   * `gone` where it proves one and the socket has gone meanwhile, for which nothing is kept. The socket is closed with 4403 when the caller's rights end: after it, and not after
   * 4401, clients come back with a new token (graphql-ws 6.4.2).
   */
  async callerOf(payload: unknown, owner: SocketOwner): Promise<Caller | 'gone' | undefined> {
    const caller = await this.#authenticated(payload);
    if (caller === undefined) return undefined;
    if (owner.signal.aborted) return 'gone';
    if (!this.#enter(caller, owner)) return undefined;
    const onEnd = (): void => owner.close(4403, 'Forbidden');
    onAbort(owner.signal, whenRightsEnd({ authenticator: this.#authenticator, caller, clock: this.#clock, onEnd }));
    return caller;
  }

  /** Never rejects: what goes wrong here must not reach the close reason. */
  async #authenticated(payload: unknown): Promise<Caller | undefined> {
    const settled = new AbortController();
    try {
      const { signal: deadline } = deadlineAfter(authenticationMs, settled.signal, this.#clock);
      return await orAborted(this.#authenticator.authenticate(authorizationFromPayload(payload)), deadline);
    } catch {
      return undefined;
    } finally {
      settled.abort();
    }
  }

  #enter({ id }: Caller, { signal }: SocketOwner): boolean {
    const sockets = this.#socketsOf.get(id) ?? 0;
    if (sockets >= this.#limits.socketsPerCaller) return false;
    this.#socketsOf.set(id, sockets + 1);
    onAbort(signal, () => this.#leave(id));
    return true;
  }

  #leave(id: string): void {
    const sockets = (this.#socketsOf.get(id) ?? 1) - 1;
    if (sockets > 0) this.#socketsOf.set(id, sockets);
    else this.#socketsOf.delete(id);
  }
}
