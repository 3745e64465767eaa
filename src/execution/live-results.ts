/**
 * Converts the events of a subscription into the results for its reader, in one layer between the watcher's stream and
 * the transport.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import type { Turns } from '../base/turns.ts';
import type { Context } from '../resolvers/context.ts';
import type { JobEvent } from '../watch/streams/events.ts';
import { StreamError, StreamInterrupted } from '../watch/streams/stream-error.ts';
import type { MaskError } from './operation-result.ts';
import type { ReaderResult, SharedResult } from './shared-result.ts';

/** The iterator of graphql-js; its `return` reaches the source even while `next` waits. */
export type EventSource = AsyncIterator<unknown>;

/** Returns the result directly, without a promise, if the event was executed for another reader before. */
export type ExecuteEvent = (event: JobEvent) => Promise<SharedResult> | SharedResult;

export interface ResultsObserver {
  readonly onResult: (errors: readonly GraphQLError[] | undefined) => void;
  /** Called once when the stream ends, for any reason. */
  readonly onEnd: () => void;
}

export interface Delivery {
  readonly mask: MaskError;
  /** Shared by all readers. */
  readonly turns: Turns;
}

type Next = IteratorResult<ReaderResult, undefined>;

/**
 * The number of events after which a backlog yields to the event loop. A client that returns after a long time must not
 * delay the others, and a source that never waits must notice that its reader has gone.
 */
const eventsPerBatch = 50;

/** `next` rejects with the masked error that ends the stream, as a WebSocket has its own message for it. */
export class LiveResults implements AsyncIterableIterator<ReaderResult> {
  protected readonly source: EventSource;
  protected readonly mask: MaskError;
  readonly #execute: ExecuteEvent;
  readonly #turns: Turns;
  #observer: ResultsObserver | undefined;
  #events = 0;
  #hasEnded = false;
  #isInterrupted = false;

  constructor(source: EventSource, execute: ExecuteEvent, { mask, turns }: Delivery) {
    this.source = source;
    this.mask = mask;
    this.#execute = execute;
    this.#turns = turns;
  }

  /** Notifies `observer` of all results and of the end. There is only one observer. */
  observe(observer: ResultsObserver): void {
    this.#observer = observer;
    if (this.#hasEnded) observer.onEnd();
  }

  /**
   * Whether the results have ended because the gateway stops. The transport then sends no end: clients take any message
   * about one for the end of their subscription, and resume only after a lost connection.
   */
  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  async next(): Promise<Next> {
    if (this.#hasEnded) return over;
    try {
      const { done, value } = await this.source.next();
      if (done === true) return this.#noted(this.lastResult());
      const event = value as JobEvent;
      const turn = this.#turn();
      if (turn !== undefined) await turn;
      const executed = this.#execute(event);
      const shared = executed instanceof Promise ? await executed : executed;
      return this.#noted(this.resultFor(shared, event));
    } catch (error) {
      // After an error transports call neither `next` nor `return` again.
      await this.source.return?.();
      if (error instanceof StreamInterrupted) return this.#interrupted();
      const result = this.lastResult(error);
      if (result !== undefined) return this.#noted(result);
      this.#end();
      throw this.mask(error);
    }
  }

  /** Takes effect at once, even while `next` waits. */
  async return(): Promise<Next> {
    this.#end();
    await this.source.return?.();
    return over;
  }

  throw(): Promise<Next> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The result to send after the last event, for `error` if there is one. */
  protected lastResult(_error?: unknown): ReaderResult | undefined {
    return undefined;
  }

  protected resultFor(shared: SharedResult, { cursor }: JobEvent): ReaderResult {
    return shared.for(cursor);
  }

  /** Called once if the gateway stops before the stream is over. */
  protected onInterrupted(): Promise<void> | undefined {
    return undefined;
  }

  async #interrupted(): Promise<Next> {
    this.#isInterrupted = true;
    this.#end();
    await this.onInterrupted();
    return over;
  }

  #turn(): Promise<void> | undefined {
    this.#events += 1;
    return this.#events % eventsPerBatch === 0 ? yieldToEventLoop() : this.#turns.next();
  }

  #noted(result: ReaderResult | undefined): Next {
    if (result === undefined) {
      this.#end();
      return over;
    }
    this.#observer?.onResult(result.errors);
    return { done: false, value: result };
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.onEnd();
    this.#observer?.onEnd();
  }

  protected onEnd(): void {}
}

const over: Next = { done: true, value: undefined };

/** Sends the error that ends the stream as its last result, as a stream over HTTP has no other form for it. */
export class HttpLiveResults extends LiveResults {
  #finalError: unknown;
  #hasSentError = false;
  readonly #stopWatchingRights: () => void;
  readonly #context: Context;

  constructor(source: EventSource, execute: ExecuteEvent, delivery: Delivery, context: Context) {
    super(source, execute, delivery);
    this.#context = context;
    this.#stopWatchingRights = context.whenRightsEnd(() => {
      this.#finalError = new StreamError('FORBIDDEN', 'The caller has no rights any more.');
      void source.return?.();
    });
    // Yoga calls neither `next` nor `return` for a client that left while the stream was created, or that does not
    // accept a stream.
    context.whenResponseEnds(() => void this.return().catch(() => {}));
  }

  protected override lastResult(error: unknown = this.#finalError): ReaderResult | undefined {
    this.#stopWatchingRights();
    if (this.#hasSentError || error === undefined) return undefined;
    this.#hasSentError = true;
    const errors = [this.mask(error)];
    return withEventId(
      { errors, text: JSON.stringify({ errors }) },
      error instanceof StreamError ? error.cursor : undefined,
    );
  }

  protected override resultFor(shared: SharedResult, event: JobEvent): ReaderResult {
    return withEventId(super.resultFor(shared, event), event.cursor);
  }

  protected override onEnd(): void {
    this.#stopWatchingRights();
  }

  /** Does not return before the connection is closed: Yoga would send `complete`. */
  protected override async onInterrupted(): Promise<void> {
    // Yoga has read the last event, and writes it in this iteration of the event loop.
    await yieldToEventLoop();
    await this.#context.breakOff();
  }
}

/**
 * Adds the id of a server-sent event to the result, so that a reader with `Last-Event-ID` resumes after it. Yoga writes
 * `data: ` and the output of the result's `stringify`; the fields of an event may come in any order (HTML Standard,
 * "Interpreting an event stream").
 */
function withEventId(result: ReaderResult, cursor: string | undefined): ReaderResult {
  const text = cursor === undefined ? result.text : `${result.text}\nid: ${cursor}`;
  return Object.assign(result, { stringify: () => text });
}
