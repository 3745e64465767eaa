/** The interface of a graphql-ws client over Server-Sent Events, for networks that let no WebSocket through. */
import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import { iterated } from './iterated.ts';
import { SentEvents } from './sent-events.ts';
import { Timer } from './timing.ts';

export interface EventsClientOptions {
  /** The endpoint, such as `https://jobs.example.com/graphql`. */
  readonly url: string;
  /** Headers for each request, such as the token of that moment. */
  readonly headers?: () => Record<string, string> | Promise<Record<string, string>>;
  readonly credentials?: RequestCredentials;
  /** The silence in milliseconds after which a request or a stream counts as lost. 45 s: the gateway says something every 12 s. */
  readonly silenceMs?: number;
}

/**
 * A client that sends each operation by POST and reads Server-Sent Events. Each open operation takes a connection: over
 * HTTP/1.1 a browser opens six to an origin. It does not come back by itself: give it to `resumable`.
 */
export function createEventsClient(options: EventsClientOptions): Client {
  return new EventsClient(options);
}

type Listener = (...args: unknown[]) => void;
type AnySink = Sink<FormattedExecutionResult<Record<string, unknown>, unknown>>;

/** What ended a stream, in the codes of WebSockets, so that both transports are understood alike. */
interface Closing {
  readonly code: number;
  readonly reason: string;
}

const lost = 1006;

/** The status of a response that has neither a stream nor errors of the gateway, in the codes of WebSockets. */
function closeCodeFrom(status: number): number {
  if (status === 401) return 4403;
  return status === 429 || status === 503 ? 1013 : lost;
}

class EventsClient implements Client {
  readonly #options: EventsClientOptions;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #open = new Map<AbortController, AnySink>();
  /** Those of `#open` whose response has begun. */
  readonly #streaming = new Set<AbortController>();

  constructor(options: EventsClientOptions) {
    this.#options = options;
  }

  readonly on = ((event: string, listener: Listener): (() => void) => {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }) as Client['on'];

  subscribe<Data = Record<string, unknown>, Extensions = unknown>(
    payload: SubscribePayload,
    sink: Sink<FormattedExecutionResult<Data, Extensions>>,
  ): () => void {
    const leaving = new AbortController();
    this.#open.set(leaving, sink as AnySink);
    void this.#run(payload, sink as AnySink, leaving);
    return () => this.#end(leaving, () => {});
  }

  iterate<Data = Record<string, unknown>, Extensions = unknown>(
    payload: SubscribePayload,
  ): AsyncIterableIterator<FormattedExecutionResult<Data, Extensions>> {
    return iterated((sink) => this.subscribe<Data, Extensions>(payload, sink));
  }

  dispose(): void {
    for (const [leaving, sink] of [...this.#open]) this.#end(leaving, () => sink.complete());
  }

  terminate(): void {
    for (const leaving of [...this.#open.keys()]) this.#lose(leaving, { code: 4499, reason: 'Terminated' });
  }

  async #run(payload: SubscribePayload, sink: AnySink, leaving: AbortController): Promise<void> {
    this.#emit('connecting', false);
    // From here on it may be terminated.
    this.#emit('opened', undefined);
    const silenceMs = this.#options.silenceMs ?? 45_000;
    const silence = new Timer();
    silence.set(() => this.#lose(leaving, { code: lost, reason: `no answer within ${silenceMs} ms` }), silenceMs);
    leaving.signal.addEventListener('abort', () => silence.clear());
    try {
      const response = await this.#send(payload, leaving.signal);
      silence.clear();
      if (!this.#open.has(leaving)) return;
      const type = response.headers.get('content-type') ?? '';
      if (!response.body || !type.startsWith('text/event-stream')) return await this.#refused(response, sink, leaving);
      this.#streaming.add(leaving);
      this.#emit('connected', undefined, undefined, false);
      const events = new SentEvents(response.body, silenceMs, () => this.#emit('message'));
      for await (const { event, data } of events) {
        if (!this.#open.has(leaving)) return;
        if (event === 'next') sink.next(JSON.parse(data));
        if (event === 'complete') return this.#end(leaving, () => sink.complete());
      }
      this.#lose(leaving, { code: lost, reason: 'The stream broke off.' });
    } catch (error) {
      this.#lose(leaving, { code: lost, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  async #send(payload: SubscribePayload, signal: AbortSignal): Promise<Response> {
    const { url, headers, credentials } = this.#options;
    const own = { 'content-type': 'application/json', accept: 'text/event-stream' };
    return fetch(url, {
      method: 'POST',
      headers: { ...(await headers?.()), ...own },
      body: JSON.stringify(payload),
      signal,
      ...(credentials && { credentials }),
    });
  }

  /**
   * Errors of the gateway are about the operation, except that a token is missing or has expired; everything else is
   * about the connection, such as the page of a proxy.
   */
  async #refused(response: Response, sink: AnySink, leaving: AbortController): Promise<void> {
    const { status, statusText } = response;
    const errors = status === 401 ? undefined : errorsIn(await response.text());
    if (errors === undefined)
      return this.#lose(leaving, { code: closeCodeFrom(status), reason: `${status} ${statusText}` });
    this.#emit('connected', undefined, undefined, false);
    this.#end(leaving, () => sink.error(errors));
  }

  #end(leaving: AbortController, tell: () => void): void {
    if (!this.#open.delete(leaving)) return;
    this.#streaming.delete(leaving);
    leaving.abort();
    tell();
  }

  /**
   * As with a WebSocket: whoever listens learns first that the connection is closed, and then the operation. What is
   * refused beside streams that are open is about that operation only.
   */
  #lose(leaving: AbortController, closing: Closing): void {
    const sink = this.#open.get(leaving);
    if (sink === undefined) return;
    if (this.#streaming.has(leaving) || this.#streaming.size === 0) this.#emit('closed', closing);
    this.#end(leaving, () => sink.error(closing));
  }

  #emit(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...args);
  }
}

function errorsIn(text: string): unknown[] | undefined {
  try {
    const { errors } = JSON.parse(text);
    return Array.isArray(errors) && errors.length > 0 ? errors : undefined;
  } catch {
    return undefined;
  }
}
