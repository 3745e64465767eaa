/**
 * Implements `graphql-transport-ws` for one socket, by `PROTOCOL.md` of graphql-ws. The server of graphql-ws registers
 * an operation only after `onSubscribe` has resolved (6.4.2): an id that is completed and reused meanwhile gets two
 * streams, and nobody ends one of them.
 */
import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Clock } from '../base/clock.ts';
import type { Caller } from '../identity/caller.ts';
import { MessageRate } from './message-rate.ts';
import type { ReceivedBytes } from './received-bytes.ts';
import type { SocketLimits, SocketOwner } from './socket-admission.ts';
import { InboundMessages } from './websocket-inbound.ts';
import { keepAlive } from './websocket-keep-alive.ts';
import { type ClientMessage, clientMessageFrom } from './websocket-message.ts';
import { errorMessage, type SubscribeRequest } from './websocket-operation.ts';
import { type Operation, Operations } from './websocket-operations.ts';

export interface ConnectionOptions {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly clock: Clock;
  readonly limits: SocketLimits;
  readonly received: ReceivedBytes;
  /** The caller that the payload of `connection_init` proves. Undefined if the socket must be closed, `gone` if it has closed. */
  readonly callerOf: (payload: unknown, owner: SocketOwner) => Promise<Caller | 'gone' | undefined>;
  readonly run: (operation: Operation, subscribe: SubscribeRequest, releaseId: () => void) => Promise<void>;
  /** Receives a defect of this program; the socket is then closed. */
  readonly onFault: (error: unknown) => void;
}

/** A client must send `connection_init` within this time. */
const connectionInitWaitMs = 3_000;

/** Serves the protocol until one side closes the socket. */
export class Connection implements SocketOwner {
  readonly #options: ConnectionOptions;
  readonly #operations: Operations;
  readonly #inbound: InboundMessages;
  readonly #gone = new AbortController();
  #cancelInitWait = (): void => {};
  #isInitialised = false;
  #isGathering = false;
  #caller: Caller | undefined;

  constructor(options: ConnectionOptions) {
    const { socket, request, clock, limits, received } = options;
    this.#options = options;
    this.#operations = new Operations(limits.operations);
    this.#inbound = new InboundMessages({
      socket,
      stream: request.socket,
      clock,
      received,
      rate: new MessageRate(clock, limits.messagesPerSecond, limits.operations),
      onMessage: (data) => this.#onMessage(data),
      onExcess: (code, reason) => this.close(code, reason),
    });
    // ws itself closes the socket, with the code that says what was wrong.
    socket.on('error', () => {});
    socket.once('close', () => this.#end());
    if (socket.protocol === GRAPHQL_TRANSPORT_WS_PROTOCOL) this.#awaitInit();
    else this.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
  }

  /** Fires when the socket is closed, by either side. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Ends all operations at once, since the peer may take its time to answer the close frame. */
  close(code: number, reason: string): void {
    this.#end();
    this.#options.socket.close(code, reason);
  }

  /** Resolves once no operation is under way and the last message of each has been written. */
  answered(): Promise<void> {
    return this.#operations.none();
  }

  #awaitInit(): void {
    const { socket, clock } = this.#options;
    keepAlive({
      socket,
      clock,
      hasUndelivered: () => this.#inbound.isThrottled,
      onFault: (error) => this.#fail(error),
    });
    this.#cancelInitWait = clock.schedule(
      () => this.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
      connectionInitWaitMs,
    );
  }

  #end(): void {
    this.#cancelInitWait();
    this.#inbound.stop();
    this.#operations.endAll();
    this.#gone.abort();
  }

  #fail(error: unknown): void {
    this.#options.onFault(error);
    this.close(CloseCode.InternalServerError, 'Internal server error');
  }

  #onMessage(data: Buffer): void {
    const { socket } = this.#options;
    if (this.#gone.signal.aborted || socket.readyState !== socket.OPEN) return;
    const message = clientMessageFrom(String(data));
    if (message === undefined) this.close(CloseCode.BadRequest, 'Invalid message received');
    else this.#handle(message, data.length);
  }

  #handle(message: ClientMessage, bytes: number): void {
    switch (message.type) {
      case MessageType.ConnectionInit:
        this.#initialise(message.payload).catch((error: unknown) => this.#fail(error));
        break;
      case MessageType.Ping:
        void this.#send({ type: MessageType.Pong, ...(message.payload && { payload: message.payload }) });
        break;
      case MessageType.Subscribe:
        this.#subscribe(message.id, message.payload, bytes);
        break;
      case MessageType.Complete:
        this.#operations.end(message.id);
        break;
      case MessageType.Pong:
    }
  }

  async #initialise(payload: unknown): Promise<void> {
    if (this.#isInitialised)
      return this.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
    this.#isInitialised = true;
    this.#cancelInitWait();
    const caller = await this.#options.callerOf(payload, this);
    if (caller === 'gone' || this.#gone.signal.aborted) return;
    if (caller === undefined) return this.close(CloseCode.Forbidden, 'Forbidden');
    this.#caller = caller;
    this.#inbound.admit();
    await this.#send({ type: MessageType.ConnectionAck });
  }

  #subscribe(id: string, payload: object, bytes: number): void {
    const caller = this.#caller;
    if (caller === undefined) this.close(CloseCode.Unauthorized, 'Unauthorized');
    else if (this.#operations.has(id)) this.close(CloseCode.SubscriberAlreadyExists, alreadyExists(id));
    else this.#begin({ id, payload, caller, send: this.#write }, bytes);
  }

  #begin(subscribe: SubscribeRequest, bytes: number): void {
    const { limits, run } = this.#options;
    const { id } = subscribe;
    const fault = faultOf(bytes, this.#operations, limits);
    if (fault === undefined)
      this.#operations.begin(id, (operation, releaseId) =>
        run(operation, subscribe, releaseId).catch((error: unknown) => this.#fail(error)),
      );
    else void this.#send({ id, ...errorMessage([fault]) });
  }

  #send(message: object): Promise<void> {
    return this.#write(JSON.stringify(message));
  }

  /** Resolves once `message` is written, or the socket has closed, which ends all operations. */
  readonly #write = (message: string): Promise<void> => {
    const { socket } = this.#options;
    if (socket.readyState !== socket.OPEN) return Promise.resolve();
    this.#gather();
    return new Promise((resolve) => socket.send(message, () => resolve()));
  };

  /** Messages that come together, as those of an event to the subscriptions of one socket, go to the kernel in one call. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#options.request.socket.cork();
    process.nextTick(this.#flush);
  }

  readonly #flush = (): void => {
    this.#isGathering = false;
    this.#options.request.socket.uncork();
  };
}

/** A message that is too large, or an operation too many, gets an error of its own; the socket stays open. */
function faultOf(bytes: number, operations: Operations, limits: SocketLimits): GraphQLError | undefined {
  if (bytes > limits.messageBytes)
    return new GraphQLError(`Expected a message of at most ${limits.messageBytes} bytes, received ${bytes}.`, {
      extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', retryable: false },
    });
  if (!operations.isFull) return undefined;
  return new GraphQLError(
    `Expected at most ${limits.operations} operations under way on one socket, received one more.`,
    { extensions: { code: 'TOO_MANY_OPERATIONS', retryable: true } },
  );
}

/** As graphql-ws does: the reason of a close frame holds at most 123 bytes. */
function alreadyExists(id: string): string {
  const reason = `Subscriber for ${id} already exists`;
  return Buffer.byteLength(reason) <= 123 ? reason : 'Subscriber already exists';
}
