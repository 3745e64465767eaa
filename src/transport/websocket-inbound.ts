/** Delivers the messages of one WebSocket in order and within its rate: it reads more slowly from a peer that sends too fast. */
import type { Duplex } from 'node:stream';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Clock } from '../base/clock.ts';
import type { MessageRate } from './message-rate.ts';
import type { ReceivedBytes } from './received-bytes.ts';

export interface InboundOptions {
  readonly socket: WebSocket;
  /** The socket under the WebSocket. */
  readonly stream: Duplex;
  readonly clock: Clock;
  readonly rate: MessageRate;
  readonly received: ReceivedBytes;
  readonly onMessage: (data: Buffer) => void;
  /** Closes the connection. */
  readonly onExcess: (code: number, reason: string) => void;
}

/**
 * A peer may send this much before it is authenticated: four times a `connection_init` with the longest token that a
 * header could carry.
 */
const maxAnonymousBytes = 65_536;

/** How long a peer may take to answer the closing before its socket is destroyed. */
const cutOffMs = 1_500;

/** 1013, "try again later": after 1008 or 1009 the client of graphql-ws would not come back. */
const tryAgainLater = 1013;

export class InboundMessages {
  readonly #options: InboundOptions;
  readonly #waiting: (() => void)[] = [];
  readonly #share: ReturnType<ReceivedBytes['share']>;
  #isAdmitted = false;
  #anonymousBytes = 0;
  #isStopped = false;
  #cancelNext: (() => void) | undefined;

  constructor(options: InboundOptions) {
    this.#options = options;
    const { socket, stream, received, onMessage } = options;
    this.#share = received.share();
    // Prepended, so that a chunk is counted before ws parses it.
    stream.prependListener('data', (chunk: Buffer) => this.#count(chunk.length));
    socket.on('message', (data: Buffer) => this.#take(() => onMessage(data)));
    // Queued with the messages: ws itself would answer each ping at once, at any rate.
    socket.on('ping', (data: Buffer) => this.#take(() => this.#pong(data)));
    socket.once('close', () => this.stop());
  }

  /** Whether received messages wait to be delivered. */
  get isThrottled(): boolean {
    return this.#waiting.length > 0;
  }

  /** Call when the caller is known: the peer may send messages of full size from now on. */
  admit(): void {
    this.#isAdmitted = true;
  }

  /** Drops the messages that wait, and ignores further ones. The socket is still read, for the answer to the close frame. */
  stop(): void {
    this.#isStopped = true;
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
    if (!this.#isAdmitted) this.#anonymousBytes += bytes;
    if (this.#anonymousBytes > maxAnonymousBytes)
      this.#cutOff(CloseCode.BadRequest, `Expected at most ${maxAnonymousBytes} bytes before connection_ack`);
    else if (!this.#share.add(bytes)) this.#cutOff(tryAgainLater, 'Too much is being received');
  }

  /** While the peer is throttled, the queue holds only the messages of the chunk that was read before the pause. */
  #take(deliver: () => void): void {
    this.#share.clear();
    if (this.#isStopped) return;
    const { rate, socket } = this.#options;
    if (!this.isThrottled && rate.take()) {
      deliver();
      return;
    }
    this.#waiting.push(deliver);
    if (this.#waiting.length > rate.burst) this.#cutOff(tryAgainLater, 'Too many messages');
    else if (this.#waiting.length === 1) {
      socket.pause();
      this.#deliverLater();
    }
  }

  #deliverLater(): void {
    const { clock, rate, socket } = this.#options;
    this.#cancelNext = clock.schedule(() => {
      while (this.isThrottled && rate.take()) this.#waiting.shift()?.();
      if (this.isThrottled) this.#deliverLater();
      else socket.resume();
    }, rate.waitMs());
  }

  /** Stops reading, so that nothing more is buffered. It therefore does not see the answer to the close frame either. */
  #cutOff(code: number, reason: string): void {
    const { socket, clock, onExcess } = this.#options;
    if (this.#isStopped) {
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
