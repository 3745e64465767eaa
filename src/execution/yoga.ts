/** Creates the Yoga server with the plugins that act between a request and the first resolver. */
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphQLError } from 'graphql';
import { type CORSOptions, createYoga, type Plugin, type YogaServerOptions } from 'graphql-yoga';
import type { Redis } from 'ioredis';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { CreateOnce } from '../creates/create-once.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import { useOperationLimits } from '../limits/operation-admission.ts';
import { defaultOperationLimits } from '../limits/operation-limits.ts';
import { type ConnectionThrottle, defaultRateLimit, RateLimit, rateLimited } from '../limits/rate-limit.ts';
import { type TrustedDocuments, useTrustedDocuments } from '../limits/trusted-documents.ts';
import { unexpected } from '../log/unexpected.ts';
import type { SharedReads } from '../reads/shared-reads.ts';
import { schema } from '../schema/index.ts';
import type { Watcher } from '../watch/watcher.ts';
import { csrfHeader, useContentPolicy } from './content-policy.ts';
import { documentCache } from './document-cache.ts';
import { useErrorLimits } from './error-limits.ts';
import { createMaskError } from './error-mask.ts';
import { useReferenceExecutor } from './executor.ts';
import { graphiqlOptions } from './graphiql.ts';
import { useHiddenSuggestions } from './hidden-suggestions.ts';
import { useHttpCaller } from './http-caller.ts';
import { useIntrospectionScope } from './introspection.ts';
import { type TransportScope, useContext, useReportedErrors, type YogaContext } from './operation-context.ts';
import { type OperationLog, useOperationLog } from './operation-log.ts';
import { useRequestParams } from './request-params.ts';
import { graphqlPath, type Yoga } from './server-context.ts';
import type { OnEvent } from './shared-execution.ts';

export interface GatewayOptions {
  readonly config: Config;
  /** Logs one line about an unexpected error. */
  readonly log: (line: string) => void;
  readonly clock: Clock;
  readonly reads: SharedReads;
  readonly watcher: Watcher;
  readonly createOnce: CreateOnce;
  /** Signs the cursors of lists. */
  readonly cursorKey: Uint8Array;
  readonly authenticator: Authenticator;
  readonly throttle: ConnectionThrottle;
  /** The Redis in which several gateways count the points of their callers together; undefined if this one counts by itself. */
  readonly redis: Redis | undefined;
  readonly trustedDocuments: TrustedDocuments | undefined;
  /** Undefined if nobody counts events. */
  readonly onEvent: OnEvent | undefined;
  /** Further plugins, such as metrics. */
  readonly plugins: readonly Plugin[];
  /** Undefined if single operations are not logged. */
  readonly operationLog: OperationLog | undefined;
}

export function createGateway(options: GatewayOptions): Yoga {
  const { config, log } = options;
  return createYoga<TransportScope, YogaContext>({
    schema,
    graphqlEndpoint: graphqlPath,
    plugins: pluginsOf(options),
    parserAndValidationCache: documentCache(),
    maskedErrors: { maskError: createMaskError((error) => log(unexpected(error))), isDev: false },
    cors: (request) => corsFor(request, config),
    multipart: false,
    landingPage: false,
    graphiql: config.graphiql ? graphiqlOptions : false,
    renderGraphiQL,
    maxRequestBodySize: config.maxBodyBytes,
    // Yoga's own logger prints errors as they are, whatever they quote.
    logging: false,
  });
}

/**
 * No CORS headers for an origin that the configuration does not allow: with Yoga's own lists such a page gets the
 * origin `null`, which sandboxed pages of any site have (graphql-yoga 5.24.1). Methods and headers are listed because
 * Yoga otherwise allows whatever the preflight names.
 */
function corsFor({ headers }: Request, { allowedOrigins, takesGet }: Config): CORSOptions {
  const origin = headers.get('origin');
  if (origin === null || !allowedOrigins.includes(origin)) return false;
  return {
    origin,
    credentials: false,
    methods: takesGet ? ['GET', 'POST'] : ['POST'],
    allowedHeaders: ['authorization', 'content-type', csrfHeader, 'last-event-id'],
    exposedHeaders: ['retry-after'],
  };
}

type Plugins = NonNullable<YogaServerOptions<TransportScope, YogaContext>['plugins']>;

/**
 * In the order in which they act. Those that check the caller and the document come before anything is parsed,
 * validated or run.
 */
function pluginsOf(options: GatewayOptions): Plugins {
  const { config, clock, reads, watcher, createOnce, cursorKey, authenticator } = options;
  const { throttle, trustedDocuments, operationLog, plugins } = options;
  const budget = budgetFrom(options);
  const limits = { ...defaultOperationLimits, ...config.operation };
  return [
    ...(operationLog ? [useOperationLog(operationLog)] : []),
    useHttpCaller({
      authenticator,
      throttle,
      budget,
      onRateLimited: ({ id }) => operationLog?.refused(id, 'RATE_LIMITED'),
    }),
    useContext({ reads, watcher, createOnce, cursorKey, clock, authenticator }),
    useReferenceExecutor(options.onEvent),
    useContentPolicy(config),
    ...(trustedDocuments ? [useTrustedDocuments(trustedDocuments)] : []),
    useRequestParams(),
    useHiddenSuggestions(),
    useErrorLimits(),
    useOperationLimits({ limits, charge: chargeTo(budget, operationLog) }),
    ...(config.introspection === 'scope' ? [useIntrospectionScope()] : []),
    useReportedErrors(),
    ...plugins,
  ];
}

/** Undefined if every caller may spend without a limit. */
function budgetFrom({ config, clock, redis }: GatewayOptions): RateLimit | undefined {
  const { costPerMinute: points } = config.caller;
  return Number.isFinite(points) ? new RateLimit({ ...defaultRateLimit, points }, clock.monotonicMs, redis) : undefined;
}

/** Notes the cost of each operation and charges it to its caller. */
function chargeTo(budget: RateLimit | undefined, operationLog: OperationLog | undefined) {
  return async ({ caller, operation }: YogaContext, cost: number): Promise<GraphQLError | undefined> => {
    operationLog?.noteCost(operation, cost);
    const verdict = await budget?.charge(caller.id, cost);
    return verdict && rateLimited(verdict);
  };
}
