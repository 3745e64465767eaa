/** Attaches to an error the HTTP status and headers of its response. Results over WebSockets leave them out. */
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';

export interface HttpFacts {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether a client that gets `application/json` receives 200 (GraphQL over HTTP, "application/json"). */
  readonly spec?: boolean;
}

/**
 * A copy of `error` with `http` among its extensions, where Yoga looks for it as well, and with `code` if it has none.
 */
export function withHttp(error: GraphQLError, http: HttpFacts, code?: string): GraphQLError {
  return copyOf(error, { ...(code !== undefined && { code }), ...error.extensions, http });
}

/** A copy of `error` without `http` among its extensions. */
export function withoutHttp(error: GraphQLError): GraphQLError {
  const { http, ...extensions } = error.extensions;
  return http === undefined ? error : copyOf(error, extensions);
}

/** An error with the code `BAD_REQUEST`. */
export function badRequest(message: string, http: HttpFacts): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http } });
}

function copyOf(error: GraphQLError, extensions: GraphQLErrorExtensions): GraphQLError {
  const { message, nodes, source, positions, path, originalError } = error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
    originalError: originalError ?? null,
    extensions,
  });
}
