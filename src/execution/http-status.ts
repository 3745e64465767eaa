/** Says with an error which HTTP status and headers a response with it has. WebSockets leave this out. */
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';

export interface HttpFacts {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Answered 200 to a client that asks for `application/json` (GraphQL over HTTP, "application/json"). */
  readonly spec?: boolean;
}

/** A copy of `error` with `http` among its extensions, where Yoga looks for it as well, and with `code` if it has none. */
export function withHttp(error: GraphQLError, http: HttpFacts, code?: string): GraphQLError {
  return copyOf(error, { ...(code !== undefined && { code }), ...error.extensions, http });
}

/** A copy of `error` that says nothing of HTTP. */
export function withoutHttp(error: GraphQLError): GraphQLError {
  const { http, ...extensions } = error.extensions;
  return http === undefined ? error : copyOf(error, extensions);
}

/** The code `BAD_REQUEST`. */
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
