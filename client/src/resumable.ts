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
  /** Takes over where no WebSocket opens, two attempts after the start: `createEventsClient()` of `waybill-client/sse`. */
  readonly fallback?: Client;
  /**
   * Whether an operation without a text, a trusted document, is a subscription or a query, and may be sent again. By
   * default all are: give this if mutations go over this client by their ids.
   */
  readonly isRepeatable?: (payload: SubscribePayload) => boolean;
  /** The silence in milliseconds after which a ping tests the connection. 15 s. */
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
 */
export function resumable(client: Client, options: ResumableOptions = {}): ResumableClient {
  return new Resumable(client, options);
}

/** As many operations as a socket may have begin at once, then two a second: the rate at which the gateway lasts. */
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
  #phase: 'idle' | 'opening' | 'open' | 'waiting' = 'idle';
  #hasOpened = false;
  #openedAt = 0;
  #failures = 0;
  #refusals = 0;
  #starts = 0;
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
    this.#heartbeat = new Heartbeat(options.pingAfterMs ?? 15_000, () => this.#client.terminate());
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
    this.#startNext();
    return () => {
      this.#operations.delete(operation);
      operation.detach();
      this.#showStatus();
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
    this.#stopWaking();
    for (const stop of this.#stopListening) stop();
    for (const timer of [this.#retryTimer, this.#startTimer, this.#lostTimer, this.#catchUpTimer]) timer.clear();
    this.#heartbeat.stop();
    for (const operation of [...this.#operations]) operation.end((sink) => sink.complete());
    await this.#client.dispose();
  }

  // What operations ask of their host.

  retry(operation: Operation, delayMs: number): void {
    operation.isHeld = true;
    setTimeout(() => {
      operation.isHeld = false;
      if (this.#operations.has(operation)) this.#startNext();
    }, delayMs);
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
      on('connected', (socket) => this.#onOpen(socket as SocketLike | undefined)),
      on('message', () => this.#heartbeat.heard()),
      on('closed', (closing) => this.#onClosed(closing)),
    ];
  }

  /** The first operation opens the connection, and the others follow once it is open. */
  #startNext(): void {
    for (const operation of this.#operations) {
      if (operation.isRunning || operation.isHeld) continue;
      if (this.#phase === 'waiting' || this.#phase === 'opening') return;
      if (this.#phase === 'open') {
        if (this.#starts >= startsAtOnce) {
          this.#startLater();
          return;
        }
        this.#starts += 1;
      } else this.#phase = 'opening';
      operation.start(this.#client);
    }
    this.#showStatus();
  }

  #startLater(): void {
    if (this.#startTimer.isSet) return;
    this.#startTimer.set(() => {
      this.#starts -= 1;
      this.#startNext();
    }, startIntervalMs);
  }

  #onOpen(socket: SocketLike | undefined): void {
    this.#phase = 'open';
    this.#hasOpened = true;
    this.#openedAt = performance.now();
    this.#refusals = 0;
    this.#starts = 1;
    this.#startTimer.clear();
    if (socket !== undefined) this.#heartbeat.start(socket);
    const { getSnapshot } = this.status;
    if (getSnapshot() === 'reconnecting' || getSnapshot() === 'offline') this.#beginCatchUp();
    this.#startNext();
  }

  /** Takes every operation off the closed connection, and comes back unless that would go wrong again. */
  #onClosed(closing: unknown): void {
    if (this.#phase === 'waiting') return;
    const code = closeCodeOf(closing);
    const wasOpen = this.#phase === 'open';
    const isProven = wasOpen && performance.now() - this.#openedAt > provenAfterMs;
    this.#phase = 'idle';
    this.#heartbeat.stop();
    this.#catchUpTimer.clear();
    if (isRefusedClose(code)) this.#refusals += 1;
    const isFinal = isFinalClose(code) || this.#refusals > maxRefusals;
    for (const operation of [...this.#operations]) {
      if (isFinal || (wasOpen && operation.isRunning && !operation.isRepeatable))
        operation.end((sink) => sink.error(closing));
      else operation.detach();
    }
    if (isFinal) this.#refusals = 0;
    this.#failures = isProven ? 0 : this.#failures + 1;
    if (this.#operations.size > 0) this.#wait(code);
    this.#showStatus();
  }

  #wait(code: number): void {
    if (!this.#hasOpened && this.#fallback !== undefined && this.#failures >= 2) this.#fallBack(this.#fallback);
    const failures = code === tryAgainLater ? Math.max(this.#failures, 4) : this.#failures;
    // The client itself closes a connection that nobody needs, and somebody may come while it closes.
    const isOwn = code === normalClosure && failures <= 1;
    this.#phase = 'waiting';
    this.#retryTimer.set(() => this.#retryNow(), isOwn ? 0 : backoffMs(Math.max(0, failures - 1)));
  }

  #fallBack(fallback: Client): void {
    for (const stop of this.#stopListening) stop();
    this.#client = fallback;
    this.#fallback = undefined;
    this.#listen();
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
      const isStale = [...this.#operations].some((operation) => operation.isStale);
      this.status.set(this.#catchUpTimer.isSet ? 'catching-up' : isStale ? 'stale' : 'live');
    } else if (this.#operations.size === 0) this.#lostTimer.clear();
    else if (!this.#lostTimer.isSet) this.#lostTimer.set(() => this.#showLoss(), this.#toleranceMs);
  }

  #showLoss(): void {
    this.status.set(isOffline() ? 'offline' : this.#hasOpened ? 'reconnecting' : 'connecting');
    // The network may come and go while the connection is lost.
    this.#lostTimer.set(() => this.#showLoss(), this.#toleranceMs);
  }
}
