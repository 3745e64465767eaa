/** Runs generated queries by a plan and by graphql-js, over resolvers that fail, are late, or answer with null. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getVariableValues,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  responsePathAsArray,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { planExecution } from '../../../src/execution/execution-plan.ts';
import { executePlanned } from '../../../src/execution/planned-execution.ts';

const sdl = `
  interface Named { id: ID! name: String peer: Named }
  union Either = Left | Right
  enum Level { LOW HIGH }
  type Left implements Named {
    id: ID! name: String peer: Named level: Level strict: Left! many(first: Int = 2, level: Level): [Left!]! either: Either
  }
  type Right implements Named {
    id: ID! name: String peer: Named number: Int! loose: [Right] nested: [[Int]] grid: [[Named]!] strictList: [Int!]
  }
  type Query { left: Left right(level: Level!): Right! named: Named! either: [Either] peers(first: Int): [Named!] word: String }
`;

/** The same for the same seed and path: what a resolver does must not depend on who runs it. */
function draw(seed: string, info: GraphQLResolveInfo, salt: string): number {
  const path = responsePathAsArray(info.path).join('.');
  return createHash('sha256').update(`${seed} ${path} ${salt}`).digest().readUInt16BE();
}

const outcomes = ['null', 'undefined', 'throw', 'refuse', 'error as value'] as const;

interface Seeded {
  readonly seed: string;
}

function drawingSchema(): GraphQLSchema {
  const schema = buildSchema(sdl);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isAbstractType(type))
      type.resolveType = (_value, { seed }: Seeded, info) => {
        const name = draw(seed, info, 'type') % 2 === 0 ? 'Left' : 'Right';
        return draw(seed, info, 'type when') % 3 === 0 ? Promise.resolve(name) : name;
      };
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields()))
      field.resolve = (_source, args, { seed }: Seeded, info) => {
        const value = () => resolved(seed, String(field.type), args, info);
        return later(draw(seed, info, 'when'), value);
      };
  }
  return schema;
}

/** At once, in a few microtasks, or in a later turn. */
function later(when: number, value: () => unknown): unknown {
  if (when % 3 === 0) return value();
  let promise = when % 3 === 1 ? Promise.resolve() : new Promise<void>((resolve) => setImmediate(resolve));
  for (let ticks = when % 5; ticks > 0; ticks -= 1) promise = promise.then(() => {});
  return promise.then(value);
}

function resolved(seed: string, type: string, args: object, info: GraphQLResolveInfo): unknown {
  switch (outcomes[draw(seed, info, 'outcome') % 25]) {
    case 'null':
      return null;
    case 'undefined':
      return undefined;
    case 'throw':
      throw new Error(`broken ${info.fieldName}`);
    case 'refuse':
      throw new GraphQLError('refused', { extensions: { code: 'FORBIDDEN', path: info.fieldNodes.length } });
    case 'error as value':
      return new Error('returned');
  }
  const named = type.replaceAll(/[[\]!]/g, '');
  if (!type.startsWith('[')) return leaf(named, args, draw(seed, info, 'leaf'));
  const items = Array.from({ length: draw(seed, info, 'length') % 4 }, (_, index) => {
    const outcome = draw(seed, info, `item ${index}`) % 12;
    if (outcome === 0) return null;
    if (outcome === 1) return Promise.reject(new Error(`broken item ${index}`));
    const item = type.startsWith('[[') ? [null, {}, {}].slice(outcome % 4) : leaf(named, args, outcome);
    return outcome % 3 === 0 ? Promise.resolve(item) : item;
  });
  // Else graphql-js leaves rejections unhandled: where one item throws at once, it no longer waits for the others.
  return type.includes('!]') ? items.map((item) => Promise.resolve(item)) : items;
}

function leaf(type: string, args: object, number: number): unknown {
  if (type === 'Level') return ['LOW', 'HIGH', 'UNKNOWN'][number % 3];
  if (type === 'Int') return number % 7 === 0 ? 'no number' : number;
  if (type === 'ID' || type === 'String') return JSON.stringify(args);
  return {};
}

const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  Query: ['left', 'right(level: LOW)', 'right(level: $level)', 'named', 'either', 'peers(first: $first)', 'word'],
  Named: ['id', 'name', 'peer'],
  Left: ['id', 'name', 'peer', 'level', 'strict', 'many', 'many(first: $first, level: $level)', 'either'],
  Right: ['id', 'name', 'peer', 'number', 'loose', 'nested', 'grid', 'strictList'],
  Either: [],
};
const typeOf: Readonly<Record<string, string>> = {
  left: 'Left',
  right: 'Right',
  named: 'Named',
  either: 'Either',
  peers: 'Named',
  peer: 'Named',
  strict: 'Left',
  many: 'Left',
  loose: 'Right',
  grid: 'Named',
};
const directives = ['', '', '', ' @skip(if: $off)', ' @include(if: $on)', ' @skip(if: false)', ' @include(if: false)'];
const aliases = ['', '', '', 'a: ', 'b: ', '__proto__: ', 'constructor: '];

/** A selection set on `type`. It need not be valid: fields of one name may differ. */
function selection(type: string, depth: number): fc.Arbitrary<string> {
  const names = ['__typename', ...(fieldsOf[type] ?? [])];
  const field = fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...aliases), fc.constantFrom(...directives))
    .chain(([name, alias, directive]) => {
      const inner = typeOf[name.split('(')[0] ?? ''];
      const body = inner === undefined ? fc.constant('') : selection(inner, depth - 1);
      return body.map((text) => `${alias}${name}${directive}${text}`);
    });
  if (depth <= 0) return fc.constant(' { __typename }');
  const conditions = ['Left', 'Right', 'Named', 'Either'].filter((name) => type !== 'Query' && name !== type);
  const fragment =
    conditions.length === 0
      ? field
      : fc
          .constantFrom(...conditions)
          .chain((name) => selection(name, depth - 1).map((text) => `... on ${name}${text}`));
  const spread = type === 'Query' ? field : fc.constantFrom('...Names', '...Lefts');
  const part = fc.oneof(
    { weight: 6, arbitrary: field },
    { weight: 2, arbitrary: fragment },
    { weight: 1, arbitrary: spread },
  );
  return fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => ` { ${parts.join(' ')} }`);
}

const fragments = 'fragment Names on Named { name id ...Lefts } fragment Lefts on Left { level strict { name } }';
const query = fc.record({
  seed: fc.string({ minLength: 4, maxLength: 8 }),
  text: selection('Query', 4).map(
    (text) => `query ($first: Int, $level: Level!, $on: Boolean!, $off: Boolean = true)${text} ${fragments}`,
  ),
  variables: fc.record(
    {
      first: fc.integer({ min: 0, max: 3 }),
      level: fc.constant('HIGH'),
      on: fc.boolean(),
      off: fc.constantFrom(true, false, null),
    },
    { requiredKeys: ['level', 'on'] },
  ),
});

function operationOf(document: DocumentNode) {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('expected an operation');
  return operation;
}

interface Request extends Seeded {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

function run({ schema, document, variables: inputs, seed }: Request) {
  const operation = operationOf(document);
  const values = getVariableValues(schema, operation.variableDefinitions ?? [], inputs);
  if (values.errors) throw new Error('expected variables that fit');
  const variables = values.coerced;
  return executePlanned({
    plan: planExecution(schema, document, operation, variables),
    variables,
    contextValue: { seed },
  });
}

const printed = async (result: ExecutionResult | Promise<ExecutionResult>) => JSON.stringify(await result);

test('a planned query has the result and the errors of graphql-js, byte for byte', { timeout: 120_000 }, async () => {
  const schema = drawingSchema();
  let valid = 0;
  let failed = 0;
  await fc.assert(
    fc.asyncProperty(query, async ({ seed, text, variables }) => {
      const document = parse(text);
      fc.pre(validate(schema, document).filter(({ message }) => !message.includes('never used')).length === 0);
      const expected = await printed(execute({ schema, document, variableValues: variables, contextValue: { seed } }));
      expect(await printed(run({ schema, document, variables, seed }))).toBe(expected);
      valid += 1;
      if (expected.includes('"errors"')) failed += 1;
    }),
    { numRuns: 500, maxSkipsPerRun: 20 },
  );
  expect(valid).toBeGreaterThanOrEqual(500);
  // Otherwise the resolvers would not try what is hard.
  expect(failed).toBeGreaterThan(valid / 5);
});

test('a list that fails at once leaves no later rejection unhandled', async () => {
  const schema = buildSchema('type Query { words: [Word!] } type Word { text: String! }');
  const late = () => new Promise<string>((_, reject) => setImmediate(() => reject(new Error('late'))));
  const rootValue = { words: [{ text: late }, null] };
  const document = parse('{ words { text } }');
  const plan = planExecution(schema, document, operationOf(document), {});
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    const { data, errors } = await executePlanned({ plan, variables: {}, contextValue: {}, rootValue });
    expect({ data, messages: errors?.map(({ message }) => message) }).toEqual({
      data: { words: null },
      messages: ['Cannot return null for non-nullable field Query.words.'],
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(unhandled).toEqual([]);
});
