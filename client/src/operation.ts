/** One operation of a client that survives its connections. */
import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import { firstFieldOf, type OperationType, operationTypeOf } from './document.ts';
import { codeOf, type ErrorLike, isBusy, isPassing, isRefusal, retryAfterMs } from './endings.ts';
import { backoffMs, Timer } from './timing.ts';

/** Keeps cursors over a reload: `sessionStorage`, or anything with these methods. */
export interface CursorStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface OperationHost {
  readonly storage: CursorStorage | undefined;
  /** Of an operation without a text. */
  readonly isRepeatable: (payload: SubscribePayload) => boolean;
  /** The operation wants to be started again after `delayMs`. */
  readonly retry: (operation: Operation, delayMs: number) => void;
  /** The connection of the operation is lost. Returns whether it will be started again. */
  readonly lost: (operation: Operation) => boolean;
  /** The operation has ended for good, and its reader knows. */
  readonly ended: (operation: Operation) => void;
  /** An event has arrived. */
  readonly received: () => void;
}

/** Node's, and what bundlers replace in its place. */
declare const process: { readonly env: { readonly NODE_ENV?: string } };

type Result = FormattedExecutionResult<Record<string, unknown>, unknown>;
export type ResultSink = Sink<Result>;

/** An event of the gateway, as far as it is selected. */
interface EventLike {
  readonly __typename?: string;
  readonly cursor?: unknown;
  readonly service?: string;
  readonly ids?: readonly string[] | null;
}

/** How often in a row a caller may be refused. */
export const maxRefusals = 3;

/** What was refused before has never run; later it was the token that ended. */
const refusedAtOnceMs = 1_000;

export class Operation {
  readonly #payload: SubscribePayload;
  readonly #sink: ResultSink;
  readonly #host: OperationHost;
  readonly #type: OperationType | undefined;
  readonly #storageKey: string;
  /** The outages of which no end has come. */
  readonly #outages = new Set<string>();
  #stop: (() => void) | undefined;
  /** The cursor of the last event, once there was one on this page or before its reload. */
  #cursor: string | undefined;
  /** The name of the root field in results, once one has come. */
  #field: string | undefined;
  #failures = 0;
  #refusals = 0;
  #startedAt = 0;
  #hasRun = false;
  #hasWarned = false;
  /** Runs while the operation waits for its own next attempt. */
  readonly hold = new Timer();

  constructor(payload: SubscribePayload, sink: ResultSink, host: OperationHost) {
    this.#payload = payload;
    this.#sink = sink;
    this.#host = host;
    this.#type = operationTypeOf(payload);
    const { after: _, ...variables } = payload.variables ?? {};
    this.#storageKey = `waybill:${JSON.stringify({ ...payload, variables })}`;
    if (this.#type !== 'query' && this.#type !== 'mutation')
      this.#cursor = host.storage?.getItem(this.#storageKey) ?? undefined;
  }

  get isRunning(): boolean {
    return this.#stop !== undefined;
  }

  get isStale(): boolean {
    return this.#outages.size > 0;
  }

  /** Whether the operation may be sent twice: a query, or a subscription. */
  get isRepeatable(): boolean {
    return this.#type === undefined ? this.#host.isRepeatable(this.#payload) : this.#type !== 'mutation';
  }

  start(client: Client): void {
    let isCurrent = true;
    this.#outages.clear();
    this.#startedAt = performance.now();
    const stop = client.subscribe<Record<string, unknown>, unknown>(this.#request(), {
      next: (result) => isCurrent && this.#onResult(result),
      error: (error) => isCurrent && this.#onError(error),
      complete: () => isCurrent && this.#complete(),
    });
    this.#stop = () => {
      isCurrent = false;
      stop();
    };
  }

  /** Stops what runs and tells the reader nothing, so that it can be started again. */
  detach(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Ends the operation for its reader. The stored cursor stays: the page may go on from there. */
  end(tell: (sink: ResultSink) => void): void {
    this.hold.clear();
    this.detach();
    this.#host.ended(this);
    this.#tell(tell);
  }

  #complete(): void {
    this.#cursor = undefined;
    this.#store();
    this.end((sink) => sink.complete());
  }

  #request(): SubscribePayload {
    if (this.#cursor === undefined) return this.#payload;
    return { ...this.#payload, variables: { ...this.#payload.variables, after: this.#cursor } };
  }

  #onResult(result: Result): void {
    const [error] = result.errors ?? [];
    if (error !== undefined && !result.data) {
      if (this.#comesBack(error)) return;
    } else {
      this.#noteEvent(result.data);
      this.#failures = this.#refusals = 0;
      this.#hasRun = true;
    }
    this.#tell((sink) => sink.next(result));
    this.#store();
    this.#host.received();
  }

  /** An array has the errors of an operation that never began; everything else is about the connection. */
  #onError(error: unknown): void {
    const [first] = Array.isArray(error) ? (error as readonly ErrorLike[]) : [];
    if (first === undefined ? this.#host.lost(this) : this.#comesBack(first)) return;
    this.end((sink) => sink.error(error));
  }

  /** Whether the operation will be started again after `error`. */
  #comesBack(error: ErrorLike): boolean {
    if (!this.isRepeatable) return false;
    if (codeOf(error) === 'CURSOR_INVALID') return this.#forgetsCursor();
    if (isRefusal(error)) return this.#tokenMayHelp() && this.#waits(0);
    // Of a query, the reader decides what to do while a service of AWS fails; a subscription goes on once it does not.
    const isStream = this.#type === 'subscription' || this.#field !== undefined;
    const passes = isStream ? isPassing(error) : isBusy(error);
    return passes && this.#waits(retryAfterMs(error));
  }

  /** A token that has expired is replaced by the next one; one without the scope is refused at once. */
  #tokenMayHelp(): boolean {
    if (performance.now() - this.#startedAt > refusedAtOnceMs) {
      this.#hasRun = true;
      this.#refusals = 0;
    }
    this.#refusals += 1;
    return this.#hasRun && this.#refusals <= maxRefusals;
  }

  #waits(atLeastMs: number): true {
    this.detach();
    this.#host.retry(this, Math.max(atLeastMs, backoffMs(this.#failures)));
    this.#failures += 1;
    return true;
  }

  /**
   * Begins with the present again, and tells the reader so by the event that the gateway itself sends when its log no
   * longer reaches back. The cursor of the reader's own variables is their mistake, and they get the error.
   */
  #forgetsCursor(): boolean {
    if (this.#cursor === undefined) return false;
    this.#cursor = undefined;
    this.#store();
    const field = this.#field ?? firstFieldOf(this.#payload);
    if (field !== undefined) {
      const event = { __typename: 'JobEventsMissed', cursor: '', observedAt: new Date().toISOString() };
      this.#tell((sink) => sink.next({ data: { [field]: event } }));
    }
    return this.#waits(0);
  }

  #noteEvent(data: Result['data']): void {
    if (this.#type === 'query' || this.#type === 'mutation') return;
    const [[field, value] = []] = Object.entries(data ?? {});
    const event = value as EventLike | null | undefined;
    if (typeof event?.cursor === 'string') {
      this.#cursor = event.cursor;
      this.#field = field;
    } else if (this.#type === 'subscription') this.#warn();
    const outage = `${event?.service} ${event?.ids ?? ''}`;
    if (event?.__typename === 'JobsStale') this.#outages.add(outage);
    if (event?.__typename === 'JobsFresh') this.#outages.delete(outage);
  }

  /** Without the room or the right to store, only a reload is affected. */
  #store(): void {
    const { storage } = this.#host;
    try {
      if (this.#cursor === undefined) storage?.removeItem(this.#storageKey);
      else storage?.setItem(this.#storageKey, this.#cursor);
    } catch {}
  }

  #warn(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    // Bundlers leave the warning out of what they build for production. Without one there is no `process`.
    try {
      if (process.env.NODE_ENV !== 'production')
        console.warn(
          `waybill-client: without "cursor" and $after this subscription misses what happens while its connection is lost: ${this.#payload.query}`,
        );
    } catch {}
  }

  /** A reader that throws must not close the connection of the others, as graphql-ws would (6.4.2). */
  #tell(tell: (sink: ResultSink) => void): void {
    try {
      tell(this.#sink);
    } catch (error) {
      setTimeout(() => {
        throw error;
      });
    }
  }
}
