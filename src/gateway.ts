/** What runs an operation: Yoga, with everything that stands between a request and the first resolver. */
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { GraphQLError } from 'graphql';
import { createYoga, type YogaServerOptions } from 'graphql-yoga';
import type { Authenticator } from './access/authenticator.ts';
import { useContentPolicy } from './access/content-policy.ts';
import { documentCache } from './access/document-cache.ts';
import { useErrorLimits } from './access/error-limits.ts';
import { useHiddenSuggestions } from './access/hidden-suggestions.ts';
import { useHttpCaller } from './access/http-caller.ts';
import { useIntrospectionScope } from './access/introspection.ts';
import { useOperationLimits } from './access/operation-admission.ts';
import { defaultOperationLimits } from './access/operation-limits.ts';
import { type ConnectionThrottle, defaultRateLimit, RateLimit, rateLimited } from './access/rate-limit.ts';
import { type TrustedDocuments, useTrustedDocuments } from './access/trusted-documents.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { type CallerScope, type Context, type SocketScope, useContext, useReportedErrors } from './context.ts';
import { createOnceInMemory } from './create-once.ts';
import { createMaskError } from './error-mask.ts';
import { useReferenceExecutor } from './executor.ts';
import { graphiqlOptions } from './graphiql.ts';
import { schema } from './schema/index.ts';
import type { SharedReads } from './shared-reads/shared-reads.ts';
import type { Watcher } from './watch/watcher.ts';
import type { Yoga } from './websocket-operation.ts';

export interface GatewayOptions {
  readonly path: string;
  readonly config: Config;
  /** Takes one line about something that nobody foresaw. */
  readonly log: (line: string) => void;
  readonly clock: Clock;
  readonly reads: SharedReads;
  readonly watcher: Watcher;
  readonly authenticator: Authenticator;
  readonly throttle: ConnectionThrottle;
  readonly trustedDocuments: TrustedDocuments | undefined;
}

export function createGateway(options: GatewayOptions): Yoga {
  const { config, log } = options;
  return createYoga<CallerScope & Partial<SocketScope>, Context>({
    schema,
    graphqlEndpoint: options.path,
    plugins: pluginsOf(options),
    parserAndValidationCache: documentCache(),
    maskedErrors: { maskError: createMaskError((error) => log(unforeseen(error))), isDev: false },
    cors: config.allowedOrigins.length > 0 ? { origin: [...config.allowedOrigins], credentials: false } : false,
    multipart: false,
    landingPage: false,
    graphiql: config.graphiql ? graphiqlOptions : false,
    renderGraphiQL,
    maxRequestBodySize: config.maxBodyBytes,
    // Yoga's own logger prints errors as they are, whatever they quote.
    logging: false,
  });
}

type Plugins = NonNullable<YogaServerOptions<CallerScope & Partial<SocketScope>, Context>['plugins']>;

/** In the order in which they act. Those of `access/` come before anything is parsed, validated or run. */
function pluginsOf(options: GatewayOptions): Plugins {
  const { config, clock, reads, watcher, authenticator, throttle, trustedDocuments } = options;
  const { costPerMinute } = config.caller;
  const limits = { ...defaultOperationLimits, ...config.operation };
  return [
    useHttpCaller({ authenticator, throttle }),
    useContext({ reads, watcher, createOnce: createOnceInMemory(), clock, authenticator }),
    useReferenceExecutor(),
    useContentPolicy(),
    ...(trustedDocuments ? [useTrustedDocuments(trustedDocuments)] : []),
    useHiddenSuggestions(),
    useErrorLimits(),
    useOperationLimits({ limits, ...(Number.isFinite(costPerMinute) && { charge: chargeTo(costPerMinute, clock) }) }),
    ...(config.introspection === 'scope' ? [useIntrospectionScope()] : []),
    useReportedErrors(),
  ];
}

/** Takes the cost of each operation from the budget of its caller. */
function chargeTo(costPerMinute: number, clock: Clock) {
  const budget = new RateLimit({ ...defaultRateLimit, points: costPerMinute }, clock.now);
  return async ({ caller }: Context, cost: number): Promise<GraphQLError | undefined> => {
    const verdict = await budget.charge(caller.id, cost);
    return verdict && rateLimited(verdict);
  };
}

/** The kind of an error and where it arose. Not its message, which may quote a request. */
function unforeseen(error: unknown): string {
  if (!(error instanceof Error)) return `unforeseen: a ${typeof error} was thrown`;
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return [`unforeseen: ${error.name}`, ...frames].join('\n');
}
