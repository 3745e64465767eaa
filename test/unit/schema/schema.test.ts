import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  validate,
  validateSchema,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { printedSchema } from '../../../src/schema/print.ts';

const ownTypes = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

/** `type` and all that is in it, each with its path and its description. */
function elementsOf(type: GraphQLNamedType): [string, string | null | undefined][] {
  const elements: [string, string | null | undefined][] = [[type.name, type.description]];
  if (isEnumType(type)) {
    for (const value of type.getValues()) elements.push([`${type.name}.${value.name}`, value.description]);
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields()))
      elements.push([`${type.name}.${field.name}`, field.description]);
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      elements.push([`${type.name}.${field.name}`, field.description]);
      for (const arg of field.args) elements.push([`${type.name}.${field.name}(${arg.name}:)`, arg.description]);
    }
  }
  return elements;
}

/** Every field below `type`, as a selection set. Types lead back to themselves: each is entered once on a path. */
function selectionOf(type: GraphQLOutputType, path: readonly string[] = []): string {
  const named = getNamedType(type);
  if (!isCompositeType(named) || !('getFields' in named)) return '';
  if (path.includes(named.name)) return ' { __typename }';
  const inner = [...path, named.name];
  const fields = Object.values(named.getFields()).map((field) => `${field.name}${selectionOf(field.type, inner)}`);
  return ` { ${fields.join(' ')} }`;
}

test('The schema is valid', () => {
  expect(validateSchema(schema)).toEqual([]);
});

test('Every element of the schema says what its type cannot', () => {
  const silent = ownTypes
    .flatMap(elementsOf)
    .filter(([, description]) => !description?.trim())
    .map(([path]) => path);
  expect(silent).toEqual([]);
});

test('The committed schema is the one that the code makes', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../../schema.graphql'), 'utf8');
  expect(committed, 'schema.graphql is out of date: run `npm run schema` and commit it').toBe(printedSchema());
});

test.each(['Job', 'DataExchangeJobDetails'])(
  'All fields of all types that implement %s can be selected together',
  (name) => {
    const type = schema.getType(name);
    if (!isInterfaceType(type)) throw new Error(`${name} is not an interface`);
    const fragments = schema
      .getPossibleTypes(type)
      .map((implementer) => `... on ${implementer.name}${selectionOf(implementer)}`);
    const selection =
      name === 'Job' ? fragments.join(' ') : `... on DataExchangeJob { details { ${fragments.join(' ')} } }`;
    const document = parse(`query ($id: ID!) { job(id: $id) { ${selection} } }`);
    expect(validate(schema, document)).toEqual([]);
  },
);
