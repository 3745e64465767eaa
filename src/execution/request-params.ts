/** Reads the members of a GraphQL request in the same way for every transport. */
import { GraphQLError } from 'graphql';
import { badRequest } from './http-status.ts';

/** The checked members of a request. */
export interface OperationParams {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
  readonly extensions?: Record<string, unknown>;
}

export type ReadParams = { readonly params: OperationParams } | { readonly fault: GraphQLError };

/**
 * Checks the members of `input`. Null counts as absent, and so does an empty `operationName`, which some clients send
 * for a document with one operation. Members beyond the four of GraphQL over HTTP are not checked.
 */
export function readParams(input: object): ReadParams {
  const { query, operationName, variables, extensions } = input as Record<string, unknown>;
  if (query == null) return fault('query: expected a string, received none.');
  if (typeof query !== 'string') return fault(`query: expected a string, received ${kindOf(query)}.`);
  if (operationName != null && typeof operationName !== 'string')
    return fault(`operationName: expected a string, received ${kindOf(operationName)}.`);
  if (variables != null && !isRecord(variables))
    return fault(`variables: expected an object, received ${kindOf(variables)}.`);
  if (extensions != null && !isRecord(extensions))
    return fault(`extensions: expected an object, received ${kindOf(extensions)}.`);
  return {
    params: {
      query,
      ...(operationName && { operationName }),
      ...(variables != null && { variables }),
      ...(extensions != null && { extensions }),
    },
  };
}

const knownMembers: ReadonlySet<string> = new Set(['query', 'operationName', 'variables', 'extensions']);

/** For HTTP: the error for a member that GraphQL over HTTP does not define, in Yoga's words. Null counts as absent. */
export function unknownMemberFault(request: object): GraphQLError | undefined {
  const unknown = Object.entries(request).find(([name, value]) => value != null && !knownMembers.has(name));
  return unknown && badRequest(`Unexpected parameter "${unknown[0]}" in the request body.`, { status: 400 });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function fault(message: string): ReadParams {
  return { fault: new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } }) };
}
