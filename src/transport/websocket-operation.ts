/** Runs one operation over WebSocket in the same steps as over HTTP, with the functions of Yoga. */
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

/** A client's `subscribe` and the function that sends to the client. */
export interface SubscribeRequest {
  readonly id: string;
  readonly payload: object;
  readonly caller: Caller;
  /** Resolves once the message has been written. */
  readonly send: (message: object) => Promise<void>;
}

type Outcome = { readonly refused: readonly GraphQLError[] } | { readonly result: unknown };

/**
 * Resolves once the operation has ended and its resources are released. If something else ends it meanwhile, nothing
 * more is started for it or sent to its client. `releaseId` makes its id free before the client receives the end.
 * Rejects only with a defect of this program.
 */
export async function runOperation(
  options: OperationOptions,
  operation: Operation,
  request: SubscribeRequest,
  releaseId: () => void,
): Promise<void> {
  const { id, send } = request;
  const emit = async (message: object): Promise<void> => {
    if (!operation.hasEnded) await send({ id, ...message });
  };
  const end = async (message: object): Promise<void> => {
    releaseId();
    await emit(message);
  };
  const outcome = await outcomeOf(options, operation, request);
  if ('refused' in outcome) return end(errorMessage(outcome.refused));
  const { result } = outcome;
  if (!isStream(result)) {
    if (result !== undefined) await emit({ type: MessageType.Next, payload: result });
    return end({ type: MessageType.Complete });
  }
  const stream = result[Symbol.asyncIterator]();
  operation.attach(stream);
  try {
    for (;;) {
      const { done, value } = await stream.next();
      if (done === true) return await end({ type: MessageType.Complete });
      await emit({ type: MessageType.Next, payload: value });
    }
  } catch (error) {
    await end(errorMessage([streamError(error)]));
  }
}

/** A document that cannot be run is an error of its operation; to close the socket would end all the others. */
async function outcomeOf(options: OperationOptions, operation: Operation, request: SubscribeRequest): Promise<Outcome> {
  const { operationLog: log, gate, trustedDocuments } = options;
  const overload = gate.refusal();
  const observed: Observed | undefined = log && { ...log.begin(), callerId: request.caller.id };
  const refuse = (refused: readonly GraphQLError[]): Outcome => {
    if (observed) log?.observe(observed, { errors: refused }, true);
    return { refused };
  };
  if (overload !== undefined) return refuse([errorFromRefusal(overload)]);
  const resolution = resolveDocument(request.payload, trustedDocuments);
  if ('refused' in resolution) return refuse([resolution.refused]);
  const read = readParams(resolution.params);
  if ('fault' in read) return refuse([read.fault]);
  const { query, operationName } = read.params;
  if (observed) Object.assign(observed, { query, operationName });
  const prepared = await preparedRun(options.yoga, operation, request.caller, read.params);
  if ('refused' in prepared) return refuse(prepared.refused);
  if (operation.hasEnded) return { result: undefined };
  const { args, run, isSubscription } = prepared;
  if (observed) Object.assign(observed, { document: args.document, context: args.contextValue.operation });
  const result = await counted(gate, isSubscription, () => run(args));
  return { result: observed ? log?.observe(observed, result, true) : result };
}

interface Prepared {
  readonly args: ExecutionArgs & { readonly contextValue: YogaContext };
  readonly run: (args: ExecutionArgs) => unknown;
  readonly isSubscription: boolean;
}

/** A query or mutation is under way until its result is available. */
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

/** Yoga adds an HTTP status to errors, which has no meaning here. */
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

function errorFromRefusal({ message, code, retryAfterMs }: Refusal): GraphQLError {
  return new GraphQLError(message, { extensions: { code, retryable: true, retryAfterMs } });
}
