/** Converts the result of the executor into the result for the client. */
import { type ExecutionResult, type GraphQLError, Kind } from 'graphql';
import type { Context } from '../resolvers/context.ts';
import { capErrors } from './error-limits.ts';
import { withoutHttp } from './http-status.ts';

export type MaskError = (error: unknown) => GraphQLError;

/**
 * Adds the errors that resolvers reported beside their data, `replayed` for the answer to an earlier call, and
 * `keyNotTagged` for a create without the tag of its key.
 */
export function withReported(result: ExecutionResult, context: Context): ExecutionResult {
  const { reported, isReplayed, isKeyNotTagged } = context;
  if (reported.length === 0 && !isReplayed && !isKeyNotTagged) return result;
  const marks = { ...(isReplayed && { replayed: true }), ...(isKeyNotTagged && { keyNotTagged: true }) };
  return {
    ...result,
    ...(reported.length > 0 && { errors: [...(result.errors ?? []), ...reported] }),
    ...((isReplayed || isKeyNotTagged) && { extensions: { ...result.extensions, ...marks } }),
  };
}

/**
 * Caps the errors of invalid variables. A result with data keeps all of its errors, as each belongs to a path in the
 * data.
 */
export function withCappedErrors(result: ExecutionResult): ExecutionResult {
  return result.data === undefined && result.errors ? { ...result, errors: capErrors(result.errors) } : result;
}

export function withMaskedErrors(result: ExecutionResult, mask: MaskError): ExecutionResult {
  return result.errors === undefined ? result : { ...result, errors: result.errors.map((error) => mask(error)) };
}

export function withoutHttpFacts(result: ExecutionResult): ExecutionResult {
  return result.errors === undefined ? result : { ...result, errors: result.errors.map(withoutHttp) };
}

/** graphql-js reports an invalid variable at its declaration in the document, and resolves nothing. */
export function isAboutVariables({ errors = [] }: ExecutionResult): boolean {
  return errors.some(({ nodes }) => nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION);
}
