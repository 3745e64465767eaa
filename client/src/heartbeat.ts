/**
 * Finds connections that are dead without being closed: after a lost network, or a sleep, a socket may look open for
 * many minutes. The gateway's own pings are frames of the WebSocket that a page does not see.
 */
import { Timer } from './timing.ts';

/** What it takes of a WebSocket. */
export interface SocketLike {
  send(data: string): void;
}

/** The time that an answer may take, in milliseconds. */
const answerWithinMs = 5_000;

export class Heartbeat {
  readonly #pingAfterMs: number;
  readonly #onDead: () => void;
  readonly #timer = new Timer();
  #socket: SocketLike | undefined;
  #heardAt = 0;
  #isTesting = false;

  constructor(pingAfterMs: number, onDead: () => void) {
    this.#pingAfterMs = pingAfterMs;
    this.#onDead = onDead;
  }

  start(socket: SocketLike): void {
    this.#socket = socket;
    this.heard();
    this.#isTesting = false;
    this.#timer.set(() => this.#check(), this.#pingAfterMs);
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
    if (this.#isTesting || this.#socket === undefined) return;
    const askedAt = performance.now();
    this.#isTesting = true;
    this.#socket.send('{"type":"ping"}');
    this.#timer.set(() => {
      this.#isTesting = false;
      if (this.#heardAt >= askedAt) this.#check();
      else this.#onDead();
    }, answerWithinMs);
  }

  #check(): void {
    const silentMs = performance.now() - this.#heardAt;
    if (silentMs >= this.#pingAfterMs) this.test();
    else this.#timer.set(() => this.#check(), this.#pingAfterMs - silentMs);
  }
}
