import { buildSchema, executeSync, GraphQLError, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createMaskError } from '../../../src/execution/error-mask.ts';

const schema = buildSchema('enum State { WAITING } type Query { state: State states: [State] at(first: Int!): State }');

function masked(document: string, rootValue: object, variableValues: Record<string, unknown> = {}) {
  const unexpected: unknown[] = [];
  const mask = createMaskError((error) => unexpected.push(error));
  const { errors = [] } = executeSync({ schema, document: parse(document), rootValue, variableValues });
  return { errors: errors.map(mask), unexpected };
}

test.each([
  ['{ state }', { state: 'PAUSED' }],
  ['{ states }', { states: 5 }],
])('A value of our own that %s cannot print is an unexpected error, without the value', (document, values) => {
  const { errors, unexpected } = masked(document, values);
  expect(errors.map(({ message, extensions }) => [message, extensions])).toEqual([
    ['Unexpected error.', { code: 'INTERNAL_SERVER_ERROR' }],
  ]);
  expect(unexpected).toEqual([expect.any(GraphQLError)]);
});

test.each([
  ['query ($first: Int!) { at(first: $first) }', { first: 'secret' }],
  ['query ($first: Int = 3) { at(first: $first) }', { first: null }],
  ['query ($yes: Boolean = true) { state @skip(if: $yes) }', { yes: null }],
])('A value of the request that %s cannot use is INVALID_INPUT with its place', (document, variables) => {
  const { errors, unexpected } = masked(document, {}, variables);
  expect(errors.map(({ extensions, locations }) => [extensions, locations?.length])).toEqual([
    [{ code: 'INVALID_INPUT', retryable: false }, 1],
  ]);
  expect(JSON.stringify(errors)).not.toContain('secret');
  expect(unexpected).toEqual([]);
});
