/** The error for an operation over a limit. */
import { GraphQLError } from 'graphql';
import type { LimitName } from './operation-limits.ts';

const limitDescriptions: Readonly<Record<LimitName, string>> = {
  tokens: 'tokens in the document',
  valueTokens: 'tokens in the lists and objects of the document',
  depth: 'levels of fields',
  aliases: 'aliases in the document',
  rootFields: 'root fields in a query',
  effectRootFields: 'root fields in a mutation or subscription',
  directives: 'directives in the document',
  subscriptionRootDirectives: 'directives at the root of a subscription',
  repeats: 'mentions of one field in a selection set',
  nodes: 'selections with all fragments expanded',
  introspectionDepth: 'levels of fields in an introspection',
  introspectionNodes: 'selections in an introspection with all fragments expanded',
  cost: 'points of cost',
};

/** The error with the code `OPERATION_TOO_COMPLEX` and the name of the limit. It quotes nothing of the document. */
export function tooComplex(limit: LimitName, allowed: number): GraphQLError {
  const what = limitDescriptions[limit];
  const advice = limit === 'cost' ? ' Lists within lists multiply: ask each for fewer items by `first`.' : '';
  return new GraphQLError(
    `The operation is too complex: expected at most ${allowed} ${what}, found more than ${allowed}.${advice}`,
    { extensions: { code: 'OPERATION_TOO_COMPLEX', limit, allowed, retryable: false } },
  );
}
