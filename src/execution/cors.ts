/** Decides which pages of other origins may read a response. */
import type { CORSOptions } from 'graphql-yoga';
import type { Config } from '../config/config.ts';
import { csrfHeader } from './content-policy.ts';

type CorsConfig = Pick<Config, 'allowedOrigins' | 'takesGet'>;

const requestHeaders = ['authorization', 'content-type', csrfHeader, 'last-event-id'];
const responseHeaders = ['retry-after'];

/**
 * Yoga's CORS options for a request. None for an origin that is not in the configuration: Yoga's own lists would answer
 * it with the origin `null`, which sandboxed pages of any site have (graphql-yoga 5.24.1). Methods and headers are set,
 * as Yoga otherwise allows whatever a preflight requests.
 */
export function corsOptionsFor({ headers }: Request, config: CorsConfig): CORSOptions {
  const origin = headers.get('origin');
  if (origin === null || !config.allowedOrigins.includes(origin)) return false;
  return {
    origin,
    credentials: false,
    methods: methodsOf(config),
    allowedHeaders: requestHeaders,
    exposedHeaders: responseHeaders,
  };
}

/** The headers that Yoga derives from these options. */
export function corsHeadersFor(origin: string | undefined, config: CorsConfig): Readonly<Record<string, string>> {
  if (origin === undefined || !config.allowedOrigins.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': methodsOf(config).join(', '),
    'access-control-allow-headers': requestHeaders.join(', '),
    'access-control-expose-headers': responseHeaders.join(', '),
  };
}

function methodsOf({ takesGet }: CorsConfig): string[] {
  return takesGet ? ['GET', 'POST'] : ['POST'];
}
