/**
 * Masks errors before clients receive them. Each has a code then: a known error its own, a fault of graphql-js in a value
 * of the request `INVALID_INPUT`, and an unexpected one, which also loses its message, `INTERNAL_SERVER_ERROR`.
 */
import { GraphQLError, type GraphQLErrorExtensions, type GraphQLErrorOptions, Kind } from 'graphql';
import { clientErrorFrom } from '../resolvers/failures.ts';
import type { MaskError } from './operation-result.ts';
import { withoutValues } from './quoted-values.ts';

/**
 * `onUnexpected` receives each unexpected error before it is masked. An exception of `onUnexpected` is ignored, since
 * Yoga answers an exception in this function with its stack (graphql-yoga 5.24.1).
 */
export function createMaskError(onUnexpected: (error: unknown) => void): MaskError {
  return (error) => {
    const cause = causeOf(error);
    const location = error instanceof GraphQLError ? locationOf(error) : {};
    const known = isOutOfTime(cause) ? outOfTime() : clientErrorFrom(cause);
    const extensions = known instanceof GraphQLError ? codedExtensions(known, location) : undefined;
    if (known instanceof GraphQLError && extensions !== undefined)
      return new GraphQLError(withoutValues(known.message), { ...location, extensions });
    try {
      onUnexpected(cause);
    } catch {}
    return new GraphQLError('Unexpected error.', { ...location, extensions: { code: 'INTERNAL_SERVER_ERROR' } });
  };
}

/** Undefined for an error without a code that is no fault of the request: an unexpected one. */
function codedExtensions(error: GraphQLError, location: GraphQLErrorOptions): GraphQLErrorExtensions | undefined {
  if (error.extensions['code'] !== undefined) return extensionsOf(error);
  return isAboutValue(location) ? { ...error.extensions, code: 'INVALID_INPUT', retryable: false } : undefined;
}

/**
 * graphql-js (16.15) gives no codes. It reports a value that it cannot coerce at its variable's declaration, its argument
 * or its directive, and too many of them nowhere; what our own schema does wrong, such as an enum without the value of a
 * job, it reports at the field.
 */
function isAboutValue({ nodes }: GraphQLErrorOptions): boolean {
  const [node] = [nodes ?? []].flat();
  return node?.kind !== Kind.FIELD;
}

/**
 * Removes `originalError`, in which Yoga quotes a body that is not JSON. Sets a plain HTTP status for a request that is
 * not GraphQL, which Yoga would answer with 200 for clients that accept `application/json`.
 */
function extensionsOf({ extensions }: GraphQLError): GraphQLErrorExtensions {
  const { originalError: _, ...rest } = extensions;
  return rest['code'] === 'BAD_REQUEST' ? { http: { status: 400 }, ...rest, ...plainStatus(rest['http']) } : rest;
}

function plainStatus(http: unknown): GraphQLErrorExtensions {
  if (typeof http !== 'object' || http === null) return {};
  return { http: { ...http, spec: false } };
}

/** The error that was thrown, without the wrappers that add its location. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

function locationOf({ nodes, source, positions, path }: GraphQLError): GraphQLErrorOptions {
  return { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, path: path ?? null };
}

/** Whether the deadline of the operation has passed: its signal has the reason of `AbortSignal.timeout`. */
function isOutOfTime(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'TimeoutError';
}

function outOfTime(): GraphQLError {
  return new GraphQLError('The operation ran out of time.', {
    extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true },
  });
}
