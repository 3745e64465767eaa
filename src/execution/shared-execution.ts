/** Executes each event of a subscription once for all subscribers with the same operation and the same rights. */
import { createHash } from 'node:crypto';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { createSourceEventStream, type DocumentNode, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Caller } from '../identity/caller.ts';
import type { Context } from '../resolvers/context.ts';
import { clientErrorFrom } from '../resolvers/failures.ts';
import { StreamError } from '../watch/streams/stream-error.ts';

type SharedArgs = ExecutionArgs & { readonly contextValue: Context };

type Results = AsyncIterableIterator<ExecutionResult>;

/** Called for each event that is sent to one subscriber. */
export type OnEvent = (how: 'executed' | 'shared') => void;

/** `subscribe` of graphql-js, except that it executes an event once for all readers with the same operation and rights. */
export async function subscribeShared(args: SharedArgs, onEvent?: OnEvent): Promise<ExecutionResult | Results> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const context = args.contextValue;
  const results = resultsOf(source[Symbol.asyncIterator](), executionOf(args, context, onEvent));
  return context.isSocket ? results : endingWithResult(results, context);
}

/** The iterator of graphql-js; its `return` reaches the source even while `next` waits. */
type Source = AsyncIterator<unknown>;

/**
 * The number of events after which a backlog yields to the event loop. A client that returns after a long time must not
 * delay the others, and a source that never waits must notice that its reader has gone.
 */
const eventsPerBatch = 50;

function resultsOf(source: Source, execution: (event: object) => Promise<ExecutionResult>): Results {
  let events = 0;
  const results: Results = {
    next: async () => {
      const { done, value } = await source.next();
      if (done === true) return { done, value: undefined };
      events += 1;
      if (events % eventsPerBatch === 0) await yieldToEventLoop();
      try {
        return { done: false, value: await execution(value as object) };
      } catch (error) {
        // After the error nobody calls `next` or `return` again.
        await source.return?.();
        throw error;
      }
    },
    return: async () => {
      await source.return?.();
      return { done: true, value: undefined };
    },
    throw: async (error) => {
      await source.return?.();
      throw error;
    },
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}

/** Over HTTP a stream that breaks off would give no reason; so the reason is sent as the last result. */
function endingWithResult(results: Results, context: Context): Results {
  let finalError: StreamError | undefined;
  let hasSentError = false;
  const ignoreRights = context.whenRightsEnd(() => {
    finalError = new StreamError('FORBIDDEN', 'The caller has no rights any more.');
    void results.return?.();
  });
  const end = (error: StreamError | undefined): IteratorResult<ExecutionResult> => {
    ignoreRights();
    if (hasSentError || error === undefined) return { done: true, value: undefined };
    hasSentError = true;
    return { done: false, value: withEventId({ errors: [clientErrorFrom(error) as never] }, error.cursor) };
  };
  const withFinalError: Results = {
    ...results,
    next: async () => {
      if (hasSentError) return { done: true, value: undefined };
      try {
        const result = await results.next();
        return result.done === true ? end(finalError) : result;
      } catch (error) {
        if (!(error instanceof StreamError)) throw error;
        return end(error);
      }
    },
    return: async () => {
      ignoreRights();
      return (await results.return?.()) ?? { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  // A client that left while the stream was created, or that accepts no form of it, calls neither `next` nor `return`.
  context.whenResponseEnds(() => void withFinalError.return?.().catch(() => {}));
  return withFinalError;
}

/** Results by event, and by operation and rights within it. A result is kept as long as its event waits in someone's queue. */
const sharedResults = new WeakMap<object, Map<string, Promise<ExecutionResult>>>();

/** Replaces the cursor in a shared result until each reader's own replaces it. No field of an event can equal it. */
const cursorPlaceholder = '\u0000cursor';

function executionOf(
  args: ExecutionArgs,
  context: Context,
  onEvent: OnEvent | undefined,
): (event: object) => Promise<ExecutionResult> {
  const { schema, document, operationName, variableValues } = args;
  const operationKey = operationKeyFrom(args);
  const run = async (event: object, caller: Caller): Promise<ExecutionResult> => {
    const contextValue = context.forEvent(caller);
    const rootValue = { ...event, cursor: cursorPlaceholder };
    const result = await execute({ schema, document, operationName, variableValues, rootValue, contextValue });
    contextValue.release();
    const { reported } = contextValue;
    return reported.length === 0 ? result : { ...result, errors: [...(result.errors ?? []), ...reported] };
  };
  return async (event) => {
    const caller = context.callerNow();
    const key = `${operationKey} ${[...caller.scopes].sort().join()}`;
    const body = bodyOf(event);
    const results = sharedResults.get(body) ?? new Map<string, Promise<ExecutionResult>>();
    sharedResults.set(body, results);
    const known = results.get(key);
    const result = known ?? run(event, caller);
    onEvent?.(known === undefined ? 'executed' : 'shared');
    results.set(key, result);
    return forReader(await result, cursorOf(event));
  };
}

/** The part of an event that all its subscribers share. */
function bodyOf(event: object): object {
  return 'body' in event && typeof event.body === 'object' && event.body !== null ? event.body : event;
}

/** A copy of a shared result with the reader's own cursor, under each alias of the field. */
function forReader(shared: ExecutionResult, cursor: string | undefined): ExecutionResult {
  const data =
    shared.data &&
    Object.fromEntries(Object.entries(shared.data).map(([name, event]) => [name, withCursor(event, cursor)]));
  return withEventId(data ? { ...shared, data } : { ...shared }, cursor);
}

function withCursor(event: unknown, cursor: string | undefined): unknown {
  if (typeof event !== 'object' || event === null) return event;
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => [name, value === cursorPlaceholder ? cursor : value]),
  );
}

/** Equal for two subscriptions if every event gives both the same result. */
function operationKeyFrom({ document, operationName, variableValues }: ExecutionArgs): string {
  const operationKey = JSON.stringify([numberOf(document), operationName ?? null, variableValues ?? {}]);
  return createHash('sha256').update(operationKey).digest('base64url');
}

/** Yoga parses a text once and caches the document, so equal texts are one object. */
const documentNumbers = new WeakMap<DocumentNode, number>();
let documentCount = 0;

function numberOf(document: DocumentNode): number {
  const existing = documentNumbers.get(document);
  if (existing !== undefined) return existing;
  documentCount += 1;
  documentNumbers.set(document, documentCount);
  return documentCount;
}

function cursorOf(event: object): string | undefined {
  return 'cursor' in event && typeof event.cursor === 'string' ? event.cursor : undefined;
}

/**
 * Adds the id of a server-sent event to the result, so that a reader with `Last-Event-ID` resumes after it. Yoga writes
 * `data: ` and the output of the result's `stringify`; the fields of an event may come in any order (HTML Standard,
 * "Interpreting an event stream"). Over WebSocket JSON leaves the function out.
 */
function withEventId(result: ExecutionResult, cursor: string | undefined): ExecutionResult {
  if (cursor === undefined) return result;
  const stringify = (sanitized: unknown): string => `${JSON.stringify(sanitized)}\nid: ${cursor}`;
  return Object.assign(result, { stringify });
}
