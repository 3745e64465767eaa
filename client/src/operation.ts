/** One operation of a client that survives its connections. */
import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import { firstFieldOf, isDevelopment, type OperationType, operationTypeOf } from './document.ts';
import { codeOf, type ErrorLike, isPassing, isRefusal, retryAfterMs } from './endings.ts';
import { backoffMs } from './timing.ts';

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
  /** The operation has ended for good, and its reader knows. */
  readonly ended: (operation: Operation) => void;
  /** An event has arrived. */
  readonly received: () => void;
}

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
  /** Waiting for its own next attempt. */
  isHeld = false;

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
      complete: () => isCurrent && this.end((sink) => sink.complete()),
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

  /** Ends the operation for its reader. */
  end(tell: (sink: ResultSink) => void): void {
    this.detach();
    this.#host.storage?.removeItem(this.#storageKey);
    this.#host.ended(this);
    this.#tell(tell);
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
    }
    this.#tell((sink) => sink.next(result));
    this.#store();
    this.#host.received();
  }

  /** An array has the errors of an operation that never began; everything else is about the connection. */
  #onError(error: unknown): void {
    const [first] = Array.isArray(error) ? (error as readonly ErrorLike[]) : [];
    if (first === undefined ? this.isRepeatable && this.#waits(0) : this.#comesBack(first)) return;
    this.end((sink) => sink.error(error));
  }

  /** Whether the operation will be started again after `error`. */
  #comesBack(error: ErrorLike): boolean {
    if (!this.isRepeatable) return false;
    if (codeOf(error) === 'CURSOR_INVALID') return this.#forgetsCursor();
    if (isRefusal(error)) return this.#tokenMayHelp() && this.#waits(0);
    return isPassing(error) && this.#waits(retryAfterMs(error));
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

  #store(): void {
    if (this.#cursor !== undefined) this.#host.storage?.setItem(this.#storageKey, this.#cursor);
  }

  #warn(): void {
    if (this.#hasWarned || !isDevelopment()) return;
    this.#hasWarned = true;
    console.warn(
      `waybill-client: select "cursor" in the events of this subscription and declare $after, or what happens while the connection is lost is missing: ${this.#payload.query}`,
    );
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
