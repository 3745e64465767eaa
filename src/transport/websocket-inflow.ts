/** What comes in on one WebSocket, in its order and no faster than it may: a peer that talks too fast is read more slowly. */
import type { Duplex } from 'node:stream';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Clock } from '../base/clock.ts';
import type { MessageRate } from './message-rate.ts';
import type { ReceivedBytes } from './received-bytes.ts';

export interface InflowOptions {
  readonly socket: WebSocket;
  /** What the WebSocket is made of. */
  readonly stream: Duplex;
  readonly clock: Clock;
  readonly rate: MessageRate;
  readonly received: ReceivedBytes;
  readonly onMessage: (data: Buffer) => void;
  /** Closes the conversation. */
  readonly onExcess: (code: number, reason: string) => void;
}

/** Until its caller is known a peer may send so much: a `connection_init` with the longest token that a header could carry, four times. */
const anonymousBytes = 65_536;

/** Where it would go on for longer than a peer takes to answer the closing. */
const cutOffMs = 1_500;

/** 1013, "try again later": after 1008 or 1009 the client of graphql-ws would not come back. */
const tryAgainLater = 1013;

export class Inflow {
  readonly #options: InflowOptions;
  readonly #waiting: (() => void)[] = [];
  readonly #share: ReturnType<ReceivedBytes['share']>;
  #isKnown = false;
  #anonymousBytes = 0;
  #isOver = false;
  #cancelNext: (() => void) | undefined;

  constructor(options: InflowOptions) {
    this.#options = options;
    const { socket, stream, received, onMessage } = options;
    this.#share = received.share();
    // ws looks at a chunk after this has.
    stream.prependListener('data', (chunk: Buffer) => this.#count(chunk.length));
    socket.on('message', (data: Buffer) => this.#take(() => onMessage(data)));
    // In turn with the messages: ws itself would answer each at once, at any rate.
    socket.on('ping', (data: Buffer) => this.#take(() => this.#pong(data)));
    socket.once('close', () => this.stop());
  }

  /** Whether something has come that is not looked at yet. */
  get isSlowed(): boolean {
    return this.#waiting.length > 0;
  }

  /** Its peer may send messages of full size from now on. */
  admit(): void {
    this.#isKnown = true;
  }

  /** Nothing that is still to be looked at is; what comes from now on may only be the answer to a closing. */
  stop(): void {
    this.#isOver = true;
    this.#waiting.length = 0;
    this.#cancelNext?.();
    this.#share.clear();
    this.#options.socket.resume();
  }

  #pong(data: Buffer): void {
    const { socket } = this.#options;
    if (socket.readyState === socket.OPEN) socket.pong(data);
  }

  #count(bytes: number): void {
    if (!this.#isKnown) this.#anonymousBytes += bytes;
    if (this.#anonymousBytes > anonymousBytes)
      this.#cutOff(CloseCode.BadRequest, `Expected at most ${anonymousBytes} bytes before connection_ack`);
    else if (!this.#share.add(bytes)) this.#cutOff(tryAgainLater, 'Too much is being received');
  }

  /** While the peer is slowed only what had been received by then comes, which is a chunk of the socket's. */
  #take(look: () => void): void {
    this.#share.clear();
    if (this.#isOver) return;
    const { rate, socket } = this.#options;
    if (!this.isSlowed && rate.take()) {
      look();
      return;
    }
    this.#waiting.push(look);
    if (this.#waiting.length > rate.burst) this.#cutOff(tryAgainLater, 'Too many messages');
    else if (this.#waiting.length === 1) {
      socket.pause();
      this.#lookLater();
    }
  }

  #lookLater(): void {
    const { clock, rate, socket } = this.#options;
    this.#cancelNext = clock.schedule(() => {
      while (this.isSlowed && rate.take()) this.#waiting.shift()?.();
      if (this.isSlowed) this.#lookLater();
      else socket.resume();
    }, rate.waitMs());
  }

  /** Nothing more is read, so that nothing more is kept: also the answer to the closing is not waited for. */
  #cutOff(code: number, reason: string): void {
    const { socket, clock, onExcess } = this.#options;
    if (this.#isOver) {
      socket.terminate();
      return;
    }
    onExcess(code, reason);
    this.stop();
    socket.pause();
    const cancel = clock.schedule(() => socket.terminate(), cutOffMs);
    socket.once('close', cancel);
  }
}
