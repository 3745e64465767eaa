/**
 * Answers operations that come by POST as JSON and go as JSON: the most frequent form by far. It reads Node's request and
 * writes Node's response, where Yoga makes a `Request` and a `Response` of them: of 0.56 ms that `{ __typename }` took by
 * Yoga, that was more than half (Node 20.20.2). Everything else is left to Yoga.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { Config } from '../config/config.ts';
import { corsHeadersFor } from '../execution/cors.ts';
import { type HttpAnswer, httpAnswerFrom, type JsonMediaType, jsonMediaTypeFor } from '../execution/http-answer.ts';
import type { IdentifyCaller } from '../execution/http-caller.ts';
import { badRequest } from '../execution/http-status.ts';
import { isJson, paramsFromBody } from '../execution/json-body.ts';
import type { TransportScope } from '../execution/operation-context.ts';
import type { Observed, OperationLog } from '../execution/operation-log.ts';
import type { MaskError } from '../execution/operation-result.ts';
import type { OperationRunner, Outcome } from '../execution/operation-runner.ts';
import type { Caller } from '../identity/caller.ts';
import { isAbandoned } from './abandoned.ts';
import type { Gate } from './gate.ts';
import { readBody } from './request-body.ts';
import { securityHeaders } from './security-headers.ts';

export interface JsonRequestOptions {
  readonly config: Pick<Config, 'allowedOrigins' | 'maxBodyBytes' | 'takesGet'>;
  readonly identify: IdentifyCaller;
  readonly gate: Gate;
  readonly runner: OperationRunner;
  readonly mask: MaskError;
  /** Absent where nobody wants to know of single operations. */
  readonly operationLog: OperationLog | undefined;
}

/** The form of the answer, for a request that `answerJson` can take; undefined for the others. */
export function jsonAnswerType({ method, headers }: IncomingMessage): JsonMediaType | undefined {
  const isTaken = method === 'POST' && isJson(headers['content-type'] ?? '');
  return isTaken ? jsonMediaTypeFor(headers.accept) : undefined;
}

/**
 * Resolves once the request is answered, or its client has gone. Calls `handOver` with a body that was read for an
 * operation whose answer is a stream.
 */
export async function answerJson(
  request: IncomingMessage,
  response: ServerResponse,
  mediaType: JsonMediaType,
  options: JsonRequestOptions,
  handOver: (body: string) => void,
): Promise<void> {
  const { config, identify, gate, operationLog: log } = options;
  const observed = log?.begin();
  const cors = corsHeadersFor(request.headers.origin, config);
  const identified = await identify(request);
  if (!('caller' in identified)) return send(response, identified, cors);
  const { caller } = identified;
  if (observed) observed.caller = caller;
  const body = await readBody(request, config.maxBodyBytes);
  if ('isGone' in body) return;
  const abandoned = isAbandoned(request);
  if (abandoned !== undefined && (await abandoned)) return;
  const turn = gate.turn();
  if (turn !== undefined) {
    await turn;
    // Whoever has gone while waiting needs no answer.
    if (response.destroyed) return;
  }
  const result =
    'isTooLarge' in body
      ? tooLarge()
      : await resultOf(body.text, scopeOf(request, response, caller), options, observed);
  if (result === 'stream') {
    if ('text' in body) handOver(body.text);
    return;
  }
  if (observed) log?.observe(observed, result, false);
  const { status, headers, body: text } = httpAnswerFrom(result, mediaType);
  const ending = 'isTooLarge' in body ? { connection: 'close' } : {};
  send(response, { status, headers: { ...headers, ...ending }, body: text }, cors);
}

type Result = Exclude<Outcome, AsyncIterable<unknown>>;

/** Never rejects: an error that nobody expected is masked. */
async function resultOf(
  text: string,
  scope: TransportScope,
  { runner, mask }: JsonRequestOptions,
  observed: Observed | undefined,
): Promise<Result | 'stream'> {
  try {
    const members = paramsFromBody(text);
    if (Array.isArray(members)) throw badRequest('Batching is not supported.', { status: 400 });
    const read = runner.readHttp(members);
    if ('fault' in read) throw read.fault;
    const prepared = runner.prepare(read.params, scope, observed);
    if ('refused' in prepared) return { errors: prepared.refused };
    if (prepared.kind === OperationTypeNode.SUBSCRIPTION) return 'stream';
    const outcome = await prepared.run();
    return Symbol.asyncIterator in outcome ? 'stream' : outcome;
  } catch (error) {
    return { errors: [mask(error)] };
  }
}

function tooLarge(): Result {
  const extensions = { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } };
  return { errors: [new GraphQLError('Request body too large', { extensions })] };
}

function scopeOf(request: IncomingMessage, response: ServerResponse, caller: Caller): TransportScope {
  let gone: AbortSignal | undefined;
  const traceparent = request.headers['traceparent'];
  return {
    caller,
    isSocket: false,
    // Most operations read nothing that needs a signal.
    get whenGone() {
      gone ??= signalOf(response);
      return gone;
    },
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
  };
}

/** Fires when the connection closes before the response is written. */
function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.closed) abort();
  else response.once('close', abort);
  return controller.signal;
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer, cors: HttpAnswer['headers']): void {
  if (response.destroyed) return;
  const all = { 'content-length': Buffer.byteLength(body), ...securityHeaders, ...headers, ...cors };
  response.writeHead(status, all).end(body);
}
