/** The schema as a subgraph: its text, and the schema that is served. */
import {
  buildASTSchema,
  findBreakingChanges,
  findDangerousChanges,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  print,
  validateSchema,
  visit,
} from 'graphql';
import { expect, test, vi } from 'vitest';
import { schema as schemaCommand } from '../../../src/cli/schema.ts';
import { entityTypeNames } from '../../../src/resolvers/entities.ts';
import { subgraphSchema } from '../../../src/schema/federation.ts';
import { schema } from '../../../src/schema/index.ts';
import { printedSchema } from '../../../src/schema/print.ts';
import { printedSubgraph } from '../../../src/schema/print-subgraph.ts';

/** A composer adds them to a text that links to the specification. */
const linked = `
  directive @link(url: String!, import: [String]) on SCHEMA
  directive @key(fields: String!) on OBJECT | INTERFACE
  directive @shareable on OBJECT`;

function descriptionsOf(changes: readonly { readonly description: string }[]): readonly string[] {
  return changes.map(({ description }) => description);
}

test('The text of the subgraph lacks only node and nodes', () => {
  const subgraph = buildASTSchema(parse(printedSubgraph() + linked));
  expect(validateSchema(subgraph)).toEqual([]);
  expect(descriptionsOf(findBreakingChanges(schema, subgraph))).toEqual([
    'Query.node was removed.',
    'Query.nodes was removed.',
  ]);
  expect(findDangerousChanges(schema, subgraph)).toEqual([]);
  expect(descriptionsOf(findBreakingChanges(subgraph, schema))).toEqual([
    'link was removed.',
    'key was removed.',
    'shareable was removed.',
  ]);
  expect(subgraph.description).toBe(schema.description);
});

test('Every entity has a key, PageInfo may be shared, and the text defines or links every directive', () => {
  const uses: string[] = [];
  const defined: string[] = [];
  visit(parse(printedSubgraph()), {
    enter(node) {
      if (node.kind === Kind.DIRECTIVE_DEFINITION) defined.push(node.name.value);
      if (!('directives' in node) || node.directives === undefined) return;
      const name = 'name' in node ? node.name?.value : undefined;
      for (const directive of node.directives) uses.push(`${name ?? 'schema'} ${print(directive)}`);
    },
  });
  expect(defined).toEqual(['oneOf']);
  expect(uses).toMatchInlineSnapshot(`
    [
      "schema @link(url: "https://specs.apollo.dev/federation/v2.4", import: ["@key", "@shareable"])",
      "Asset @key(fields: "id")",
      "DataExchangeJob @key(fields: "id")",
      "DataExchangeJobDetailsInput @oneOf",
      "DataSet @key(fields: "id")",
      "DateTime @specifiedBy(url: "https://scalars.graphql.org/andimarek/date-time.html")",
      "DeviceEncryptionInput @oneOf",
      "ImportExportJob @key(fields: "id")",
      "ImportExportManifestInput @oneOf",
      "Job @key(fields: "id")",
      "PageInfo @shareable",
      "Revision @key(fields: "id")",
    ]
  `);
});

test('The served subgraph has all of the schema, and two fields more', () => {
  const subgraph = subgraphSchema();
  expect(validateSchema(subgraph)).toEqual([]);
  expect(findBreakingChanges(schema, subgraph)).toEqual([]);
  expect(descriptionsOf(findBreakingChanges(subgraph, schema))).toMatchInlineSnapshot(`
    [
      "_Entity was removed.",
      "_Any was removed.",
      "_Service was removed.",
      "Query._entities was removed.",
      "Query._service was removed.",
    ]
  `);
});

test('Every element that the served subgraph adds says what its type cannot', () => {
  const subgraph = subgraphSchema();
  const added = ['_Any', '_Entity', '_Service'].map((name) => subgraph.getType(name));
  const { _entities: entities, _service: service } = subgraph.getQueryType()?.getFields() ?? {};
  const serviceType = subgraph.getType('_Service');
  const fields = isObjectType(serviceType) ? Object.values(serviceType.getFields()) : [];
  const elements = [...added, ...fields, entities, service, ...(entities?.args ?? [])];
  expect(elements.map((element) => Boolean(element?.description))).toEqual(elements.map(() => true));
  expect(elements).toHaveLength(7);
});

test('A representation may be of the interface Job or of any type of the union', () => {
  const union = subgraphSchema().getType('_Entity');
  const types = isUnionType(union) ? union.getTypes().map(({ name }) => name) : [];
  expect([...types, 'Job'].toSorted()).toEqual([...entityTypeNames].toSorted());
});

/** What the command `waybill schema` writes with these arguments. */
async function outputOf(argv: readonly string[]): Promise<string> {
  const lines: unknown[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(text) > 0);
  await schemaCommand(argv).finally(() => write.mockRestore());
  return lines.join('');
}

test('The command prints the subgraph only if it is asked to', async () => {
  expect(await outputOf([])).toBe(printedSchema());
  expect(await outputOf(['--federation'])).toBe(printedSubgraph());
});

test.each(['--federaton', 'federation'])('The command refuses the argument %s', async (argument) => {
  await expect(schemaCommand([argument])).rejects.toThrow(argument);
});
