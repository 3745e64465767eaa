/** Reads the JSON body of a request. */
import type { GraphQLParams } from 'graphql-yoga';
import { badRequest } from './http-status.ts';
import { mediaTypeFrom } from './media-type.ts';

const json = 'application/json';

/** Whether a `Content-Type` is JSON in UTF-8. */
export function isJson(contentType: string): boolean {
  if (contentType === json) return true;
  const type = mediaTypeFrom(contentType);
  return type?.essence === json && type.isUtf8;
}

/** The members of a request. Throws the error for the client if the body is not a request. */
export function paramsFromBody(text: string): GraphQLParams {
  const body = parsedJson(text);
  if (body === undefined) throw badRequest('Body: expected JSON.', { status: 400 });
  if (typeof body !== 'object' || body === null) throw badRequest('Body: expected a JSON object.', { status: 400 });
  return body;
}

/** Undefined if `text` is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
