/** The configuration of `docs/mcp` for Apollo's MCP server, which makes a tool of each operation. The server is not run here. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Kind, type OperationDefinitionNode, OperationTypeNode, parse, visit } from 'graphql';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { startGateway } from '../../support/gateway.ts';
import { readyOperations, variablesOf } from '../../support/ready-operations.ts';
import { tokensFor } from '../../support/token-file.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The options that are used, by the reference of the server's configuration file. The server refuses unknown ones. */
const toggled = z.strictObject({ enabled: z.boolean() });
const configuration = z.strictObject({
  endpoint: z.url(),
  headers: z.record(z.string(), z.string()),
  schema: z.strictObject({ source: z.literal('local'), path: z.string() }),
  custom_scalars: z.string(),
  operations: z.strictObject({ source: z.literal('local'), paths: z.array(z.string()) }),
  overrides: z.strictObject({ mutation_mode: z.enum(['none', 'explicit', 'all']) }),
  introspection: z.strictObject({ execute: toggled, introspect: toggled, search: toggled, validate: toggled }),
  transport: z.strictObject({ type: z.literal('streamable_http'), address: z.ipv4(), port: z.int() }),
});

/** As the server expands variables of the environment. */
function configured(env: Readonly<Record<string, string>>): z.infer<typeof configuration> {
  const text = textOf('docs/mcp/waybill.yaml').replace(
    /\$\{env\.(\w+):-([^}]*)\}/g,
    (_, name: string, otherwise: string) => env[name] ?? otherwise,
  );
  return configuration.parse(parseYaml(text));
}

interface Tool {
  readonly text: string;
  readonly node: OperationDefinitionNode;
}

function toolOf(path: string): Tool {
  const text = textOf(path);
  const [node, ...others] = parse(text).definitions;
  if (node?.kind !== Kind.OPERATION_DEFINITION || others.length > 0)
    throw new Error(`${path}: expected one operation and nothing else`);
  return { text, node };
}

const nameOf = ({ node }: Tool): string => node.name?.value ?? '';

test('It offers the ready queries except for the one that shows a signed URL, and nothing that writes', () => {
  const { operations, overrides, introspection } = configured({});
  const tools = operations.paths.map(toolOf);
  expect(tools.map(({ node }) => node.operation)).toEqual(tools.map(() => OperationTypeNode.QUERY));
  const queries = readyOperations.filter(({ kind }) => kind === OperationTypeNode.QUERY).map(({ name }) => name);
  expect(tools.map(nameOf).toSorted()).toEqual(queries.filter((name) => name !== 'DownloadExport').toSorted());
  expect(overrides.mutation_mode).toBe('none');
  expect(Object.values(introspection).filter(({ enabled }) => enabled)).toEqual([]);
});

test('Its files exist, and say of each scalar of a variable what it looks like', () => {
  const { schema, custom_scalars: scalars, operations } = configured({});
  const document = parse(textOf(schema.path));
  const known = document.definitions.filter(({ kind }) => kind === Kind.SCALAR_TYPE_DEFINITION);
  const needed = known.map((definition) => ('name' in definition ? definition.name?.value : undefined));
  const named = new Set<string>();
  for (const { node } of operations.paths.map(toolOf))
    for (const definition of node.variableDefinitions ?? [])
      visit(definition.type, { NamedType: ({ name }) => void named.add(name.value) });
  const described = Object.keys(JSON.parse(textOf(scalars)) as object);
  expect(needed.filter((name) => name !== undefined && named.has(name))).toEqual(described);
});

test('The page names each of its tools', () => {
  const page = textOf('docs/assistants.md');
  const names = configured({}).operations.paths.map((path) => nameOf(toolOf(path)));
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('A gateway answers each tool with a token that may read only, and refuses what such a token may not', async () => {
  const { env, tokenOf } = await tokensFor({ assistant: ['jobs:read', 'catalog:read'] });
  const { url } = await startGateway(env);
  const { endpoint, headers, operations } = configured({ WAYBILL_URL: url, WAYBILL_TOKEN: tokenOf.assistant });
  /** In the form that the server sends (`graphql.rs` of its source). */
  const ask = async (tool: Tool) => {
    const extensions = { clientLibrary: { name: 'mcp', version: '1.20.0' } };
    const variables = variablesOf[nameOf(tool)] ?? {};
    const body = JSON.stringify({ variables, query: tool.text, extensions, operationName: nameOf(tool) });
    return (await fetch(endpoint, { method: 'POST', headers, body })).json();
  };
  for (const path of operations.paths)
    expect([basename(path), await ask(toolOf(path))]).toEqual([basename(path), { data: expect.anything() }]);
  for (const [file, scope] of [
    ['cancel-many', 'jobs:write'],
    ['new-revision', 'catalog:write'],
    ['download-export', 'jobs:secrets'],
  ] as const) {
    const tool = toolOf(`docs/operations/${file}.graphql`);
    const answer = (await ask(tool)) as { errors?: readonly { extensions?: object }[] };
    expect([file, answer.errors?.[0]?.extensions]).toEqual([
      file,
      expect.objectContaining({ code: 'FORBIDDEN', scope }),
    ]);
  }
});

test('A gateway without authentication answers with the default token', async () => {
  const { url } = await startGateway();
  const { endpoint, headers } = configured({ WAYBILL_URL: url });
  const body = JSON.stringify({ query: '{ __typename }' });
  const response = await fetch(endpoint, { method: 'POST', headers, body });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
});
