/** One operation over WebSocket: the same steps as over HTTP, by the same functions of Yoga. */
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST, OperationTypeNode } from 'graphql';
import { MessageType } from 'graphql-ws';
import type { YogaContext } from '../execution/operation-context.ts';
import type { Observed, OperationLog } from '../execution/operation-log.ts';
import { type OperationParams, readParams } from '../execution/request-params.ts';
import type { Yoga } from '../execution/server-context.ts';
import type { Caller } from '../identity/caller.ts';
import { resolveDocument, type TrustedDocuments } from '../limits/trusted-documents.ts';
import type { Gate, Refusal } from './gate.ts';
import type { Operation } from './websocket-operations.ts';

export interface OperationOptions {
  readonly yoga: Yoga;
  readonly trustedDocuments: TrustedDocuments | undefined;
  readonly gate: Gate;
  readonly operationLog: OperationLog | undefined;
}

/** What a client asked, and where its answers go. */
export interface Asked {
  readonly id: string;
  readonly payload: object;
  readonly caller: Caller;
  /** Resolves once the message has been written. */
  readonly send: (message: object) => Promise<void>;
}

type Answer = { readonly refused: readonly GraphQLError[] } | { readonly result: unknown };

/**
 * Resolves once the operation has ended and all that was made for it has been let go of. Whatever ends it meanwhile, nothing more is
 * started for it and its client is told nothing more. `leave` makes its id free, which it is before its client learns of the end.
 * Rejects with what is a fault of this program.
 */
export async function runOperation(
  options: OperationOptions,
  operation: Operation,
  asked: Asked,
  leave: () => void,
): Promise<void> {
  const { id, send } = asked;
  const tell = async (message: object): Promise<void> => {
    if (!operation.hasEnded) await send({ id, ...message });
  };
  const end = async (message: object): Promise<void> => {
    leave();
    await tell(message);
  };
  const answer = await answerTo(options, operation, asked);
  if ('refused' in answer) return end(errorMessage(answer.refused));
  const { result } = answer;
  if (!isStream(result)) {
    if (result !== undefined) await tell({ type: MessageType.Next, payload: result });
    return end({ type: MessageType.Complete });
  }
  const stream = result[Symbol.asyncIterator]();
  operation.follow(stream);
  try {
    for (;;) {
      const { done, value } = await stream.next();
      if (done === true) return await end({ type: MessageType.Complete });
      await tell({ type: MessageType.Next, payload: value });
    }
  } catch (error) {
    await end(errorMessage([streamError(error)]));
  }
}

/** A document that cannot be run is that operation's error: closing the socket would end all its others. */
async function answerTo(options: OperationOptions, operation: Operation, asked: Asked): Promise<Answer> {
  const { operationLog: log, gate, trustedDocuments } = options;
  const closed = gate.refusal();
  const observed: Observed | undefined = log && { ...log.begin(), callerId: asked.caller.id };
  const refuse = (refused: readonly GraphQLError[]): Answer => {
    if (observed) log?.watched(observed, { errors: refused }, true);
    return { refused };
  };
  if (closed !== undefined) return refuse([notNow(closed)]);
  const resolution = resolveDocument(asked.payload, trustedDocuments);
  if ('refused' in resolution) return refuse([resolution.refused]);
  const read = readParams(resolution.params);
  if ('fault' in read) return refuse([read.fault]);
  const { query, operationName } = read.params;
  if (observed) Object.assign(observed, { query, operationName });
  const prepared = await preparedRun(options.yoga, operation, asked.caller, read.params);
  if ('refused' in prepared) return refuse(prepared.refused);
  if (operation.hasEnded) return { result: undefined };
  const { args, run, isSubscription } = prepared;
  if (observed) Object.assign(observed, { document: args.document, context: args.contextValue.operation });
  const result = await counted(gate, isSubscription, () => run(args));
  return { result: observed ? log?.watched(observed, result, true) : result };
}

interface Prepared {
  readonly args: ExecutionArgs & { readonly contextValue: YogaContext };
  readonly run: (args: ExecutionArgs) => unknown;
  readonly isSubscription: boolean;
}

/** A query or mutation is under way until its result is there. */
async function counted(gate: Gate, isSubscription: boolean, run: () => unknown): Promise<unknown> {
  if (isSubscription) return run();
  const end = gate.begin();
  try {
    return await run();
  } finally {
    end();
  }
}

async function preparedRun(
  yoga: Yoga,
  operation: Operation,
  caller: Caller,
  params: OperationParams,
): Promise<Prepared | { readonly refused: readonly GraphQLError[] }> {
  const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
    params,
    caller,
    socketOperation: operation,
    // Yoga's context gets this member later; V8 makes room for it only where it is here from the beginning (40 bytes a subscription).
    operation: undefined,
  });
  try {
    const document = parse(params.query);
    const faults: readonly GraphQLError[] = validate(schema, document);
    if (faults.length > 0) return { refused: faults.map(withoutHttp) };
    const { operationName, variables } = params;
    const node = getOperationAST(document, operationName);
    if (!node) return { refused: [new GraphQLError('Unable to identify operation')] };
    const contextValue = await contextFactory();
    const isSubscription = node.operation === OperationTypeNode.SUBSCRIPTION;
    return {
      args: { schema, document, contextValue, operationName, variableValues: variables },
      run: isSubscription ? subscribe : execute,
      isSubscription,
    };
  } catch (error) {
    const refused =
      error instanceof GraphQLError ? withoutHttp(error) : new GraphQLError('The operation could not be prepared.');
    return { refused: [refused] };
  }
}

function isStream(result: unknown): result is AsyncIterable<ExecutionResult> {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
}

export function errorMessage(errors: readonly GraphQLError[]): object {
  return { type: MessageType.Error, payload: errors.map((error) => error.toJSON()) };
}

function streamError(error: unknown): GraphQLError {
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
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
