/** Answers requests for the schema as text. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpAnswer } from '../execution/http-answer.ts';
import type { IdentifyCaller } from '../execution/http-caller.ts';
import type { SchemaDocument } from '../execution/schema-document.ts';
import { securityHeaders } from './security-headers.ts';

export interface SchemaRequestOptions {
  readonly identify: IdentifyCaller;
  readonly schemaDocument: SchemaDocument;
}

/** Resolves once the request is answered. */
export async function answerSchema(
  request: IncomingMessage,
  response: ServerResponse,
  options: SchemaRequestOptions,
): Promise<void> {
  const { status, headers, body } = await answerTo(request, options);
  if (response.destroyed) return;
  const length = status === 304 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...securityHeaders, ...length, ...headers }).end(body);
}

async function answerTo(
  request: IncomingMessage,
  { identify, schemaDocument }: SchemaRequestOptions,
): Promise<HttpAnswer> {
  const { method, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return notAllowed;
  const identified = await identify(request);
  return 'caller' in identified ? schemaDocument.answerFor(identified.caller, headers['if-none-match']) : identified;
}

const notAllowed: HttpAnswer = {
  status: 405,
  headers: { allow: 'GET, HEAD', 'content-type': 'text/plain; charset=utf-8' },
  body: 'Expected GET or HEAD.\n',
};
