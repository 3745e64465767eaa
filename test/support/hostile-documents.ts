/** Documents that each exceed one default limit. */
import type { LimitName } from '../../src/limits/operation-limits.ts';

export interface HostileDocument {
  readonly title: string;
  readonly query: string;
  readonly limit: LimitName;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  /** Too large with all fragments expanded for any limit. */
  readonly isEndless?: boolean;
}

/** `open` and `close` repeated `levels` times around `inner`. */
function nested(levels: number, open: string, inner: string, close: string): string {
  return open.repeat(levels) + inner + close.repeat(levels);
}

/** Each fragment spreads the next one twice. */
export function exponential(levels: number, hasAliases: boolean): string {
  const body = (next: string) =>
    hasAliases ? `a: nodes(ids: []) { ${next} } b: nodes(ids: []) { ${next} }` : `${next} ... on Query { ${next} }`;
  const fragments = Array.from(
    { length: levels },
    (_, level) => `fragment F${level} on Query { ${body(`...F${level + 1}`)} }`,
  );
  return `{ ...F0 } ${fragments.join(' ')} fragment F${levels} on Query { __typename }`;
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `id${index}`);
const selections = (count: number, selection: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => selection(index)).join(' ');

export const hostileDocuments: readonly HostileDocument[] = [
  { title: '1,001 tokens', query: `{ ${selections(999, (index) => `a${index}`)} }`, limit: 'tokens' },
  { title: '128 kB of names', query: 'a '.repeat(60_000), limit: 'tokens' },
  {
    title: 'a list of 60,000 elements',
    query: `{ nodes(ids: [${'1 '.repeat(60_000)}]) { id } }`,
    limit: 'valueTokens',
  },
  { title: '100,000 nested lists', query: `{ nodes(ids: ${'['.repeat(60_000)}`, limit: 'tokens' },
  { title: '100,000 nested objects', query: `{ jobs(filter: ${'{a:'.repeat(30_000)}`, limit: 'tokens' },
  { title: 'depth 9', query: nested(9, '{ a ', '', '}'), limit: 'depth' },
  { title: 'depth 100', query: nested(100, '{ a ', '', '}'), limit: 'depth' },
  { title: 'depth 1,000', query: nested(1_000, '{ a ', '', '}'), limit: 'tokens' },
  {
    title: 'depth by fragments',
    query: `{ ...A } fragment A on Query { a { b { c { d { ...B } } } } } fragment B on X { a { b { c { d { e } } } } }`,
    limit: 'depth',
  },
  {
    title: 'depth in a fragment that nothing uses',
    query: `{ __typename } fragment A on X ${nested(9, '{ a ', '', '}')}`,
    limit: 'depth',
  },
  {
    title: '16 aliases',
    query: `{ job(id: "x") { ${selections(16, (index) => `a${index}: id`)} } }`,
    limit: 'aliases',
  },
  {
    title: '16 aliases of a root field',
    query: `{ ${selections(16, (index) => `a${index}: __typename`)} }`,
    limit: 'aliases',
  },
  {
    title: '1,000 aliases',
    query: `{ ${selections(1_000, (index) => `a${index}: __typename`)} }`,
    limit: 'tokens',
  },
  {
    title: '6 aliases of a root field that costs',
    query: `{ ${selections(6, (index) => `a${index}: jobs { unavailableServices { code } }`)} }`,
    limit: 'rootFields',
  },
  { title: 'one field 500 times', query: `{ jobs { nodes { ${'id '.repeat(500)} } } }`, limit: 'repeats' },
  { title: 'one root field 500 times', query: `{ ${'__typename '.repeat(500)} }`, limit: 'repeats' },
  { title: 'one field 10,000 times', query: `{ ${'__typename '.repeat(10_000)} }`, limit: 'tokens' },
  {
    title: 'one inline fragment 200 times',
    query: `{ ${'... { __typename } '.repeat(200)} }`,
    limit: 'repeats',
  },
  ...[10, 20, 25, 60].map((levels) => ({
    title: `${levels} levels of fragments that double`,
    query: exponential(levels, false),
    limit: 'nodes' as const,
    isEndless: levels > 10,
  })),
  { title: '60 levels with aliases', query: exponential(60, true), limit: 'tokens' },
  { title: '25 levels with aliases', query: exponential(25, true), limit: 'aliases' },
  {
    title: 'fragments that double and that nothing uses',
    query: exponential(20, false).replace('{ ...F0 }', '{ __typename }'),
    limit: 'nodes',
    isEndless: true,
  },
  {
    title: '60 operations that share a large fragment',
    query: `${selections(60, (index) => `query A${index} { ...F }`)} fragment F on Query { jobs { ${selections(40, (index) => `f${index}`)} } }`,
    operationName: 'A0',
    limit: 'nodes',
  },
  { title: '21 directives', query: `{ __typename ${'@a '.repeat(21)} }`, limit: 'directives' },
  {
    title: '400 directives on a fragment that nothing uses',
    query: `{ __typename } fragment F on Query ${'@a '.repeat(400)} { __typename }`,
    limit: 'directives',
  },
  { title: '1,000 directives', query: `{ __typename ${'@a '.repeat(1_000)} }`, limit: 'tokens' },
  {
    title: '21 times @include with a variable',
    query: `query ($a: Boolean!) { __typename ${'@include(if: $a) '.repeat(21)} }`,
    limit: 'directives',
    variables: { a: true },
  },
  {
    title: 'introspection 21 deep',
    query: `{ __schema { types ${nested(19, '{ ofType ', '{ name }', '}')} } }`,
    limit: 'introspectionDepth',
  },
  {
    title: 'introspection that doubles',
    query: `{ __schema { types { ...T0 } } } ${selections(12, (level) => `fragment T${level} on __Type { ...T${level + 1} ... on __Type { ...T${level + 1} } }`)} fragment T12 on __Type { name }`,
    limit: 'introspectionNodes',
  },
  {
    title: 'a mutation with 2 root fields',
    query: 'mutation { a: cancelJob(id: "x") { job { id } } b: cancelJob(id: "x") { job { id } } }',
    limit: 'effectRootFields',
  },
  {
    title: 'a mutation with 50 creates',
    query: `mutation { ${selections(50, (index) => `a${index}: cancelJob(id: "x") { job { id } }`)} }`,
    limit: 'aliases',
  },
  {
    title: 'a mutation with a second root field in a fragment',
    query:
      'mutation { cancelJob(id: "x") { job { id } } ...F } fragment F on Mutation { b: cancelJob(id: "x") { job { id } } }',
    limit: 'effectRootFields',
  },
  {
    title: 'a subscription with 2 root fields',
    query:
      'subscription { a: jobActivity { ... on JobStateChange { state } } b: jobActivity { ... on JobStateChange { state } } }',
    limit: 'effectRootFields',
  },
  {
    title: 'a subscription with @skip on its root',
    query: 'subscription { jobActivity @skip(if: true) { ... on JobStateChange { state } } }',
    limit: 'subscriptionRootDirectives',
  },
  {
    title: 'a subscription with @include by a variable on a root fragment',
    query: 'subscription ($a: Boolean!) { ... @include(if: $a) { jobActivity { ... on JobStateChange { state } } } }',
    limit: 'subscriptionRootDirectives',
    variables: { a: true },
  },
  {
    title: '6 full pages',
    query: `{ ${selections(5, (index) => `a${index}: jobs(first: 200) { nodes { id } edges { node { id } } }`)} }`,
    limit: 'cost',
  },
  {
    title: '6 full pages by a variable',
    query: `query ($n: Int!) { ${selections(5, (index) => `a${index}: jobs(first: $n) { nodes { id } edges { node { id } } }`)} }`,
    limit: 'cost',
    variables: { n: 200 },
  },
  {
    title: 'a thousand jobs by their ids, with manifests',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ImportExportJob { manifest } } }',
    limit: 'cost',
    variables: { ids: ids(1_000) },
  },
];
