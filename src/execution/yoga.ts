/** Serves the forms of GraphQL over HTTP that are not plain JSON: streams, queries by GET, preflights and GraphiQL. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createYoga, getSSEProcessor, isAsyncIterable, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Config } from '../config/config.ts';
import type { Caller } from '../identity/caller.ts';
import type { RequestParams } from '../limits/document-names.ts';
import { streamFault, useContentPolicy } from './content-policy.ts';
import { corsOptionsFor } from './cors.ts';
import { graphiqlOptions, withTabsThatStay } from './graphiql.ts';
import type { IdentifyCaller } from './http-caller.ts';
import type { TransportScope } from './operation-context.ts';
import type { Observed, OperationLog } from './operation-log.ts';
import type { MaskError } from './operation-result.ts';
import type { OperationRunner } from './operation-runner.ts';

/** The path of operations over HTTP and over WebSockets. */
export const graphqlPath = '/graphql';

/** The context that the listener passes to Yoga with a request, and the member that the plugins add. */
interface ServerContext {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  caller?: Caller;
}

export type Yoga = YogaServerInstance<ServerContext, object>;

export interface YogaOptions {
  readonly config: Config;
  readonly identify: IdentifyCaller;
  readonly runner: OperationRunner;
  readonly mask: MaskError;
  /** Absent if operations are not logged. */
  readonly operationLog: OperationLog | undefined;
}

export function createHttpYoga({ config, identify, runner, mask, operationLog }: YogaOptions): Yoga {
  const observedOf = new WeakMap<Request, Observed>();
  return createYoga<ServerContext>({
    graphqlEndpoint: graphqlPath,
    plugins: [
      ...(operationLog ? [useOperationLog(operationLog, observedOf)] : []),
      useCaller(identify),
      useRunner(runner, observedOf),
      useEventStreams(),
      // Last, as it answers what none of the others can send.
      useContentPolicy(config),
    ],
    parserAndValidationCache: false,
    maskedErrors: { maskError: mask, isDev: false },
    cors: (request) => corsOptionsFor(request, config),
    multipart: false,
    landingPage: false,
    graphiql: config.graphiql ? graphiqlOptions : false,
    // The page, 9 MB of text, is loaded for the first browser.
    renderGraphiQL: async (options) =>
      withTabsThatStay((await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options)),
    maxRequestBodySize: config.maxBodyBytes,
    // Yoga's own logger prints errors as they are, whatever they quote.
    logging: false,
  });
}

/**
 * Identifies the caller, except of a preflight, which reads no data and carries no token (Fetch, "CORS-preflight
 * fetch").
 */
function useCaller(identify: IdentifyCaller): Plugin<object, ServerContext> {
  return {
    async onRequest({ request, serverContext, endResponse, fetchAPI }) {
      if (request.method === 'OPTIONS') return;
      const identified = await identify(serverContext.req);
      if ('caller' in identified) serverContext.caller = identified.caller;
      else endResponse(new fetchAPI.Response(identified.body, identified));
    },
  };
}

/** Runs operations with `runner` instead of Yoga's engine. */
function useRunner(runner: OperationRunner, observedOf: WeakMap<Request, Observed>): Plugin<object, ServerContext> {
  return {
    onParams({ params, request, setParams, setParamsHandler }) {
      // Yoga refuses what is not an object.
      if (typeof params !== 'object' || params === null || Array.isArray(params)) return;
      const read = runner.readHttp({ ...namesInUrl(request, runner), ...params });
      if ('fault' in read) throw read.fault;
      setParams({ ...read.params });
      setParamsHandler(async ({ context }) => {
        const scope = scopeOf(request, context);
        const prepared = runner.prepare(read.params, scope, observedOf.get(request));
        return 'refused' in prepared ? { errors: prepared.refused } : prepared.run();
      });
    },
  };
}

/** The parameters of the URL that Yoga ignores. `id` is too common to mean a document where none is trusted. */
function namesInUrl({ method, url }: Request, { hasTrustedDocuments }: OperationRunner): RequestParams {
  if (method !== 'GET') return {};
  const { searchParams } = new URL(url);
  const names = { documentId: searchParams.get('documentId'), doc_id: searchParams.get('doc_id') };
  return hasTrustedDocuments ? { ...names, id: searchParams.get('id') } : names;
}

function scopeOf(request: Request, { caller, res }: ServerContext): TransportScope {
  if (caller === undefined) throw new Error('expected a caller: `useCaller` runs before the operation');
  return {
    caller,
    isSocket: false,
    whenGone: request.signal,
    isGet: request.method === 'GET',
    streamFault: () => streamFault(request),
    // The signal of Yoga's request does not fire after a response was written, even if the response did not use the
    // result.
    response: res,
    traceparent: request.headers.get('traceparent') ?? undefined,
    lastEventId: request.headers.get('last-event-id') ?? undefined,
  };
}

/** The first plugin, so that it also records the requests that other plugins refuse. */
function useOperationLog(log: OperationLog, observedOf: WeakMap<Request, Observed>): Plugin<object, ServerContext> {
  return {
    onRequest: ({ request }) => void observedOf.set(request, log.begin()),
    onResultProcess({ request, result, serverContext }) {
      const observed = observedOf.get(request);
      if (!observed) return;
      if (serverContext.caller) observed.caller ??= serverContext.caller;
      log.observe(observed, result, false);
    },
  };
}

const streamResponse = getSSEProcessor();

/**
 * Sends the results of a subscription as server-sent events. Without its own engine Yoga does not know that an
 * operation is a subscription, and would answer with `multipart/mixed` if the client accepts both.
 */
function useEventStreams(): Plugin {
  return {
    onResultProcess({ result, resultProcessor, setResultProcessor }) {
      if (isAsyncIterable(result) && resultProcessor !== undefined)
        setResultProcessor(streamResponse, 'text/event-stream');
    },
  };
}
