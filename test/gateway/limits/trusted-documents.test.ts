import { createHash } from 'node:crypto';
import { on, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { OperationRunner } from '../../../src/execution/operation-runner.ts';
import { localCaller } from '../../../src/identity/caller.ts';
import { defaultOperationLimits } from '../../../src/limits/operation-limits.ts';
import { resolveDocument, TrustedDocuments } from '../../../src/limits/trusted-documents.ts';
import { trustedDocumentsFrom } from '../../../src/limits/trusted-documents-file.ts';
import { schema } from '../../../src/schema/index.ts';
import { acceptedJson } from '../../support/accepted-json.ts';
import { startGateway } from '../../support/gateway.ts';
import { temporaryFolder } from '../../support/token-file.ts';
import { askOver, callsOf, type OperationRequest, type Transport, transports } from '../../support/transports.ts';

const text = 'query Board { jobs(first: 2) { nodes { id } } }';
const other = 'query Name { __typename }';
const untrusted = 'query Board { jobs(first: 3) { nodes { id } } }';
const hashOf = (algorithm: string, value: string) => createHash(algorithm).update(value).digest('hex');
const sha256 = hashOf('sha256', text);

const file = JSON.stringify({ [hashOf('sha1', text)]: text, [hashOf('sha1', other)]: other });
const trusted = trustedDocumentsFrom(file);

const refused = { errors: [{ message: expect.any(String), extensions: { code: 'PERSISTED_ONLY', retryable: false } }] };

async function start() {
  const path = join(await temporaryFolder(), 'trusted-documents.json');
  await writeFile(path, file);
  const gateway = await startGateway({ WAYBILL_TRUSTED_DOCUMENTS: path });
  await gateway.emulator.forgetRequests();
  return {
    ...gateway,
    ask: (transport: Transport, request: OperationRequest) => askOver(transport, gateway, request),
    calls: () => callsOf(gateway),
  };
}

const accepted: readonly (readonly [string, OperationRequest])[] = [
  ['the text itself', { query: text }],
  ['documentId', { documentId: hashOf('sha1', text) }],
  ['documentId with the SHA-256', { documentId: `sha256:${sha256}` }],
  ['documentId with the bare SHA-256', { documentId: sha256 }],
  ['doc_id', { doc_id: hashOf('sha1', text) }],
  ['id', { id: hashOf('sha1', text) }],
  ["Apollo's and urql's extension", { extensions: { persistedQuery: { version: 1, sha256Hash: sha256 } } }],
  ['an id and its text', { documentId: hashOf('sha1', text), query: text }],
  ['two ids of it', { id: sha256, doc_id: hashOf('sha1', text) }],
  ['an id beside members that are null', { id: sha256, documentId: null, doc_id: null } as never],
];

const unaccepted: readonly (readonly [string, OperationRequest])[] = [
  ['an unknown text', { query: untrusted }],
  ['the text with one more space', { query: `${text} ` }],
  ['introspection', { query: '{ __schema { types { name } } }' }],
  ['an unknown id', { documentId: 'x' }],
  ['an id that is a member of Object.prototype', { documentId: 'constructor' }],
  ['an id that is __proto__', { id: '__proto__' }],
  ['a wrong hash with a trusted body', { extensions: { persistedQuery: { sha256Hash: 'x' } }, query: text }],
  ['an unknown id with an untrusted body', { id: 'x', query: untrusted }],
  ['a known id beside an unknown one', { id: sha256, doc_id: 'x' }],
  ['an id that is a number', { documentId: 5 as never }],
  ['an id of 100,000 characters', { id: 'x'.repeat(100_000) }],
];

const sha1 = hashOf('sha1', text);
const hash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

const contradictory: readonly (readonly [members: string, OperationRequest])[] = [
  ['documentId and query', { documentId: sha1, query: untrusted }],
  ['documentId and query', { documentId: sha1, query: other }],
  ['doc_id and query', { doc_id: sha1, query: other }],
  ['id and query', { id: sha1, query: `${text} ` }],
  ['extensions.persistedQuery.sha256Hash and query', { ...hash(sha256), query: untrusted }],
  ['documentId and doc_id', { documentId: sha1, doc_id: hashOf('sha1', other) }],
  ['documentId and id', { id: hashOf('sha256', other), documentId: sha1 }],
  ['id and extensions.persistedQuery.sha256Hash', { id: hashOf('sha1', other), ...hash(sha256) }],
];

describe.each(transports)('over %s', (transport) => {
  test.each(accepted)('A trusted document by %s is answered', async (_title, request) => {
    const { ask } = await start();
    expect(await ask(transport, request)).toEqual({
      data: { jobs: { nodes: [expect.anything(), expect.anything()] } },
    });
  });

  test.each(unaccepted)('%s is refused', async (_title, request) => {
    const { ask, calls, complaints } = await start();
    expect(await ask(transport, request)).toEqual(refused);
    // The second request may be answered from a cache.
    expect(await ask(transport, request)).toEqual(refused);
    expect([await calls(), complaints]).toEqual([0, []]);
  });
});

describe.each(transports)('over %s', (transport) => {
  test.each(contradictory)('a request whose %s differ is refused by their names', async (members, request) => {
    const { ask, calls, complaints } = await start();
    const message = `${members}: expected one document, received two.`;
    expect(await ask(transport, request)).toEqual({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
    expect([await calls(), complaints]).toEqual([0, []]);
  });

  test('an id where no documents are trusted is refused by its name', async () => {
    const gateway = await startGateway();
    for (const member of ['documentId', 'doc_id', 'id']) {
      const message = `query: expected a string, received only ${member}, and this gateway has no file of trusted documents.`;
      expect(await askOver(transport, gateway, { [member]: sha256 })).toEqual({
        errors: [{ message, extensions: { code: 'BAD_REQUEST' } }],
      });
    }
  });
});

test('A message over WebSocket names its document in the payload and not by its own id', async () => {
  const { url } = await start();
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  const messages = on(socket, 'message');
  const next = async () => JSON.parse(String((await messages.next()).value[0])) as unknown;
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  expect(await next()).toEqual({ type: 'connection_ack' });
  socket.send(JSON.stringify({ type: 'subscribe', id: sha256, payload: {} }));
  expect(await next()).toMatchObject({
    id: sha256,
    type: 'error',
    payload: [{ extensions: { code: 'PERSISTED_ONLY' } }],
  });
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { id: hashOf('sha1', other) } }));
  expect(await next()).toEqual({ id: '1', type: 'next', payload: { data: { __typename: 'Query' } } });
});

test.each([
  ['application/json', 400],
  ['application/graphql-response+json', 400],
  ['application/json, text/event-stream', 400],
])('For a client that accepts %s a contradictory request has the status %i', async (accept, status) => {
  const { url } = await start();
  const headers = { 'content-type': 'application/json', accept };
  const body = JSON.stringify({ id: sha1, query: other });
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(status);
});

test('An id beside a query that is null is answered, as Relay sends it', async () => {
  const { url } = await start();
  const headers = { 'content-type': 'application/json', accept: acceptedJson };
  const body = JSON.stringify({ doc_id: hashOf('sha1', other), query: null, variables: {} });
  const response = await fetch(url, { method: 'POST', headers, body });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
});

test('Without trusted documents a parameter id of the URL means nothing', async () => {
  const { url } = await startGateway();
  const response = await fetch(`${url}?id=5&query={__typename}`, { headers: { 'x-graphql-yoga-csrf': '1' } });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
});

test.each([
  [`documentId=${hashOf('sha1', text)}`, 200],
  [`extensions=${encodeURIComponent(JSON.stringify({ persistedQuery: { version: 1, sha256Hash: sha256 } }))}`, 200],
  [`query=${encodeURIComponent(text)}`, 200],
  [`documentId=sha256%3A${sha256}`, 200],
  [`doc_id=${hashOf('sha1', text)}`, 200],
  [`id=${hashOf('sha1', text)}`, 200],
  [`id=${hashOf('sha1', text)}&query=${encodeURIComponent(text)}`, 200],
  ['documentId=x', 400],
  ['id=x', 400],
  [`id=${hashOf('sha1', text)}&doc_id=${hashOf('sha1', other)}`, 400],
  [`documentId=${hashOf('sha1', text)}&query=${encodeURIComponent(untrusted)}`, 400],
])('GET %# is answered %i', async (_query, status) => {
  const { url } = await start();
  const headers = { accept: 'application/graphql-response+json', 'x-graphql-yoga-csrf': '1' };
  expect((await fetch(`${url}?${_query}`, { headers })).status).toBe(status);
});

test.each([
  'null',
  '[]',
  '"x"',
  '1',
  '{}',
  '{"query":5}',
  '{"extensions":5}',
  '{"extensions":{"persistedQuery":null}}',
])('The body %s is refused', async (body) => {
  const { url, complaints } = await start();
  const headers = { 'content-type': 'application/json', accept: acceptedJson };
  const response = await fetch(url, { method: 'POST', headers, body });
  expect(await response.json()).toEqual({ errors: [expect.anything()] });
  expect(complaints).toEqual([]);
});

test('A transport that forgets to resolve runs nothing but trusted texts', () => {
  const runner = new OperationRunner({
    schema,
    shared: { clock: { monotonicMs: () => 0 } } as never,
    limits: defaultOperationLimits,
    isIntrospectionScoped: false,
    trustedDocuments: trusted,
    charge: undefined,
    mask: (error) => error as never,
    onEvent: undefined,
    inTrace: undefined,
  });
  const scope = { caller: localCaller, isSocket: true, whenGone: new AbortController().signal };
  const prepared = (query: string) => runner.prepare({ query }, scope, undefined);
  for (const query of [untrusted, '']) {
    expect(prepared(query)).toEqual({
      refused: [expect.objectContaining({ message: 'Only trusted documents are run here.' })],
    });
  }
  expect(prepared(text)).toEqual({ kind: 'query', run: expect.any(Function) });
});

test('Without trusted documents a request stays as it is', () => {
  const params = { query: untrusted, documentId: 'x' };
  expect(resolveDocument(params, undefined)).toEqual({ params });
});

test('Other members of a request are kept', () => {
  const params = { documentId: sha256, variables: { a: 1 }, operationName: 'Board' };
  expect(resolveDocument(params, trusted)).toEqual({
    params: { query: text, variables: { a: 1 }, operationName: 'Board' },
  });
});

test.each<[string, unknown, string]>([
  ['GraphQL Code Generator, SHA-1', { [hashOf('sha1', text)]: text }, hashOf('sha1', text)],
  ['GraphQL Code Generator, SHA-256', { [sha256]: text }, sha256],
  ['Relay, MD5', { [hashOf('md5', text)]: text }, hashOf('md5', text)],
  [
    'Apollo',
    {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: 'a1', name: 'Board', type: 'query', body: text }],
    },
    'a1',
  ],
  ['a tool that makes 64 digits of its own', { [hashOf('sha256', 'secret')]: text }, hashOf('sha256', 'secret')],
  ['a tool with odd ids', JSON.parse(`{"__proto__": ${JSON.stringify(text)}}`), '__proto__'],
  ['the prefix of the specification', { [`sha256:${sha256}`]: text }, `sha256:${sha256}`],
])('A file of %s is accepted', (_title, file, id) => {
  const documents = trustedDocumentsFrom(JSON.stringify(file));
  expect(documents).toBeInstanceOf(TrustedDocuments);
  expect([documents.textOf(id), documents.textOf(sha256), documents.has(text)]).toEqual([text, text, true]);
});

test.each<[string, string, RegExp]>([
  ['text that is not JSON', 'query { a }', /expected JSON/],
  ['a list', '[]', /expected an object of documents by id/],
  ['null', 'null', /expected an object of documents by id/],
  ['a document that is not a string', '{"a": 5}', /expected an object of documents by id/],
  ['an empty id', '{"": "{ a }"}', /expected an id of 1 to 256 characters, found one of 0/],
  [
    'an id that is too long',
    `{"${'x'.repeat(257)}": "{ a }"}`,
    /expected an id of 1 to 256 characters, found one of 257/,
  ],
  ['too much text', `{"a": "{ a }"}${' '.repeat(16_777_216)}`, /at most 16777216 characters, found 16777230/],
  [
    'the hash of one document as the id of another',
    JSON.stringify({ a: text, [sha256]: other }),
    new RegExp(`"${sha256}" names two documents`),
  ],
  ['no documents', '{}', /expected at least one, found none/],
  ['another version', '{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}', /of version 1/],
  ['a text that is not a document', '{"a": "query {"}', /"a" is not a valid document: Syntax Error/],
  ['a wrong hash', `{"sha256:00": ${JSON.stringify(text)}}`, /sha256:00 is not the hash of its document/],
  [
    'one name for two',
    JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [
        { id: 'a', body: text },
        { id: 'a', body: other },
      ],
    }),
    /"a" names two documents/,
  ],
])('A file with %s is refused with the reason', (_title, file, reason) => {
  expect(() => trustedDocumentsFrom(file)).toThrow(reason);
});
