/** Generates documents from a small grammar over the schema's names, most of them nearly valid, and mutations of their texts. */
import fc from 'fast-check';
import { getNamedType, isCompositeType, isInterfaceType, isObjectType } from 'graphql';
import { schema } from '../../src/schema/index.ts';

const types = Object.values(schema.getTypeMap()).filter((type) => isCompositeType(type));
const fieldNames = [
  ...new Set(
    types.flatMap((type) => (isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [])),
  ),
  '__typename',
  '__schema',
  '__type',
  '__proto__',
  'constructor',
  'noSuchField',
];
const fragmentNames = Array.from({ length: 6 }, (_, index) => `F${index}`);

const variables = '($n: Int! = 3, $id: ID! = "x", $ids: [ID!]! = ["x"], $yes: Boolean! = true)';

const value = fc.constantFrom(
  '$n',
  '$id',
  '$ids',
  '$yes',
  '$none',
  '1',
  '-1',
  '1000000000000',
  '"x"',
  'null',
  '[]',
  '["x", "y"]',
  '{}',
  '{service: IMPORT_EXPORT}',
  '[[[[1]]]]',
  'true',
  'ENUM',
);

const argument = fc.tuple(
  fc.constantFrom('id', 'ids', 'first', 'after', 'filter', 'input', 'if', 'name', 'other'),
  value,
);

const argumentList = fc
  .array(argument, { maxLength: 3 })
  .map((given) => (given.length === 0 ? '' : `(${given.map(([name, text]) => `${name}: ${text}`).join(', ')})`));

const directive = fc.constantFrom(
  '',
  '',
  '',
  '',
  '',
  '@skip(if: $yes)',
  '@include(if: true)',
  '@include(if: $none)',
  '@noSuchDirective',
  '@skip',
);

const alias = fc.constantFrom('', '', '', '', '', 'a: ', 'b: ', '__proto__: ');

/** Fields of a type with their arguments, and occasionally any other field. */
const selectionSetOf = fc.memo((depth): fc.Arbitrary<string> => {
  const inner = depth > 1 ? selectionSetOf(depth - 1) : fc.constantFrom('{ id }', '{ __typename }');
  const anyField = fc
    .tuple(alias, fc.constantFrom(...fieldNames), argumentList, directive, fc.oneof(fc.constant(''), inner))
    .map((parts) => parts.join(' '));
  const known = fc
    .constantFrom(...types.filter((type) => isObjectType(type) || isInterfaceType(type)))
    .chain((type) => {
      const fields = Object.values(type.getFields());
      return fc.tuple(fc.constantFrom(...fields), inner).map(([field, set]) => {
        const given = field.args
          .filter(({ name }) => name === 'id' || name === 'ids')
          .map(({ name }) => `${name}: $${name}`);
        const text = `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${isCompositeType(getNamedType(field.type)) ? set : ''}`;
        return `... on ${type.name} { ${text} }`;
      });
    });
  const spread = fc
    .tuple(fc.constantFrom(...fragmentNames, 'None'), directive)
    .map(([name, given]) => `...${name} ${given}`);
  const inline = fc
    .tuple(fc.constantFrom('', ...types.map(({ name }) => `on ${name}`), 'on None'), directive, inner)
    .map(([on, given, set]) => `... ${on} ${given} ${set}`);
  const selection = fc.oneof(
    { weight: 3, arbitrary: anyField },
    { weight: 4, arbitrary: known },
    { weight: 2, arbitrary: spread },
    { weight: 1, arbitrary: inline },
  );
  return fc.array(selection, { minLength: 1, maxLength: 4 }).map((selections) => `{ ${selections.join(' ')} }`);
});

const operation = fc
  .tuple(
    fc.constantFrom('query', 'query', 'query', 'mutation', 'subscription'),
    fc.constantFrom('A', 'B'),
    directive,
    selectionSetOf(5),
  )
  .map(([kind, name, given, set]) => `${kind} ${name}${variables} ${given} ${set}`);

const fragment = fc
  .tuple(
    fc.constantFrom(...fragmentNames),
    fc.constantFrom(...types.map(({ name }) => name)),
    directive,
    selectionSetOf(3),
  )
  .map(([name, on, given, set]) => `fragment ${name} on ${on} ${given} ${set}`);

/** Fragments that double, in a document that may be valid. */
const doubling = fc.integer({ min: 1, max: 60 }).map((levels) => {
  const bodies = Array.from(
    { length: levels },
    (_, level) => `fragment D${level} on Query { ...D${level + 1} ... { ...D${level + 1} } }`,
  );
  return `query D { ...D0 } ${bodies.join(' ')} fragment D${levels} on Query { __typename }`;
});

const generated = fc
  .tuple(fc.array(operation, { maxLength: 2 }), fc.array(fragment, { maxLength: 6 }))
  .map((parts) => parts.flat().join('\n'));

const plain = fc.oneof({ weight: 8, arbitrary: generated }, { weight: 1, arbitrary: doubling });

const edit = fc.tuple(
  fc.nat(),
  fc.nat({ max: 60 }),
  fc.constantFrom('cut', 'double', 'move'),
  fc.constantFrom('', '{', '}', '...', '@', '"', '"""', '#', '$', '\u0000', '\ud800', 'id', '(', '['),
);

function edited(text: string, [at, length, how, inserted]: readonly [number, number, string, string]): string {
  const start = text.length === 0 ? 0 : at % text.length;
  const [head, piece, tail] = [text.slice(0, start), text.slice(start, start + length), text.slice(start + length)];
  if (how === 'cut') return head + inserted + tail;
  return how === 'double' ? head + piece + inserted + piece + tail : piece + head + inserted + tail;
}

export const documents: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: plain },
  {
    weight: 1,
    arbitrary: fc
      .tuple(plain, fc.array(edit, { minLength: 1, maxLength: 4 }))
      .map(([text, edits]) => edits.reduce(edited, text)),
  },
);

export const variableValues = fc.record(
  {
    n: fc.oneof(fc.integer(), fc.jsonValue()),
    id: fc.string(),
    ids: fc.array(fc.string(), { maxLength: 5 }),
    yes: fc.boolean(),
    none: fc.jsonValue(),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, unknown>>;
