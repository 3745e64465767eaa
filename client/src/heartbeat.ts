/**
 * Finds connections that are dead without being closed: after a lost network, or a sleep, a socket may look open for
 * many minutes. The gateway's own pings are frames of the WebSocket that a page does not see.
 */
import { Timer } from './timing.ts';

/** What it takes of a WebSocket. */
export interface SocketLike {
  send(data: string): void;
}

/** The longest time that an answer may take, in milliseconds. */
const answerWithinMs = 5_000;

export class Heartbeat {
  readonly #pingAfterMs: number;
  readonly #onDead: () => void;
  readonly #timer = new Timer();
  #socket: SocketLike | undefined;
  #heardAt = 0;
  /** When the ping was sent that is not answered yet; 0 if there is none. */
  #askedAt = 0;

  constructor(pingAfterMs: number, onDead: () => void) {
    this.#pingAfterMs = pingAfterMs;
    this.#onDead = onDead;
  }

  start(socket: SocketLike): void {
    this.#socket = socket;
    this.heard();
    this.#check();
  }

  stop(): void {
    this.#socket = undefined;
    this.#timer.clear();
  }

  /** A message has arrived. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  /** Tests the connection now. */
  test(): void {
    if (this.#askedAt || !this.#socket) return;
    this.#askedAt = performance.now();
    this.#socket.send('{"type":"ping"}');
    this.#timer.set(() => this.#check(), Math.min(answerWithinMs, this.#pingAfterMs));
  }

  #check(): void {
    const silentMs = performance.now() - this.#heardAt;
    if (this.#heardAt < this.#askedAt) this.#onDead();
    else if (silentMs < this.#pingAfterMs) this.#timer.set(() => this.#check(), this.#pingAfterMs - silentMs);
    else {
      this.#askedAt = 0;
      this.test();
    }
  }
}
