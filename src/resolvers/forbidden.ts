/** Creates the error for a missing scope. */
import { GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import type { Scope } from '../identity/caller.ts';
import type { Context } from './context.ts';

/** Resolves a field for a caller who lacks `scope`. */
export type Refuse = (scope: Scope, context: Context, info: GraphQLResolveInfo) => unknown;

/**
 * Names the scope, which the schema's documents tell anyway. The same for every value of the field, null included, so
 * that it does not reveal the value.
 */
export function forbidden(scope: Scope): GraphQLError {
  return new GraphQLError(messageFor(scope), { extensions: extensionsFor(scope) });
}

/** As `forbidden`, for a response in which the rest of the data stays. */
export function forbiddenAt(scope: Scope, info: GraphQLResolveInfo): GraphQLError {
  return new GraphQLError(messageFor(scope), {
    extensions: extensionsFor(scope),
    nodes: info.fieldNodes,
    path: responsePathAsArray(info.path),
  });
}

function messageFor(scope: Scope): string {
  return `The caller lacks the scope ${scope}, which this field requires.`;
}

function extensionsFor(scope: Scope) {
  return { code: 'FORBIDDEN', scope, retryable: false };
}
