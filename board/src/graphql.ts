/** Documents whose types the compiler reads from their text and the schema. Nothing of that is left in the page. */
import type { DocumentDecoration, initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema.d.ts';

declare const tada: initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string };
  disableMasking: true;
}>;
type Fragments = NonNullable<Parameters<typeof tada>[1]>;

/** Only for its type: of the two signatures of `tada` a call takes the right one. */
const nodeFrom = <const Text extends string, const Used extends Fragments>(text: Text, used: Used) => tada(text, used);
type NodeFrom<Text extends string, Used extends Fragments> = ReturnType<typeof nodeFrom<Text, Used>>;

/** A text with the types of an operation, or of a fragment. */
export type Document<Node = unknown> = string & Omit<Node, 'kind' | 'definitions' | 'loc'>;

/** The text behind which those of the fragments stand that it names. `documents.js` validates it if it is one literal. */
export function graphql<const Text extends string, const Used extends Fragments = readonly []>(
  text: Text,
  fragments?: Used,
): Document<NodeFrom<Text, Used>>;
export function graphql(text: string, fragments: readonly unknown[] = []): string {
  return [text, ...fragments].join('\n');
}

type Immutable<Value> = Value extends object ? { readonly [Name in keyof Value]: Immutable<Value[Name]> } : Value;
export type ResultOf<Of> = Of extends DocumentDecoration<infer Result, never> ? Immutable<Result> : never;
export type VariablesOf<Of> = Of extends DocumentDecoration<unknown, infer Variables> ? Immutable<Variables> : never;

type Types = introspection['types'];
type EnumName = { [Name in keyof Types]: Types[Name] extends { enumValues: string } ? Name : never }[keyof Types];
/** The values of an enum of the schema. */
export type Enum<Name extends EnumName> = Types[Name]['enumValues'];
