/** Restricts the forms in which an operation may arrive over HTTP. */
import { type ExecutionArgs, GraphQLError, getOperationAST, getVariableValues } from 'graphql';
import {
  createGraphQLError,
  type FetchAPI,
  type GraphQLParams,
  type Plugin,
  type YogaInitialContext,
} from 'graphql-yoga';
import { accepts, mediaTypeFrom } from './media-type.ts';

/** Yoga's name for the header. A browser sends a preflight before a page of another site may set it. */
export const csrfHeader = 'x-graphql-yoga-csrf';

export interface ContentPolicyOptions {
  /** Whether queries by GET are accepted. */
  readonly takesGet: boolean;
}

/**
 * Accepts only JSON bodies, GET only with a header that no page of another site can set, and no subscription by GET.
 *
 * A page of any other site can make a browser send a form, load an image or open an event stream without a preflight;
 * it cannot do so with JSON. Yoga accepts all of these and has no option against it.
 */
export function useContentPolicy({ takesGet }: ContentPolicyOptions): Plugin<YogaInitialContext> {
  return {
    onRequestParse({ request, url, setRequestParser }) {
      if (request.method === 'POST') {
        if (!isJsonBody(request)) throw refusal(415, 'Content-Type: expected application/json, in UTF-8.');
        // Yoga's own parser recognises the media type in lower case only (5.24.1).
        setRequestParser(paramsFromBody);
      }
      if (request.method !== 'GET') return;
      if (!takesGet) throw refusal(405, 'Operations go by POST.', { allow: 'POST' });
      if (!isIntended(request)) throw refusal(403, notIntended);
      for (const name of ['variables', 'extensions']) {
        if (!isJson(url.searchParams.get(name) || '{}')) throw refusal(400, `${name}: expected JSON.`);
      }
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { request } = args.contextValue as Partial<YogaInitialContext>;
      const fault = request && streamFault(request, args);
      if (fault) setResultAndStopExecution({ errors: [fault] });
    },
    onResultProcess({ request, resultProcessor, setResultProcessor }) {
      // Yoga also finds no way to answer a client that accepts no form of an error.
      if (resultProcessor === undefined && notAcceptable.has(request)) setResultProcessor(unacceptedAnswer, json);
    },
  };
}

const json = 'application/json';

/**
 * Browsers that support `Sec-Fetch-Site` send `same-origin` for a page of the gateway's own, and no page can set it.
 * They send `none` for a link in a mail as well, so `none` is not enough.
 */
function isIntended({ headers }: Request): boolean {
  return headers.has(csrfHeader) || headers.get('sec-fetch-site') === 'same-origin';
}

const notIntended = `Send the query by POST, or by GET with the header ${csrfHeader}, with any value.`;

function isJsonBody({ headers }: Request): boolean {
  const type = mediaTypeFrom(headers.get('content-type') ?? '');
  return type?.essence === json && type.isUtf8;
}

async function paramsFromBody(request: Request): Promise<GraphQLParams> {
  const body: unknown = await request.json().catch((error: unknown) => {
    // Such as the error for a body that is too large.
    throw error instanceof GraphQLError ? error : refusal(400, 'Body: expected JSON.');
  });
  if (typeof body !== 'object' || body === null) throw refusal(400, 'Body: expected a JSON object.');
  return body;
}

/** The requests for a stream that do not accept `text/event-stream`. */
const notAcceptable = new WeakSet<Request>();

const unaccepted = 'Accept: expected text/event-stream for a subscription over HTTP.';

/**
 * Runs before the stream begins: Yoga would begin it and then find that it cannot send it. Variables that do not fit
 * are reported like any other failure, since they never become a stream.
 */
function streamFault(request: Request, args: ExecutionArgs): GraphQLError | undefined {
  if (request.method === 'GET')
    return refusal(405, 'Subscriptions over Server-Sent Events go by POST.', { allow: 'POST' });
  if (accepts(request.headers.get('accept'), 'text/event-stream') || !variablesFit(args)) return undefined;
  notAcceptable.add(request);
  return refusal(406, unaccepted);
}

function variablesFit({ schema, document, operationName, variableValues }: ExecutionArgs): boolean {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  return !getVariableValues(schema, definitions, variableValues ?? {}, { maxErrors: 1 }).errors;
}

function unacceptedAnswer(_result: unknown, { Response }: FetchAPI): Response {
  const errors = [{ message: unaccepted, extensions: { code: 'BAD_REQUEST' } }];
  const headers = { 'content-type': `${json}; charset=utf-8` };
  return new Response(JSON.stringify({ errors }), { status: 406, headers });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
  return createGraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status, headers } } });
}
