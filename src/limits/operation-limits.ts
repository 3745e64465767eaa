/** How much one operation may ask, and how it is told that it asked too much. */
import { GraphQLError } from 'graphql';

/** Each is the most that is admitted. What is counted is written in the document unless it says "expanded". */
export interface OperationLimits {
  /** Of the whole document without its `valueTokens`, as the parser counts them: no comments, no white space. */
  readonly tokens: number;
  /** Within lists and objects of arguments, down to 32 deep: what is there is data, and costs no more than in the variables. */
  readonly valueTokens: number;
  /** Fields within fields. */
  readonly depth: number;
  readonly aliases: number;
  /** Expanded fields of a query's root, `__typename` apart. */
  readonly rootFields: number;
  /** The same for mutations and subscriptions. */
  readonly effectRootFields: number;
  readonly directives: number;
  /**
   * Of them, those on a subscription's root, fragments there included: with one that leaves the only field out there is nothing
   * to subscribe to, and graphql's own rule throws where it depends on a variable (16.15.0).
   */
  readonly subscriptionRootDirectives: number;
  /** How often one selection set may name the same field. Fragments of their own may repeat it. */
  readonly repeats: number;
  /** Expanded fields, inline fragments and spreads of the whole document; each spread counts what it brings. */
  readonly nodes: number;
  /** `depth` and `nodes` below `__schema` and `__type`, which are counted apart: tools need more of both there. */
  readonly introspectionDepth: number;
  readonly introspectionNodes: number;
  /** Points of one operation with its variables; see `operation-cost.ts` for what a point is. */
  readonly cost: number;
}

/**
 * All fields of all types of job, the nine kinds of `details` and a page of the history among them, are 7 levels, 434 tokens, 246
 * nodes and 2 aliases as Relay sends them, and 802 points for the largest page. The introspection of the usual tools is 15 levels and
 * 240 nodes with every option set. What 20 components of Apollo Client ask for, each by a fragment of its own, is 613 tokens. The
 * largest input of the schema, a manifest with 100 operations, is 1,931 tokens where it is written inline.
 */
export const defaultOperationLimits: OperationLimits = {
  tokens: 1_000,
  valueTokens: 2_000,
  depth: 8,
  aliases: 15,
  rootFields: 5,
  effectRootFields: 1,
  directives: 20,
  subscriptionRootDirectives: 0,
  repeats: 10,
  nodes: 2_000,
  introspectionDepth: 20,
  introspectionNodes: 500,
  cost: 1_000,
};

export type LimitName = keyof OperationLimits;

const counted: Readonly<Record<LimitName, string>> = {
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

/** The error with the code `OPERATION_TOO_COMPLEX`, and the name of the limit. It quotes nothing of the document. */
export function tooComplex(limit: LimitName, allowed: number): GraphQLError {
  return new GraphQLError(
    `The operation asks too much: expected at most ${allowed} ${counted[limit]}, found more than ${allowed}.`,
    { extensions: { code: 'OPERATION_TOO_COMPLEX', limit, allowed, retryable: false } },
  );
}
