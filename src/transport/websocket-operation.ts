/** Runs one operation over WebSocket in the same steps as over HTTP, by the same functions. */
import { type ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql';
import { MessageType } from 'graphql-ws';
import { withoutHttp } from '../execution/http-status.ts';
import type { Observed, OperationLog } from '../execution/operation-log.ts';
import type { OperationRunner } from '../execution/operation-runner.ts';
import type { Caller } from '../identity/caller.ts';
import type { Gate, Refusal } from './gate.ts';
import type { Operation } from './websocket-operations.ts';

export interface OperationOptions {
  readonly runner: OperationRunner;
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
  const { operationLog: log, gate, runner } = options;
  const { caller } = request;
  const overload = gate.refusal();
  const observed: Observed | undefined = log && { ...log.begin(), caller };
  const refuse = (errors: readonly GraphQLError[]): Outcome => {
    const refused = errors.map(withoutHttp);
    if (observed) log?.observe(observed, { errors: refused }, true);
    return { refused };
  };
  if (overload !== undefined) return refuse([errorFromRefusal(overload)]);
  const read = runner.read(request.payload);
  if ('fault' in read) return refuse([read.fault]);
  const scope = { caller, isSocket: true, whenGone: operation.signal };
  const prepared = runner.prepare(read.params, scope, observed);
  if ('refused' in prepared) return refuse(prepared.refused);
  if (operation.hasEnded) return { result: undefined };
  const result = await counted(gate, prepared.kind === OperationTypeNode.SUBSCRIPTION, prepared.run);
  return { result: observed ? log?.observe(observed, result, true) : result };
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

function errorFromRefusal({ message, code, retryAfterMs }: Refusal): GraphQLError {
  return new GraphQLError(message, { extensions: { code, retryable: true, retryAfterMs } });
}
