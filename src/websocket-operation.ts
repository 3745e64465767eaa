/** One operation over WebSocket: the same steps as over HTTP, by the same functions of Yoga. */
import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { Context as ProtocolContext } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Caller } from './access/caller.ts';
import type { Gate, Refusal } from './access/gate.ts';
import type { OperationLog } from './access/operation-log.ts';
import { type RequestParams, resolveDocument, type TrustedDocuments } from './access/trusted-documents.ts';
import type { CallerScope, Context, SocketScope } from './context.ts';
import { OperationContext } from './operation-context.ts';
import { globalIdFrom } from './resolvers/global-id.ts';
import type { Staleness } from './watch/events.ts';

export type Yoga = YogaServerInstance<CallerScope & Partial<SocketScope>, Context>;

/** What a socket carries beside graphql-ws's own, once its caller is known. */
export interface SocketExtra extends Record<string, unknown> {
  /** Fires when the socket has closed. */
  signal: AbortSignal;
  caller: Caller;
}

export type Socket = ProtocolContext<Record<string, unknown>, Extra & Partial<SocketExtra>>;

/** What a `subscribe` message asks. */
export interface OperationPayload extends RequestParams {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** The yoga functions that run one operation, carried through graphql-ws as its root value. */
interface Executor {
  readonly execute: (args: ExecutionArgs) => unknown;
  readonly subscribe: (args: ExecutionArgs) => unknown;
}

export function executorOf(args: ExecutionArgs): Executor {
  return args.rootValue as Executor;
}

export interface OperationOptions {
  readonly yoga: Yoga;
  readonly trustedDocuments: TrustedDocuments | undefined;
  /** How many operations a socket may have under way. */
  readonly maxOperations: number;
  readonly gate: Gate;
  readonly operationLog: OperationLog | undefined;
}

/**
 * What graphql-ws is to run, or the errors of this one operation. A document that cannot be run is that operation's error:
 * throwing here would close the socket with all its others.
 */
export async function executionArgs(options: OperationOptions, socket: Socket, id: string, payload: OperationPayload) {
  const { operationLog: log } = options;
  if (log === undefined) return preparedArgs(options, socket, id, payload);
  const { query, operationName } = payload;
  const observed = { ...log.begin(), query, operationName, callerId: socket.extra.caller?.id };
  const prepared = await preparedArgs(options, socket, id, payload);
  if (Array.isArray(prepared)) {
    log.watched(observed, { errors: prepared }, true);
    return prepared;
  }
  const { document, contextValue, rootValue } = prepared;
  const watched =
    (run: Executor['execute']): Executor['execute'] =>
    async (args) =>
      log.watched({ ...observed, document, context: contextValue }, await run(args), true);
  return {
    ...prepared,
    rootValue: { execute: watched(rootValue.execute), subscribe: watched(rootValue.subscribe) } satisfies Executor,
  };
}

async function preparedArgs(
  { yoga, trustedDocuments, maxOperations, gate }: OperationOptions,
  socket: Socket,
  id: string,
  payload: OperationPayload,
) {
  const closed = gate.refusal();
  if (closed !== undefined) return [notNow(closed)];
  if (Object.keys(socket.subscriptions).length > maxOperations) return [tooManyOperations(maxOperations)];
  const resolution = resolveDocument(payload, trustedDocuments);
  if ('refused' in resolution) return [resolution.refused];
  const { params } = resolution;
  const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped(
    scopeOf(socket, id, params),
  );
  try {
    const document = parse(params.query);
    const faults = validate(schema, document);
    if (faults.length > 0) return faults.map(withoutHttp);
    return {
      schema,
      document,
      operationName: params.operationName,
      variableValues: params.variables,
      contextValue: await contextFactory(),
      rootValue: { execute, subscribe } satisfies Executor,
    };
  } catch (error) {
    return [
      error instanceof GraphQLError ? withoutHttp(error) : new GraphQLError('The operation could not be prepared.'),
    ];
  }
}

/** What the context of the operation is made from. graphql-ws asks for operations only once `onConnect` has let the caller in. */
function scopeOf(socket: Socket, id: string, params: OperationPayload) {
  const { signal, caller } = socket.extra;
  if (signal === undefined || caller === undefined) throw new Error('An operation came before its caller was known.');
  const onStale = (staleness: Staleness): void => tellStaleness(socket, id, staleness);
  return new OperationContext({ params, gone: signal, caller, onStale });
}

/**
 * A ping, which the protocol lets carry a payload and every client answers: an error among the results would end the stream
 * for clients that take any error for the last.
 */
function tellStaleness({ extra: { socket } }: Socket, operation: string, { service, job }: Staleness): void {
  const stale = { operation, service, ...(job && { job: globalIdFrom(job) }) };
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ type: 'ping', payload: { stale } }));
}

/** Yoga marks errors with the HTTP status to answer, which means nothing here. */
function withoutHttp({
  message,
  nodes,
  source,
  positions,
  extensions: { http: _, ...extensions },
}: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions,
  });
}

function notNow({ message, code, retryAfterMs }: Refusal): GraphQLError {
  return new GraphQLError(message, { extensions: { code, retryable: true, retryAfterMs } });
}

function tooManyOperations(maxOperations: number): GraphQLError {
  return new GraphQLError(`Expected at most ${maxOperations} operations under way on one socket, received one more.`, {
    extensions: { code: 'TOO_MANY_OPERATIONS', retryable: true },
  });
}
