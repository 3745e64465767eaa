/** What tools that introspect get from a gateway with its default limits: the schema, less what they do not ask for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildASTSchema,
  buildClientSchema,
  buildSchema,
  type DocumentNode,
  Kind,
  lexicographicSortSchema,
  parse,
  printSchema,
  visit,
} from 'graphql';
import { expect, test } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { type ToolIntrospection, toolIntrospections } from './introspection-queries.ts';
import { rover } from './rover.ts';
import { makeWorkspace, resultOf } from './workspace.ts';

const sdl = readFileSync(join(import.meta.dirname, '..', '..', '..', 'schema.graphql'), 'utf8');

/** The committed schema without the parts in `without`. */
function expectedSchema(without: ToolIntrospection['without']): string {
  const dropped = new Set(without.filter((part) => part !== 'schemaDescription'));
  const document: DocumentNode = visit(parse(sdl), {
    SchemaDefinition: ({ description, ...node }) => (without.includes('schemaDescription') ? node : undefined),
    Directive: ({ name }) => (dropped.has(name.value as 'oneOf' | 'specifiedBy') ? null : undefined),
  });
  return printSchema(lexicographicSortSchema(buildASTSchema(document)));
}

test('Something is left out where a tool does not ask for it', () => {
  const full = expectedSchema([]);
  for (const part of ['oneOf', 'schemaDescription', 'specifiedBy'] as const)
    expect(full.length).toBeGreaterThan(expectedSchema([part]).length);
});

test('Each tool gets the whole schema that it asks for', async () => {
  const { url } = await startChildGateway();
  for (const { tool, accept, request, without } of toolIntrospections) {
    const headers = { 'content-type': 'application/json', accept };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
    const { data, errors } = (await response.json()) as { data: never; errors?: unknown };
    expect([tool, response.status, errors]).toEqual([tool, 200, undefined]);
    const received = printSchema(lexicographicSortSchema(buildClientSchema(data)));
    expect(received, tool).toBe(expectedSchema(without));
  }
});

// Skipped where Rover has no package for the machine: on Linux with x64 `npm run test:clients` installs and runs it.
test.skipIf(rover === undefined)('Rover prints the schema with all its types and descriptions', async () => {
  const { url } = await startChildGateway();
  const { folder, read } = makeWorkspace();
  const args = ['graph', 'introspect', url, '--skip-update-check', '--output', 'received.graphql'];
  const { code, output } = await resultOf(rover ?? '', args, folder);
  expect([code, output]).toEqual([0, expect.any(String)]);
  const received = lexicographicSortSchema(buildSchema(read('received.graphql')));
  expect(printSchema(received)).toBe(expectedSchema(['oneOf', 'schemaDescription', 'specifiedBy']));
});

test('The committed schema has no kind of definition that introspection cannot show', () => {
  const shown: ReadonlySet<string> = new Set([
    Kind.SCHEMA_DEFINITION,
    Kind.SCALAR_TYPE_DEFINITION,
    Kind.OBJECT_TYPE_DEFINITION,
    Kind.INTERFACE_TYPE_DEFINITION,
    Kind.UNION_TYPE_DEFINITION,
    Kind.ENUM_TYPE_DEFINITION,
    Kind.INPUT_OBJECT_TYPE_DEFINITION,
  ]);
  expect(parse(sdl).definitions.filter(({ kind }) => !shown.has(kind))).toEqual([]);
});
