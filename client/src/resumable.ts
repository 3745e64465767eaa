/** A client of graphql-ws whose subscriptions survive their connections. */
import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import { closeCodeOf, isFinalClose, isRefusedClose } from './endings.ts';
import { Heartbeat, type SocketLike } from './heartbeat.ts';
import { iterated } from './iterated.ts';
import { type CursorStorage, maxRefusals, Operation, type OperationHost } from './operation.ts';
import { type ConnectionStatus, type Observable, Observed } from './status.ts';
import { backoffMs, Timer } from './timing.ts';
import { isOffline, onWake } from './wake.ts';

export interface ResumableOptions {
  /**
   * Keeps the cursors over a reload, such as `sessionStorage`. Only for pages that keep what they have shown as well:
   * a resumed subscription begins with what has changed, not with the present.
   */
  readonly storage?: CursorStorage;
  /**
   * Takes over where no WebSocket opens: `createEventsClient()` of `waybill-client/sse`. Until one of the two has opened
   * they take turns, two attempts each.
   */
  readonly fallback?: Client;
  /**
   * Whether an operation without a text, a trusted document, is a subscription or a query, and may be sent again. By
   * default all are: give this if mutations go over this client by their ids.
   */
  readonly isRepeatable?: (payload: SubscribePayload) => boolean;
  /** The silence in milliseconds after which a ping tests the connection, or an attempt to connect is given up. 15 s. */
  readonly pingAfterMs?: number;
  /** How long a connection may be lost before the status says so, in milliseconds. 3 s. */
  readonly toleranceMs?: number;
}

/** A `Client` of graphql-ws, for all that take one. */
export interface ResumableClient extends Client {
  /** What a page may say of its connection. */
  readonly status: Observable<ConnectionStatus>;
}

/**
 * Makes the subscriptions of `client` come back after everything that is not final, each from the last event that its
 * reader has received: it sends the `cursor` of that event as the variable `after`. Create the client with
 * `retryAttempts: 0`, since the waiting is done here.
 *
 * A query is sent again after a lost connection. A mutation that was sent is not: its reader gets an error.
 *
 * With `ws` in Node, give its sockets a `handshakeTimeout`: nothing else ends a handshake that is never answered.
 */
export function resumable(client: Client, options: ResumableOptions = {}): ResumableClient {
  return new Resumable(client, options);
}

/**
 * As many operations as a socket may have begin at once, then two a second. The gateway by default admits five messages
 * a second, and each operation may take two: its beginning and its end.
 */
const startsAtOnce = 50;
const startIntervalMs = 500;

/** A connection that was lost sooner counts as a failed attempt. */
const provenAfterMs = 5_000;

/** Once nothing has arrived for this long after a resumption, the reader has caught up; at the latest after the second time. */
const caughtUpAfterMs = 1_000;
const caughtUpWithinMs = 10_000;

const tryAgainLater = 1013;
const normalClosure = 1000;

class Resumable implements ResumableClient, OperationHost {
  readonly status = new Observed<ConnectionStatus>('connecting');
  readonly storage: CursorStorage | undefined;
  readonly isRepeatable: (payload: SubscribePayload) => boolean;
  #client: Client;
  #fallback: Client | undefined;
  readonly #toleranceMs: number;
  readonly #operations = new Set<Operation>();
  readonly #heartbeat: Heartbeat;
  readonly #pingAfterMs: number;
  #phase: 'idle' | 'opening' | 'open' | 'waiting' | 'disposed' = 'idle';
  #hasOpened = false;
  #openedAt = 0;
  /** Whether there is a socket that can be closed. To close one that connects is an uncaught error of `ws` (8.23.0). */
  #isTerminable = false;
  /** Whether no operation has run for a moment, so that the client itself closes the connection. */
  #wasUnused = false;
  #failures = 0;
  #refusals = 0;
  /** The time up to which the starts so far are paid for. */
  #startsPaidUntil = 0;
  readonly #openTimer = new Timer();
  readonly #retryTimer = new Timer();
  readonly #startTimer = new Timer();
  readonly #lostTimer = new Timer();
  readonly #catchUpTimer = new Timer();
  #stopListening: (() => void)[] = [];
  readonly #stopWaking: () => void;

  constructor(client: Client, options: ResumableOptions) {
    this.#client = client;
    this.#fallback = options.fallback;
    this.storage = options.storage;
    this.isRepeatable = options.isRepeatable ?? (() => true);
    this.#toleranceMs = options.toleranceMs ?? 3_000;
    this.#pingAfterMs = options.pingAfterMs ?? 15_000;
    this.#heartbeat = new Heartbeat(this.#pingAfterMs, () => this.#client.terminate());
    this.#stopWaking = onWake(() => this.#onWake());
    this.#listen();
  }

  get on(): Client['on'] {
    return this.#client.on;
  }

  subscribe<Data = Record<string, unknown>, Extensions = unknown>(
    payload: SubscribePayload,
    sink: Sink<FormattedExecutionResult<Data, Extensions>>,
  ): () => void {
    const operation = new Operation(payload, sink as Sink, this);
    this.#operations.add(operation);
    if (this.#phase === 'disposed') queueMicrotask(() => operation.end((reader) => reader.complete()));
    this.#startNext();
    return () => {
      this.#operations.delete(operation);
      const wasOpening = this.#phase === 'opening' && operation.isRunning;
      operation.hold.clear();
      operation.detach();
      // A client without operations stops to connect, and the others wait for it.
      if (wasOpening) this.#phase = 'idle';
      this.#startNext();
    };
  }

  iterate<Data = Record<string, unknown>, Extensions = unknown>(
    payload: SubscribePayload,
  ): AsyncIterableIterator<FormattedExecutionResult<Data, Extensions>> {
    return iterated((sink) => this.subscribe<Data, Extensions>(payload, sink));
  }

  terminate(): void {
    this.#client.terminate();
  }

  async dispose(): Promise<void> {
    const wasOpen = this.#phase === 'open';
    this.#phase = 'disposed';
    this.#stopWaking();
    for (const stop of this.#stopListening) stop();
    const timers = [this.#openTimer, this.#retryTimer, this.#startTimer, this.#lostTimer, this.#catchUpTimer];
    for (const timer of timers) timer.clear();
    this.#heartbeat.stop();
    for (const operation of [...this.#operations]) operation.end((sink) => sink.complete());
    // A connection that opens may never do so, or fail, and the client would wait for it.
    if (wasOpen) await this.#client.dispose();
    else if (this.#isTerminable) this.#client.terminate();
  }

  // What operations ask of their host.

  retry(operation: Operation, delayMs: number): void {
    operation.hold.set(() => this.#startNext(), delayMs);
    this.#showStatus();
  }

  /** Browsers tell of an error first, and then that the socket is closed. An operation that was not sent may be. */
  lost(operation: Operation): boolean {
    const isOpen = this.#phase === 'open';
    if (isOpen && !operation.isRepeatable) return false;
    operation.detach();
    if (isOpen) this.retry(operation, backoffMs(0));
    return true;
  }

  ended(operation: Operation): void {
    this.#operations.delete(operation);
    this.#showStatus();
  }

  received(): void {
    if (this.#catchUpTimer.isSet && performance.now() - this.#openedAt < caughtUpWithinMs) this.#beginCatchUp();
    this.#showStatus();
  }

  // The connection.

  #listen(): void {
    const { on } = this.#client;
    this.#stopListening = [
      on('opened', () => {
        this.#isTerminable = true;
      }),
      on('connected', (socket) => this.#onOpen(socket as SocketLike | undefined)),
      on('message', () => this.#heartbeat.heard()),
      on('closed', (closing) => this.#onClosed(closing)),
    ];
  }

  /** The first operation opens the connection, and the others follow once it is open. */
  #startNext(): void {
    for (const operation of this.#operations) {
      if (operation.isRunning || operation.hold.isSet) continue;
      if (this.#phase === 'idle') this.#open();
      else if (this.#phase !== 'open' || !this.#mayStart()) break;
      operation.start(this.#client);
    }
    this.#showStatus();
  }

  #open(): void {
    this.#phase = 'opening';
    this.#openTimer.set(() => this.#isTerminable && this.#client.terminate(), this.#pingAfterMs);
  }

  #mayStart(): boolean {
    const now = performance.now();
    const paidUntil = Math.max(now, this.#startsPaidUntil) + startIntervalMs;
    const waitMs = paidUntil - now - startsAtOnce * startIntervalMs;
    if (waitMs > 0) this.#startTimer.set(() => this.#startNext(), waitMs);
    else this.#startsPaidUntil = paidUntil;
    return waitMs <= 0;
  }

  #onOpen(socket: SocketLike | undefined): void {
    if (this.#phase === 'open') return;
    this.#phase = 'open';
    this.#hasOpened = true;
    this.#wasUnused = false;
    this.#openedAt = performance.now();
    this.#refusals = 0;
    this.#startsPaidUntil = this.#openedAt + startIntervalMs;
    this.#openTimer.clear();
    if (socket !== undefined) this.#heartbeat.start(socket);
    if (['reconnecting', 'offline'].includes(this.status.getSnapshot())) this.#beginCatchUp();
    this.#startNext();
  }

  /** Takes every operation off the closed connection, and comes back unless that would go wrong again. */
  #onClosed(closing: unknown): void {
    if (this.#phase === 'waiting') return;
    const code = closeCodeOf(closing);
    const wasOpen = this.#phase === 'open';
    const isOwn = code === normalClosure && this.#wasUnused;
    const isProven = wasOpen && performance.now() - this.#openedAt > provenAfterMs;
    // Until it is decided what comes next, nothing begins.
    this.#phase = 'waiting';
    this.#isTerminable = false;
    this.#heartbeat.stop();
    for (const timer of [this.#openTimer, this.#startTimer, this.#catchUpTimer]) timer.clear();
    if (isRefusedClose(code)) this.#refusals += 1;
    const isFinal = isFinalClose(code) || this.#refusals > maxRefusals;
    for (const operation of [...this.#operations]) {
      if (isFinal || (wasOpen && operation.isRunning && !operation.isRepeatable))
        operation.end((sink) => sink.error(closing));
      else operation.detach();
    }
    if (isFinal) this.#refusals = 0;
    this.#failures = isProven || isOwn ? 0 : this.#failures + 1;
    if (this.#operations.size === 0) this.#phase = 'idle';
    else this.#wait(code, isOwn);
    this.#showStatus();
  }

  /** After a connection that nobody needed, somebody may have come while it closed. */
  #wait(code: number, isOwn: boolean): void {
    const fallback = this.#fallback;
    if (fallback && !this.#hasOpened && this.#failures % 2 === 0) {
      for (const stop of this.#stopListening) stop();
      this.#fallback = this.#client;
      this.#client = fallback;
      this.#listen();
    }
    const failures = code === tryAgainLater ? Math.max(this.#failures, 3) : this.#failures;
    this.#retryTimer.set(() => this.#retryNow(), isOwn ? 0 : backoffMs(failures));
  }

  #retryNow(): void {
    this.#retryTimer.clear();
    this.#phase = 'idle';
    this.#startNext();
  }

  /** The page is visible again, or the network is back: nobody should wait any longer than needed. */
  #onWake(): void {
    if (this.#phase === 'waiting' && !isOffline()) this.#retryNow();
    else if (this.#phase === 'open') this.#heartbeat.test();
    this.#showStatus();
  }

  // The status.

  #beginCatchUp(): void {
    this.#catchUpTimer.set(() => this.#showStatus(), caughtUpAfterMs);
  }

  /** A loss is shown after some seconds only: most are over before anybody needs to know. */
  #showStatus(): void {
    if (this.#phase === 'open') {
      this.#lostTimer.clear();
      const operations = [...this.#operations];
      if (!operations.some(({ isRunning }) => isRunning)) this.#wasUnused = true;
      const isStale = operations.some((operation) => operation.isStale);
      const isBehind = this.#catchUpTimer.isSet || operations.some(({ hold, isRunning }) => !isRunning && !hold.isSet);
      this.status.set(isBehind ? 'catching-up' : isStale ? 'stale' : 'live');
    } else if (this.#operations.size === 0) this.#lostTimer.clear();
    else if (!this.#lostTimer.isSet) this.#lostTimer.set(() => this.#showLoss(), this.#toleranceMs);
  }

  #showLoss(): void {
    this.status.set(isOffline() ? 'offline' : this.#hasOpened ? 'reconnecting' : 'connecting');
    // The network may come and go while the connection is lost.
    this.#lostTimer.set(() => this.#showLoss(), this.#toleranceMs);
  }
}
