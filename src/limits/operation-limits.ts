/** Defines the limits of one operation. */

/** Each is a maximum. It counts what the document contains, unless it says "expanded". */
export interface OperationLimits {
  /** Tokens of the document without its `valueTokens`, as the parser counts them: without comments and white space. */
  readonly tokens: number;
  /**
   * Tokens in lists and objects of arguments, down to 32 levels. They are data, and cost no more than in the variables.
   */
  readonly valueTokens: number;
  /** Levels of fields. */
  readonly depth: number;
  readonly aliases: number;
  /** Expanded root fields of a query, without `__typename`. */
  readonly rootFields: number;
  /** The same for mutations and subscriptions. */
  readonly effectRootFields: number;
  readonly directives: number;
  /**
   * Directives at the root of a subscription, including its fragments. A directive that leaves out the only field
   * leaves nothing to subscribe to, and graphql-js's own rule throws if it depends on a variable (16.15.0).
   */
  readonly subscriptionRootDirectives: number;
  /** Selections of the same field in one selection set. Separate fragments may repeat it. */
  readonly repeats: number;
  /** Expanded fields, inline fragments and spreads of the whole document; each spread counts its whole content. */
  readonly nodes: number;
  /** `depth` and `nodes` below `__schema` and `__type`, which are counted separately: tools need more of both there. */
  readonly introspectionDepth: number;
  readonly introspectionNodes: number;
  /** Points of one operation with its variables; `operation-cost.ts` defines a point. */
  readonly cost: number;
}

/**
 * All fields of all types of job, with the nine kinds of `details` and a page of the history, are 7 levels, 434 tokens,
 * 246 nodes and 2 aliases as Relay sends them, and 802 points for the largest page, 952 with a filter. The
 * introspection of the usual tools is 15 levels and 240 nodes with every option set. The query of 20 components of
 * Apollo Client, each with its own fragment, is 613 tokens. The largest input of the schema, a manifest with 100
 * operations, is 1,931 tokens if it is written inline.
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
