/** Decides which pages of other origins may send requests and read responses. */
import type { CORSOptions } from 'graphql-yoga';
import type { Config } from '../config/config.ts';

type CorsConfig = Pick<Config, 'allowedOrigins' | 'takesGet'>;

/** Yoga's and Apollo's names. A browser sends a preflight before a page of another site may set either. */
export const csrfHeaders = ['x-graphql-yoga-csrf', 'apollo-require-preflight'] as const;

const requestHeaders = ['authorization', 'content-type', ...csrfHeaders, 'last-event-id'];
const responseHeaders = ['retry-after'];

/** The longest `Access-Control-Request-Headers` that is answered: some thirty headers of tools. */
const maxRequestedLength = 1_024;

/** Names of headers (RFC 9110, section 5.1) in a list. Browsers send them in lower case, without spaces or with one. */
const headerNames = /^[\w!#$%&'*+.^`|~-]+(?: ?, ?[\w!#$%&'*+.^`|~-]+)*$/;

/** The most that Chromium observes; Firefox observes up to a day. */
const preflightSeconds = 7_200;

/** Whether `origin` is one whose pages may use the gateway. No page can set the `Origin` of its own requests. */
export function isAllowedPage(origin: string | null | undefined, { allowedOrigins }: CorsConfig): origin is string {
  return origin != null && allowedOrigins.includes(origin);
}

/**
 * Yoga's CORS options for a request. None for an origin that is not in the configuration: Yoga's own lists would answer
 * it with the origin `null`, which sandboxed pages of any site have (graphql-yoga 5.24.1). Methods and headers are set,
 * as Yoga otherwise allows whatever a preflight requests, at any length.
 */
export function corsOptionsFor({ method, headers }: Request, config: CorsConfig): CORSOptions {
  const origin = headers.get('origin');
  if (!isAllowedPage(origin, config)) return false;
  const options = {
    origin,
    credentials: false,
    methods: methodsOf(config),
    allowedHeaders: requestHeaders,
    exposedHeaders: responseHeaders,
  };
  if (method !== 'OPTIONS') return options;
  const requested = headers.get('access-control-request-headers');
  return { ...options, allowedHeaders: allowedHeadersFor(requested), maxAge: preflightSeconds };
}

/**
 * All requested headers, since tracing, clients and their tools add their own, which the gateway does not read. What is
 * no list of headers, or is too long, gets only those that the gateway reads.
 */
function allowedHeadersFor(requested: string | null): string[] {
  if (requested === null || requested.length > maxRequestedLength || !headerNames.test(requested))
    return requestHeaders;
  return [...new Set([...requestHeaders, ...requested.toLowerCase().split(/ ?, ?/)])];
}

/** The headers that Yoga derives from these options for a request other than a preflight. */
export function corsHeadersFor(origin: string | undefined, config: CorsConfig): Readonly<Record<string, string>> {
  if (!isAllowedPage(origin, config)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': methodsOf(config).join(', '),
    'access-control-allow-headers': requestHeaders.join(', '),
    'access-control-expose-headers': responseHeaders.join(', '),
  };
}

/** Answers the preflight of a path that takes `methods`, as Yoga does at its own. */
export function preflightHeadersFor(
  origin: string | undefined,
  requested: string | undefined,
  methods: string,
  config: CorsConfig,
): Readonly<Record<string, string>> {
  if (!isAllowedPage(origin, config)) return {};
  return {
    ...corsHeadersFor(origin, config),
    'access-control-allow-methods': methods,
    'access-control-allow-headers': allowedHeadersFor(requested ?? null).join(', '),
    'access-control-max-age': String(preflightSeconds),
  };
}

function methodsOf({ takesGet }: CorsConfig): string[] {
  return takesGet ? ['GET', 'POST'] : ['POST'];
}
