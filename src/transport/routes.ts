/** Routes HTTP requests by their path. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOwnHost } from '../base/loopback.ts';
import { retryAfterSeconds } from '../base/retry-after.ts';
import { corsHeadersFor } from '../execution/cors.ts';
import { errorTypeFor } from '../execution/http-answer.ts';
import { schemaPath } from '../execution/schema-document.ts';
import { graphqlPath, type Yoga } from '../execution/yoga.ts';
import type { OnRefusal } from '../limits/refusal.ts';
import { isAbandoned } from './abandoned.ts';
import type { Board } from './board.ts';
import type { Gate, Refusal } from './gate.ts';
import { hasTooManyHeaders } from './header-limit.ts';
import { answerJson, type JsonRequestOptions, jsonAnswerType } from './json-requests.ts';
import { pathOf } from './request-target.ts';
import { answerSchema, type SchemaRequestOptions } from './schema-request.ts';
import { securityHeaders, setSecurityHeaders } from './security-headers.ts';

export interface Routes {
  /** Whether the gateway serves only this machine; the `Host` must then be a loopback name. */
  readonly isLocalOnly: boolean;
  readonly gate: Gate;
  readonly onRefusal: OnRefusal | undefined;
  readonly isReady: () => Promise<boolean>;
  readonly json: JsonRequestOptions;
  readonly schema: SchemaRequestOptions;
  readonly yoga: Yoga;
  /** Absent if it is off or not built. */
  readonly board: Board | undefined;
}

export function route(request: IncomingMessage, response: ServerResponse, routes: Routes): void {
  const path = pathOf(request);
  if (hasTooManyHeaders(request)) answer(response, 431, 'The header has too many lines.\n');
  else if (path === undefined) answer(response, 400, 'The target and the Host of the request make no URL.\n');
  else if (routes.isLocalOnly && !isOwnHost(request)) misdirected(request, response, path, corsOf(request, routes));
  else if (path === graphqlPath) operate(request, response, routes);
  else if (path === schemaPath) void answerSchema(request, response, routes.schema);
  else if (routes.board?.has(path)) void routes.board.answer(path, request, response);
  else if (path === '/') response.writeHead(302, { ...securityHeaders, location: graphqlPath }).end();
  else if (path === '/livez') answer(response, 200, 'alive\n');
  else if (path === '/readyz') void answerReadiness(response, routes.isReady);
  else answer(response, 404, `Nothing is here. Operations go to ${graphqlPath}.\n`);
}

function operate(request: IncomingMessage, response: ServerResponse, routes: Routes): void {
  const { gate, json, onRefusal, yoga } = routes;
  // A page whose preflight is refused cannot read why its operation would be.
  const refusal = request.method === 'OPTIONS' ? undefined : gate.refusal();
  if (refusal !== undefined) {
    onRefusal?.('http', refusal.countedAs);
    refuse(request, response, refusal, corsOf(request, routes));
    return;
  }
  const byYoga = async (): Promise<void> => {
    if (await isAbandoned(request)) return;
    await gate.turn();
    if (response.destroyed) return;
    setSecurityHeaders(response);
    void yoga(request, response);
  };
  const mediaType = jsonAnswerType(request);
  if (mediaType === undefined) void byYoga();
  else
    void answerJson(request, response, mediaType, json, (body) => {
      // Where Yoga looks for a body that was read before.
      Object.assign(request, { body });
      void byYoga();
    });
}

type Headers = Readonly<Record<string, string>>;

/** So that a page of an allowed origin can read why it was refused. */
function corsOf({ headers }: IncomingMessage, { json }: Routes): Headers {
  return corsHeadersFor(headers.origin, json.config);
}

/**
 * Keeps the connection, for a new one costs as much as an answer, and an overloaded gateway accepts few. A body of more than
 * `readLength` is not worth reading.
 */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { message, code, retryAfterMs }: Refusal,
  cors: Headers,
): void {
  const isShort = Number(request.headers['content-length']) <= readLength;
  const ending = code === 'OVERLOADED' && isShort ? {} : { connection: 'close' };
  const headers = { ...cors, 'retry-after': retryAfterSeconds(retryAfterMs), ...ending };
  answerError(request, response, 503, { message, extensions: { code, retryable: true, retryAfterMs } }, headers);
}

const readLength = 16_384;

/** Where clients of GraphQL ask, in their form. */
function misdirected(request: IncomingMessage, response: ServerResponse, path: string, cors: Headers): void {
  const message = 'Expected a loopback Host.';
  if (path === graphqlPath) answerError(request, response, 421, { message, extensions: { code: 'BAD_REQUEST' } }, cors);
  else answer(response, 421, `${message}\n`);
}

function answerError(
  { headers: { accept } }: IncomingMessage,
  response: ServerResponse,
  status: number,
  error: object,
  others: Headers,
): void {
  const body = JSON.stringify({ errors: [error] });
  const headers = {
    ...securityHeaders,
    'content-type': errorTypeFor(accept),
    'content-length': Buffer.byteLength(body),
    ...others,
  };
  response.writeHead(status, headers).end(body);
}

async function answerReadiness(response: ServerResponse, isReady: () => Promise<boolean>): Promise<void> {
  const isGood = await isReady();
  answer(response, isGood ? 200 : 503, isGood ? 'ready\n' : 'not ready\n');
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
