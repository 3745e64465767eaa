/** Introspection by scope, the addresses of GraphiQL, and lists of operations. */
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { startGateway } from '../../support/gateway.ts';
import { tokensFor } from '../../support/token-file.ts';
import { askOver, callsOf, type Target, transports } from '../../support/transports.ts';

async function start(env: Readonly<Record<string, string>> = {}) {
  const { env: tokens, tokenOf } = await tokensFor({
    reader: ['jobs:read', 'jobs:write', 'jobs:secrets'],
    builder: ['schema:read'],
  });
  const gateway = await startGateway({ ...tokens, ...env });
  await gateway.emulator.forgetRequests();
  const { url } = gateway;
  const reader: Target = { url, token: tokenOf.reader };
  const builder: Target = { url, token: tokenOf.builder };
  return { gateway, reader, builder };
}

/** Each document reads the schema in its own way. */
const introspections: readonly (readonly [string, string])[] = [
  ['__schema', '{ __schema { queryType { name } } }'],
  ['__type', '{ __type(name: "Query") { name } }'],
  ['__type of an unknown type', '{ __type(name: "Nothing") { name } }'],
  ['an alias', '{ innocent: __schema { queryType { name } } }'],
  ['a fragment', '{ ...F } fragment F on Query { __schema { queryType { name } } }'],
  ['an inline fragment', '{ ... { ... on Query { __schema { queryType { name } } } } }'],
  ['comments and commas', '{,,__schema#\n{,queryType#{}\n{name}}}'],
  ['a field beside it', '{ __typename __schema { queryType { name } } }'],
  [
    'a fragment within a fragment',
    '{ ...F } fragment F on Query { ...G } fragment G on Query { __type(name: "Job") { name } }',
  ],
  [
    'a directive that includes it',
    'query ($yes: Boolean = true) { __schema @include(if: $yes) { queryType { name } } }',
  ],
  ['the tools', getIntrospectionQuery()],
];

const forbidden = {
  errors: [
    {
      message: 'Reading the schema takes the scope schema:read.',
      extensions: { code: 'FORBIDDEN', scope: 'schema:read', retryable: false },
    },
  ],
};

describe.each(transports)('over %s', (transport) => {
  test('A caller with schema:read can introspect with every document', async () => {
    const { builder } = await start({ WAYBILL_INTROSPECTION: 'scope' });
    for (const [title, query] of introspections) {
      const answer = await askOver(transport, builder, { query });
      expect([title, answer]).toEqual([title, { data: expect.anything() }]);
    }
  });

  test('A caller without schema:read gets an error for every document', async () => {
    const { gateway, reader, builder } = await start({ WAYBILL_INTROSPECTION: 'scope' });
    for (const [title, query] of introspections) {
      // Before and after another caller got an answer to the same document.
      expect([title, await askOver(transport, reader, { query })]).toEqual([title, forbidden]);
      await askOver(transport, builder, { query });
      expect([title, await askOver(transport, reader, { query })]).toEqual([title, forbidden]);
    }
    expect([await callsOf(gateway), gateway.complaints]).toEqual([0, []]);
  });

  test('__typename needs no schema:read', async () => {
    const { reader } = await start({ WAYBILL_INTROSPECTION: 'scope' });
    expect(await askOver(transport, reader, { query: '{ __typename }' })).toEqual({ data: { __typename: 'Query' } });
  });

  test('Every caller can introspect unless the configuration restricts it', async () => {
    const { reader } = await start();
    expect(await askOver(transport, reader, { query: getIntrospectionQuery() })).toHaveProperty('data.__schema');
  });
});

test('A mutation and a subscription that read the schema are refused', async () => {
  const { gateway, reader } = await start({ WAYBILL_INTROSPECTION: 'scope' });
  for (const query of [
    'mutation { __schema { queryType { name } } }',
    'mutation { __typename __type(name: "Job") { name } }',
    'subscription { __schema { queryType { name } } }',
  ]) {
    const { data, errors } = await askOver('WebSocket', reader, { query });
    expect([query, data ?? null, (errors?.length ?? 0) > 0]).toEqual([query, null, true]);
  }
  expect(await callsOf(gateway)).toBe(0);
});

test('A caller without a token cannot introspect', async () => {
  const { reader } = await start();
  const answer = await askOver('HTTP', { url: reader.url }, { query: getIntrospectionQuery() });
  expect(answer.errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['UNAUTHENTICATED']);
  await expect(askOver('WebSocket', { url: reader.url }, { query: getIntrospectionQuery() })).rejects.toBeDefined();
});

test.each([1, 2, 1_000])('A list of %i operations is answered 400, and none runs', async (count) => {
  const { gateway, reader } = await start();
  const body = JSON.stringify(Array.from({ length: count }, () => ({ query: '{ jobs { nodes { id } } }' })));
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${reader.token}` };
  const response = await fetch(reader.url, { method: 'POST', headers, body });
  expect([response.status, await response.json()]).toEqual([400, { errors: [expect.anything()] }]);
  expect([await callsOf(gateway), gateway.complaints]).toEqual([0, []]);
});

const paths = [
  '/graphql',
  '/graphql?raw',
  '/graphql?query={__typename}&raw',
  '/graphiql',
  '/graphql/graphiql',
  '/playground',
  '/altair',
  '/voyager',
  '/graphql/playground',
  '/explorer',
  '/console',
  '/__graphql',
  '/graphql/',
  '/GraphQL',
  '//graphql',
  '/graphql.html',
];

test.each(paths)('The path %s returns no page if GraphiQL is off', async (path) => {
  const { reader } = await start({ WAYBILL_GRAPHIQL: 'off' });
  for (const authorization of ['', `Bearer ${reader.token}`]) {
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', ...(authorization && { authorization }) };
    const response = await fetch(`${new URL(reader.url).origin}${path}`, { headers });
    const text = await response.text();
    expect([path, /<!doctype|<html|<script/i.test(text), response.headers.get('content-type')]).toEqual([
      path,
      false,
      expect.not.stringContaining('html'),
    ]);
  }
});

test('With GraphiQL on only a browser gets the page, and the page calls no service', async () => {
  const { gateway, reader } = await start({ WAYBILL_GRAPHIQL: 'on' });
  const page = await fetch(reader.url, { headers: { accept: 'text/html' } });
  const other = await fetch(reader.url, { headers: { accept: 'application/json' } });
  expect([page.headers.get('content-type'), other.headers.get('content-type')]).toEqual([
    expect.stringContaining('html'),
    expect.stringContaining('json'),
  ]);
  expect(await callsOf(gateway)).toBe(0);
});
