/** Restricts the forms in which an operation may arrive over HTTP. */
import { GraphQLError } from 'graphql';
import type { FetchAPI, GraphQLParams, Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Config } from '../config/config.ts';
import { csrfHeaders, isAllowedPage } from './cors.ts';
import { jsonMediaTypeFor } from './http-answer.ts';
import { badRequest } from './http-status.ts';
import { isJson, paramsFromBody, parsedJson } from './json-body.ts';
import { accepts } from './media-type.ts';

export type ContentPolicyOptions = Pick<Config, 'allowedOrigins' | 'takesGet'>;

/**
 * Accepts only JSON bodies, GET only with a header that no page of another site can set, and no subscription by GET.
 *
 * A page of any other site can make a browser send a form, load an image or open an event stream without a preflight;
 * it cannot do so with JSON. Yoga accepts all of these and has no option against it.
 */
export function useContentPolicy(options: ContentPolicyOptions): Plugin<YogaInitialContext> {
  return {
    onRequestParse({ request, url, setRequestParser }) {
      if (request.method === 'POST') {
        if (!isJson(request.headers.get('content-type') ?? '')) throw notJson();
        // Yoga's own parser recognises the media type in lower case only (5.24.1).
        setRequestParser(paramsFromRequest);
      }
      if (request.method !== 'GET') return;
      if (!options.takesGet) throw badRequest('Operations go by POST.', { status: 405, headers: { allow: 'POST' } });
      if (!isIntended(request, options)) throw badRequest(notIntended, { status: 403 });
      for (const name of ['variables', 'extensions']) {
        if (!canParse(url.searchParams.get(name) || '{}')) throw badRequest(`${name}: expected JSON.`, { status: 400 });
      }
    },
    onResultProcess({ request, resultProcessor, setResultProcessor }) {
      // For a client that accepts no form of an error, Yoga would answer in a form for streams, or without a body.
      if (notAcceptable.has(request) && jsonMediaTypeFor(request.headers.get('accept') ?? '') === undefined)
        setResultProcessor(unacceptedAnswer(noStream), json);
      else if (resultProcessor === undefined) setResultProcessor(unacceptedAnswer(noForm), json);
    },
  };
}

const json = 'application/json';

/**
 * Whether no page of a foreign site can have made a browser send this GET. Such a page cannot set a header of
 * `csrfHeaders`, or JSON as the `Content-Type`, which Apollo Client sends even without a body: both need a preflight.
 *
 * No page at all can set `Sec-Fetch-Site` or `Origin`. The former is `same-origin` for a page of the gateway's own; it
 * is `none` for a link in a mail as well, so `none` is not enough. The latter names a page of another origin that calls
 * `fetch`, and is absent or `null` where a foreign page embeds or redirects.
 */
function isIntended({ headers }: Request, options: ContentPolicyOptions): boolean {
  return (
    csrfHeaders.some((name) => headers.has(name)) ||
    isJson(headers.get('content-type') ?? '') ||
    headers.get('sec-fetch-site') === 'same-origin' ||
    isAllowedPage(headers.get('origin'), options)
  );
}

const notIntended = `Send the query by POST, or by GET with the header ${csrfHeaders.join(' or ')}, with any value.`;

function notJson(): GraphQLError {
  return badRequest('Content-Type: expected application/json, in UTF-8.', { status: 415 });
}

async function paramsFromRequest(request: Request): Promise<GraphQLParams> {
  return paramsFromBody(
    await request.text().catch((error: unknown) => {
      // Such as the error for a body that is too large.
      throw error instanceof GraphQLError ? error : badRequest('Body: expected JSON.', { status: 400 });
    }),
  );
}

/** The requests for a stream that do not accept `text/event-stream`. */
const notAcceptable = new WeakSet<Request>();

const noStream = 'Accept: expected text/event-stream for a subscription over HTTP.';
const noForm = 'Accept: expected application/json, application/graphql-response+json or text/event-stream.';

/**
 * The error if the answer to `request` cannot be a stream. Yoga would start the stream before it finds that it cannot
 * send it.
 */
export function streamFault(request: Request): GraphQLError | undefined {
  if (request.method === 'GET')
    return badRequest('Subscriptions over Server-Sent Events go by POST.', { status: 405, headers: { allow: 'POST' } });
  if (accepts(request.headers.get('accept'), 'text/event-stream')) return undefined;
  notAcceptable.add(request);
  return badRequest(noStream, { status: 406 });
}

function unacceptedAnswer(message: string) {
  return (_result: unknown, { Response }: FetchAPI): Response => {
    const errors = [{ message, extensions: { code: 'BAD_REQUEST' } }];
    const headers = { 'content-type': `${json}; charset=utf-8` };
    return new Response(JSON.stringify({ errors }), { status: 406, headers });
  };
}

function canParse(text: string): boolean {
  return parsedJson(text) !== undefined;
}
