import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { type Walk, walkDocument } from '../../../src/limits/document-walker.ts';
import { admitOperation } from '../../../src/limits/operation-admission.ts';
import { costOf } from '../../../src/limits/operation-cost.ts';
import { defaultOperationLimits, type OperationLimits } from '../../../src/limits/operation-limits.ts';
import { parseWithin } from '../../../src/limits/parse-limit.ts';
import { schema } from '../../../src/schema/index.ts';
import { clientOperations } from '../../support/documents.ts';
import { exponential, type HostileDocument, hostileDocuments } from '../../support/hostile-documents.ts';

/** The first limit that the document exceeds, in the order in which a request meets them. */
function exceededBy(
  { query, variables }: Pick<HostileDocument, 'query' | 'variables'>,
  limits: OperationLimits,
): unknown {
  try {
    const document = parseWithin(limits, query);
    const walk = walkDocument(document, limits);
    if ('refused' in walk) return walk.refused;
    if (validate(schema, document).length > 0) return 'invalid';
    const maxNodes = limits.nodes + limits.introspectionNodes;
    const cost = () => costOf({ schema, document, variables }, maxNodes) ?? 1;
    const admission = admitOperation({ cost }, variables, limits);
    return 'refused' in admission ? admission.refused.extensions['limit'] : undefined;
  } catch (error) {
    return (error as { extensions?: { limit?: unknown } }).extensions?.limit ?? 'invalid';
  }
}

test.each(hostileDocuments)('$title is refused by the limit of $limit', (document) => {
  expect(exceededBy(document, defaultOperationLimits)).toBe(document.limit);
});

test.each(hostileDocuments.filter(({ isEndless }) => !isEndless))(
  '$title is refused by $limit only',
  ({ limit, ...document }) => {
    expect(exceededBy(document, { ...defaultOperationLimits, [limit]: Infinity })).not.toBe(limit);
  },
);

test.each(Object.keys(defaultOperationLimits))('The limit %s has a document that exceeds it', (limit) => {
  expect(hostileDocuments.map((document) => document.limit)).toContain(limit);
});

test.each([10, 20, 25, 60])('%i levels of fragments take no more visits than the budget', (levels) => {
  for (const hasAliases of [false, true]) {
    const document = parse(exponential(levels, hasAliases));
    const limits = { ...defaultOperationLimits, aliases: 1_000, depth: 1_000, nodes: 3_000 };
    expect(walkDocument(document, limits)).toEqual({ refused: 'nodes', visited: 3_001 } satisfies Walk);
  }
});

test.each([
  ['two fragments in a circle', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
  ['a fragment in itself', '{ ...A } fragment A on Query { jobs { nodes { id } } ...A }'],
  ['a circle through an inline fragment', '{ ...A } fragment A on Query { ... on Query { ...A } }'],
  ['a circle that no operation uses', '{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }'],
])('%s is left to validation, which refuses it', (_title, query) => {
  expect(walkDocument(parse(query), defaultOperationLimits)).not.toHaveProperty('refused');
  expect(validate(schema, parse(query)).map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^Cannot spread fragment "A" within itself/),
  );
});

test.each([
  ['an unknown fragment', '{ ...A }'],
  ['an unknown field', '{ a { b } }'],
  ['no operation', 'fragment A on B { c }'],
  ['a definition of a type', 'type A { b: C }'],
  ['two fragments of one name', '{ ...A } fragment A on Query { a } fragment A on Query { b }'],
  [
    'names of Object.prototype',
    '{ __proto__ { constructor ...toString } } fragment toString on hasOwnProperty { valueOf }',
  ],
])('A document with %s is measured and left to validation', (_title, query) => {
  expect(walkDocument(parse(query), defaultOperationLimits)).not.toHaveProperty('refused');
});

test.each(clientOperations)('$title, an operation of a real client, is admitted', ({ query, variables }) => {
  expect(exceededBy({ query, ...(variables && { variables }) }, defaultOperationLimits)).toBeUndefined();
});

test('A document far deeper than the call stack is measured', () => {
  const levels = 2_000;
  const fragments = Array.from({ length: levels }, (_, level) => `fragment F${level} on A { ...F${level + 1} }`).join(
    ' ',
  );
  const document = parse(`{ ...F0 } ${fragments} fragment F${levels} on A { b }`);
  const walk = walkDocument(document, { ...defaultOperationLimits, nodes: 1_000_000 });
  expect(walk).toMatchObject({ depth: 1, nodes: levels + 2 });
});

test('Introspection is counted separately from the limits of data', () => {
  const document = parse(
    '{ a: __schema { types { name fields { type { ofType { name } } } } } jobs { nodes { id } } }',
  );
  expect(walkDocument(document, defaultOperationLimits)).toMatchObject({
    depth: 3,
    nodes: 3,
    introspectionDepth: 6,
    introspectionNodes: 7,
  });
});
