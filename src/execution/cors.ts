/** Which pages of other origins may read a response. */
import type { CORSOptions } from 'graphql-yoga';
import type { Config } from '../config/config.ts';
import { csrfHeader } from './content-policy.ts';

type CorsConfig = Pick<Config, 'allowedOrigins' | 'takesGet'>;

const requestHeaders = ['authorization', 'content-type', csrfHeader, 'last-event-id'];
const responseHeaders = ['retry-after'];

/**
 * Yoga's option for a request. Nothing for a page that is not allowed by name: Yoga's own lists answer it with the origin
 * `null`, which sandboxed pages of any site have (graphql-yoga 5.24.1). Methods and headers are named because Yoga allows
 * whatever is asked for where none is.
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

/** The headers that Yoga makes of these options. */
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
