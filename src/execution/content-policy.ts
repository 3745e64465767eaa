/** In which forms an operation may arrive over HTTP. */
import { type ExecutionArgs, GraphQLError, getOperationAST, getVariableValues } from 'graphql';
import {
  createGraphQLError,
  type FetchAPI,
  type GraphQLParams,
  type Plugin,
  type YogaInitialContext,
} from 'graphql-yoga';
import { accepts, mediaTypeFrom } from './media-type.ts';

/** A browser asks with a preflight before it sends this header for a page of another site. Yoga's name for it. */
export const csrfHeader = 'x-graphql-yoga-csrf';

export interface ContentPolicyOptions {
  /** Whether a query may come by GET at all. */
  readonly takesGet: boolean;
}

/**
 * Only JSON, a sign on every GET that no page of another site can give, and no subscription by GET.
 *
 * A page of any other site can make a browser send a form, load an image or open an event stream without asking first; it
 * cannot do so with JSON. Yoga takes all of them and has no switch for it.
 */
export function useContentPolicy({ takesGet }: ContentPolicyOptions): Plugin<YogaInitialContext> {
  return {
    onRequestParse({ request, url, setRequestParser }) {
      if (request.method === 'POST') {
        if (!isJsonBody(request)) throw refusal(415, 'Content-Type: expected application/json, in UTF-8.');
        // Yoga's own takes the media type in lower case only (5.24.1).
        setRequestParser(paramsFromBody);
      }
      if (request.method !== 'GET') return;
      if (!takesGet) throw refusal(405, 'Operations go by POST.', { allow: 'POST' });
      if (!isWanted(request)) throw refusal(403, unwanted);
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
      // Yoga has nothing to say to whoever accepts no form of an error either.
      if (resultProcessor === undefined && notAcceptable.has(request)) setResultProcessor(unacceptedAnswer, json);
    },
  };
}

const json = 'application/json';

/**
 * Browsers that know of it say `same-origin` for a page of the gateway's own, and no page can set it. `none` is said for a link in a
 * mail as well, so it is no sign that anybody wants the query.
 */
function isWanted({ headers }: Request): boolean {
  return headers.has(csrfHeader) || headers.get('sec-fetch-site') === 'same-origin';
}

const unwanted = `Send the query by POST, or by GET with the header ${csrfHeader}, with any value.`;

function isJsonBody({ headers }: Request): boolean {
  const type = mediaTypeFrom(headers.get('content-type') ?? '');
  return type?.essence === json && type.isUtf8;
}

async function paramsFromBody(request: Request): Promise<GraphQLParams> {
  const body: unknown = await request.json().catch((error: unknown) => {
    // Such as that for a body that is too large.
    throw error instanceof GraphQLError ? error : refusal(400, 'Body: expected JSON.');
  });
  if (typeof body !== 'object' || body === null) throw refusal(400, 'Body: expected a JSON object.');
  return body;
}

/** The requests for a stream that accept none. */
const notAcceptable = new WeakSet<Request>();

const unaccepted = 'Accept: expected text/event-stream for a subscription over HTTP.';

/**
 * Before the stream is begun: Yoga would begin it and then find that it cannot be sent. What never becomes a stream, as its variables do
 * not fit, is told as whatever else fails.
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
