/** How the events of a subscription become results: each once for all who asked the same, whatever their number. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSourceEventStream, type DocumentNode, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Caller } from '../identity/caller.ts';
import type { Context } from '../resolvers/context.ts';
import { clientErrorFrom } from '../resolvers/failures.ts';
import { forgetCheckedRights } from '../schema/checked-rights.ts';
import { StreamError } from '../watch/streams/stream-error.ts';

type SharedArgs = ExecutionArgs & { readonly contextValue: Context };

type Results = AsyncIterableIterator<ExecutionResult>;

/** Told of each event that goes out to one reader. */
export type OnEvent = (how: 'executed' | 'shared') => void;

/** As `subscribe` of graphql-js, except that it executes an event once for all readers who asked the same. */
export async function subscribeShared(args: SharedArgs, onEvent?: OnEvent): Promise<ExecutionResult | Results> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const context = args.contextValue;
  // Each event has a context of its own.
  forgetCheckedRights(context);
  const results = resultsOf(source[Symbol.asyncIterator](), executionOf(args, context, onEvent));
  return context.isSocket ? results : endingWithResult(results, context);
}

/** What graphql-js hands out: an iterator whose `return` reaches the source while `next` still waits. */
type Source = AsyncIterator<unknown>;

/**
 * A backlog is executed in turns of the event loop: whoever comes back after long must not hold up the others, and a source
 * that never waits must notice that its reader has gone.
 */
const eventsPerTurn = 50;

function resultsOf(source: Source, execution: (event: object) => Promise<ExecutionResult>): Results {
  let events = 0;
  const results: Results = {
    next: async () => {
      const { done, value } = await source.next();
      if (done === true) return { done, value: undefined };
      events += 1;
      if (events % eventsPerTurn === 0) await nextTurn();
      try {
        return { done: false, value: await execution(value as object) };
      } catch (error) {
        // Whoever is told of it asks for nothing more, not even for the end.
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

/** Over HTTP a stream that breaks off says nothing: the reason goes out as the last result. */
function endingWithResult(results: Results, context: Context): Results {
  let lastWord: StreamError | undefined;
  let isOver = false;
  const ignoreRights = context.whenRightsEnd(() => {
    lastWord = new StreamError('FORBIDDEN', 'The caller has no rights any more.');
    void results.return?.();
  });
  const end = (error: StreamError | undefined): IteratorResult<ExecutionResult> => {
    ignoreRights();
    if (isOver || error === undefined) return { done: true, value: undefined };
    isOver = true;
    return { done: false, value: identified({ errors: [clientErrorFrom(error) as never] }, error.cursor) };
  };
  const ending: Results = {
    ...results,
    next: async () => {
      if (isOver) return { done: true, value: undefined };
      try {
        const result = await results.next();
        return result.done === true ? end(lastWord) : result;
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
  // Whoever left while the stream was made, or accepts no form of it, never asks for it, nor for its end.
  context.whenResponseEnds(() => void ending.return?.().catch(() => {}));
  return ending;
}

/**
 * Results by what happened, and by what was asked of it with which rights, whoever asks. They live as long as an event of it waits in
 * someone's queue.
 */
const made = new WeakMap<object, Map<string, Promise<ExecutionResult>>>();

/** Stands for the cursor in a shared result, until each reader's own takes its place. No field of an event can be equal to it. */
const anyCursor = '\u0000cursor';

function executionOf(
  args: ExecutionArgs,
  context: Context,
  onEvent: OnEvent | undefined,
): (event: object) => Promise<ExecutionResult> {
  const { schema, document, operationName, variableValues } = args;
  const question = questionOf(args);
  const run = async (event: object, caller: Caller): Promise<ExecutionResult> => {
    const contextValue = context.forEvent(caller);
    const rootValue = { ...event, cursor: anyCursor };
    const result = await execute({ schema, document, operationName, variableValues, rootValue, contextValue });
    contextValue.release();
    const { reported } = contextValue;
    return reported.length === 0 ? result : { ...result, errors: [...(result.errors ?? []), ...reported] };
  };
  return async (event) => {
    const caller = context.callerNow();
    const key = `${question} ${[...caller.scopes].sort().join()}`;
    const body = bodyOf(event);
    const results = made.get(body) ?? new Map<string, Promise<ExecutionResult>>();
    made.set(body, results);
    const known = results.get(key);
    const result = known ?? run(event, caller);
    onEvent?.(known === undefined ? 'executed' : 'shared');
    results.set(key, result);
    return forReader(await result, cursorOf(event));
  };
}

/** What an event is of, which all have in common who are told of it. */
function bodyOf(event: object): object {
  return 'body' in event && typeof event.body === 'object' && event.body !== null ? event.body : event;
}

/** A copy of a shared result with the reader's own cursor, under whatever names the cursor was asked for. */
function forReader(shared: ExecutionResult, cursor: string | undefined): ExecutionResult {
  const data =
    shared.data &&
    Object.fromEntries(Object.entries(shared.data).map(([name, event]) => [name, withCursor(event, cursor)]));
  return identified(data ? { ...shared, data } : { ...shared }, cursor);
}

function withCursor(event: unknown, cursor: string | undefined): unknown {
  if (typeof event !== 'object' || event === null) return event;
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, value === anyCursor ? cursor : value]));
}

/** Equal for two subscriptions if every event means the same result for both. */
function questionOf({ document, operationName, variableValues }: ExecutionArgs): string {
  const question = JSON.stringify([numberOf(document), operationName ?? null, variableValues ?? {}]);
  return createHash('sha256').update(question).digest('base64url');
}

/** Yoga parses a text once and keeps the document, so that equal texts are one object. */
const numbers = new WeakMap<DocumentNode, number>();
let documents = 0;

function numberOf(document: DocumentNode): number {
  const existing = numbers.get(document);
  if (existing !== undefined) return existing;
  documents += 1;
  numbers.set(document, documents);
  return documents;
}

function cursorOf(event: object): string | undefined {
  return 'cursor' in event && typeof event.cursor === 'string' ? event.cursor : undefined;
}

/**
 * Gives the result the id under which it goes out as a server-sent event, so that a reader that comes back with
 * `Last-Event-ID` goes on from there. Yoga writes `data: ` and what `stringify` of a result gives; the fields of an event may
 * come in any order (HTML Standard, "Interpreting an event stream"). Over WebSocket a function is no JSON and left out.
 */
function identified(result: ExecutionResult, cursor: string | undefined): ExecutionResult {
  if (cursor === undefined) return result;
  const stringify = (sanitized: unknown): string => `${JSON.stringify(sanitized)}\nid: ${cursor}`;
  return Object.assign(result, { stringify });
}
