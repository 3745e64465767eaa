/** Runs one operation over WebSocket in the same steps as over HTTP, by the same functions. */
import { type ExecutionResult, GraphQLError } from 'graphql';
import { MessageType } from 'graphql-ws';
import { withoutHttp } from '../execution/http-status.ts';
import { LiveResults } from '../execution/live-results.ts';
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
  readonly send: (message: string) => Promise<void>;
}

type Outcome =
  | { readonly refused: readonly GraphQLError[] }
  | { readonly result: ExecutionResult | LiveResults }
  | undefined;

/**
 * Resolves once the operation has ended and its resources are released. If something else ends it meanwhile, nothing
 * more is started for it or sent to its client. `releaseId` makes its id free before the client receives the end.
 * Rejects only with a defect of this program.
 */
export function runOperation(
  options: OperationOptions,
  operation: Operation,
  request: SubscribeRequest,
  releaseId: () => void,
): Promise<void> {
  const { id, send } = request;
  const answer = new Answer(operation, id, send, releaseId);
  // Not awaited here: the text of the operation would be kept as long as its stream.
  return outcomeOf(options, operation, request).then((outcome) => answered(answer, outcome));
}

async function answered(answer: Answer, outcome: Outcome): Promise<void> {
  if (outcome === undefined) return answer.complete();
  if ('refused' in outcome) return answer.fail(outcome.refused);
  const { result } = outcome;
  if (result instanceof LiveResults) return streamed(answer, result);
  await answer.next(JSON.stringify(result));
  return answer.complete();
}

/** Sends nothing at an interruption: the close of the socket tells the client to resume. */
async function streamed(answer: Answer, results: LiveResults): Promise<void> {
  answer.operation.attach(results);
  try {
    for (;;) {
      const { done, value } = await results.next();
      if (done === true) {
        if (!results.isInterrupted) await answer.complete();
        return;
      }
      await answer.next(value.text);
    }
  } catch (error) {
    await answer.fail([streamError(error)]);
  }
}

/** The messages of one operation. */
class Answer {
  readonly operation: Operation;
  readonly #id: string;
  readonly #send: SubscribeRequest['send'];
  readonly #releaseId: () => void;

  constructor(operation: Operation, id: string, send: SubscribeRequest['send'], releaseId: () => void) {
    this.operation = operation;
    this.#id = id;
    this.#send = send;
    this.#releaseId = releaseId;
  }

  /**
   * Sends a result, which is given as JSON. Readers of one event share its text, but not its frame: each frame has the id that the
   * client chose (a UUID in graphql-ws), and the cursor of its stream.
   */
  next(payload: string): Promise<void> {
    if (this.operation.hasEnded) return Promise.resolve();
    const message = `{"id":${JSON.stringify(this.#id)},"type":"${MessageType.Next}","payload":${payload}}`;
    return this.#send(message);
  }

  complete(): Promise<void> {
    return this.#end({ type: MessageType.Complete });
  }

  fail(errors: readonly GraphQLError[]): Promise<void> {
    return this.#end(errorMessage(errors));
  }

  async #end(message: object): Promise<void> {
    this.#releaseId();
    if (!this.operation.hasEnded) await this.#send(JSON.stringify({ id: this.#id, ...message }));
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
  await gate.turn();
  if (operation.hasEnded) return undefined;
  const read = runner.read(request.payload);
  if ('fault' in read) return refuse([read.fault]);
  const scope = { caller, isSocket: true, whenGone: operation.signal };
  const prepared = runner.prepare(read.params, scope, observed);
  if ('refused' in prepared) return refuse(prepared.refused);
  if (operation.hasEnded) return undefined;
  const result = await prepared.run();
  if (observed) log?.observe(observed, result, true);
  return { result };
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
