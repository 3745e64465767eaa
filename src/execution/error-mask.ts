/** The last gate before an error leaves: what is known keeps its code, whatever is unexpected says nothing of itself. */
import { GraphQLError, type GraphQLErrorExtensions, type GraphQLErrorOptions } from 'graphql';
import type { MaskError } from 'graphql-yoga';
import { clientErrorFrom } from '../resolvers/failures.ts';
import { withoutValues } from './quoted-values.ts';

/**
 * `onUnexpected` is told of every error that nobody expected, before it is masked. If it throws, so be it: Yoga answers what is thrown
 * here with its stack (graphql-yoga 5.24.1).
 */
export function createMaskError(onUnexpected: (error: unknown) => void): MaskError {
  return (error, message) => {
    const cause = causeOf(error);
    const place = error instanceof GraphQLError ? placeOf(error) : {};
    const known = isOutOfTime(cause) ? outOfTime() : clientErrorFrom(cause);
    if (known instanceof GraphQLError)
      return new GraphQLError(withoutValues(known.message), { ...place, extensions: extensionsOf(known) });
    try {
      onUnexpected(cause);
    } catch {}
    return new GraphQLError(message, { ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } });
  };
}

/**
 * Without `originalError`, in which Yoga quotes a body that is no JSON; and with a plain HTTP status for a request that is no
 * GraphQL, which Yoga would answer 200 to clients that accept `application/json`.
 */
function extensionsOf({ extensions }: GraphQLError): GraphQLErrorExtensions {
  const { originalError: _, ...rest } = extensions;
  return rest['code'] === 'BAD_REQUEST' ? { http: { status: 400 }, ...rest, ...plainStatus(rest['http']) } : rest;
}

function plainStatus(http: unknown): GraphQLErrorExtensions {
  if (typeof http !== 'object' || http === null) return {};
  return { http: { ...http, spec: false } };
}

/** What was thrown, without the wrapping that says where. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

function placeOf({ nodes, source, positions, path }: GraphQLError): GraphQLErrorOptions {
  return { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null };
}

/** The reason of an `AbortSignal.timeout`: the deadline of the whole operation. */
function isOutOfTime(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'TimeoutError';
}

function outOfTime(): GraphQLError {
  return new GraphQLError('The operation ran out of time.', {
    extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true },
  });
}
