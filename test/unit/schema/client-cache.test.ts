/** What `waybill-client/cache` says of the schema is what the schema says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLNamedType, type GraphQLObjectType, isAbstractType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { graphcacheKeys, possibleTypes } from '../../../client/src/cache.ts';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../../schema.graphql'), 'utf8'));

const types: readonly GraphQLNamedType[] = Object.values(schema.getTypeMap()).filter(
  ({ name }) => !name.startsWith('__'),
);

const namesOf = (named: readonly GraphQLNamedType[]): readonly string[] => named.map(({ name }) => name).toSorted();

test('possibleTypes has the types behind each interface and union', () => {
  const expected = types
    .filter(isAbstractType)
    .map((type) => [type.name, namesOf(schema.getPossibleTypes(type))] as const);
  const actual = Object.entries(possibleTypes).map(([name, possible]) => [name, possible.toSorted()]);
  expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
});

const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];

/** Whether graphcache (9.0.2) asks for no key of the type: by its name, or as it stands below mutations only. */
const isKeyless = ({ name }: GraphQLObjectType): boolean => /^__|PageInfo|(Connection|Edge|Payload)$/.test(name);

const isNode = (type: GraphQLObjectType): boolean => type.getInterfaces().some(({ name }) => name === 'Node');

test('graphcacheKeys has each type without an identity of its own', () => {
  const values = types
    .filter(isObjectType)
    .filter((type) => !roots.includes(type) && !isNode(type) && !isKeyless(type));
  expect(Object.keys(graphcacheKeys).toSorted()).toEqual(namesOf(values));
  expect(new Set(Object.values(graphcacheKeys).map((key) => key()))).toEqual(new Set([null]));
});
