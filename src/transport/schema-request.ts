/** Answers requests for the schema as text. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/config.ts';
import { corsHeadersFor, preflightHeadersFor } from '../execution/cors.ts';
import type { HttpAnswer } from '../execution/http-answer.ts';
import type { IdentifyCaller } from '../execution/http-caller.ts';
import type { SchemaDocument } from '../execution/schema-document.ts';
import { securityHeaders } from './security-headers.ts';

export interface SchemaRequestOptions {
  readonly config: Pick<Config, 'allowedOrigins' | 'takesGet'>;
  readonly identify: IdentifyCaller;
  readonly schemaDocument: SchemaDocument;
}

const methods = 'GET, HEAD';

/** Resolves once the request is answered. A page of an allowed origin may read every answer. */
export async function answerSchema(
  request: IncomingMessage,
  response: ServerResponse,
  options: SchemaRequestOptions,
): Promise<void> {
  const cors = corsHeadersFor(request.headers.origin, options.config);
  const { status, headers, body } = await answerTo(request, options);
  if (response.destroyed) return;
  const length = status === 304 || status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...securityHeaders, ...length, ...cors, ...headers }).end(body);
}

async function answerTo(request: IncomingMessage, options: SchemaRequestOptions): Promise<HttpAnswer> {
  const { identify, schemaDocument } = options;
  const { method, headers } = request;
  if (method === 'OPTIONS') return preflight(request, options);
  if (method !== 'GET' && method !== 'HEAD') return notAllowed;
  const identified = await identify(request);
  return 'caller' in identified ? schemaDocument.answerFor(identified.caller, headers['if-none-match']) : identified;
}

/** A browser sends one before a page's request with a token, and never with it: the caller is not known here. */
function preflight({ headers }: IncomingMessage, { config }: SchemaRequestOptions): HttpAnswer {
  const requested = headers['access-control-request-headers'];
  return {
    status: 204,
    headers: { allow: methods, ...preflightHeadersFor(headers.origin, requested, methods, config) },
    body: '',
  };
}

const notAllowed: HttpAnswer = {
  status: 405,
  headers: { allow: methods, 'content-type': 'text/plain; charset=utf-8' },
  body: 'Expected GET or HEAD.\n',
};
