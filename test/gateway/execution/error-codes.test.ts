/** Every error of a request has a code that docs/graph.md names, on each transport. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptedJson } from '../../support/accepted-json.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { openEvents, openSocket, type RawSocket, until } from '../../support/live.ts';
import { documents } from '../../support/random-documents.ts';
import { answerOf, askOver, codesOf, type OperationResult, transports } from '../../support/transports.ts';

const documented = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'graph.md'), 'utf8');

const operations = [
  'query ($first: Int) { jobs(first: $first) { nodes { id } } }',
  'query ($first: Int! = 3) { jobs(first: $first) { nodes { id history(first: $first) { nodes { state } } } } }',
  'query ($after: String, $filter: JobFilter) { jobs(after: $after, filter: $filter) { nodes { id } } }',
  'query ($id: ID!) { job(id: $id) { id } node(id: $id) { id } }',
  'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
  'query ($yes: Boolean = true) { jobs(first: 1) @include(if: $yes) { nodes { id } } }',
  'query ($input: ShippingLabelInput!) { shippingLabel(input: $input) { label { warning } } }',
  'mutation ($input: CreateDataExchangeJobInput!) { createDataExchangeJob(input: $input) { userErrors { code } } }',
  'mutation ($start: Boolean = true, $details: DataExchangeJobDetailsInput!) { createDataExchangeJob(input: { start: $start, details: $details }) { userErrors { code } } }',
  'mutation ($id: ID!) { cancelJob(id: $id) { userErrors { code } } }',
  'subscription ($ids: [ID!]!, $after: String) { jobStateChanged(ids: $ids, after: $after) { cursor } }',
  'subscription ($yes: Boolean = true) { jobStateChanged(ids: ["x"]) { cursor @skip(if: $yes) } }',
] as const;

const value = fc.oneof(
  fc.constantFrom<unknown>(null, 0, 1.5, '', 'x', true, [], [null], ['x'], { service: 'PARCEL' }, { details: {} }),
  fc.jsonValue(),
);

const names = ['details', 'first', 'after', 'filter', 'id', 'ids', 'yes', 'start', 'input'] as const;

const badValues = fc.record({
  query: fc.constantFrom<string>(...operations),
  variables: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: names.length }),
});

const literals = ['null', '0', '-1', '1.5', '9999999999', '"x"', 'x', '[1]', '{ a: 1 }', '$none', '"""'] as const;
const fields = [
  (literal: string) => `{ jobs(first: ${literal}) { nodes { id } } }`,
  (literal: string) => `{ job(id: ${literal}) { id history(after: ${literal}) { nodes { state } } } }`,
  (literal: string) => `{ nodes(ids: ${literal}) { id } }`,
  (literal: string) => `mutation { cancelJob(id: ${literal}) { userErrors { code } } }`,
  (literal: string) => `subscription { jobStateChanged(ids: ${literal}) { cursor } }`,
] as const;

const badLiterals = fc
  .tuple(fc.constantFrom(...fields), fc.constantFrom(...literals))
  .map(([field, literal]) => ({ query: field(literal) }));

const badMembers = fc.record(
  {
    query: fc.constantFrom<unknown>('{ __typename }', 'query A { __typename }', '', null, 5, '{', undefined),
    operationName: fc.constantFrom<unknown>('B', 5, null),
    variables: fc.constantFrom<unknown>([], 'x', { a: 'x'.repeat(60_000) }),
    extensions: fc.constantFrom<unknown>(5, {}),
  },
  { requiredKeys: [] },
);

/** `jobActivity` would wait for an event. */
const badDocuments = documents.filter((query) => !query.includes('jobActivity')).map((query) => ({ query }));

const requests: fc.Arbitrary<object> = fc.oneof(
  { weight: 4, arbitrary: badValues },
  { weight: 2, arbitrary: badLiterals },
  { weight: 1, arbitrary: badMembers },
  { weight: 1, arbitrary: badDocuments },
);

const accepted = {
  'plain JSON': acceptedJson,
  'JSON by Yoga': `${acceptedJson}, text/event-stream;q=0.1`,
  SSE: 'text/event-stream',
} as const;

async function overHttp(url: string, accept: string, request: object): Promise<OperationResult> {
  const headers = { 'content-type': 'application/json', accept };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
  // A stream that is asked for as JSON is refused without a GraphQL result.
  if (response.status === 406) return {};
  return answerOf(response);
}

async function overSocket(socket: RawSocket, id: string, request: object): Promise<OperationResult> {
  socket.send({ type: 'subscribe', id, payload: request });
  await until(() => socket.closed !== undefined || socket.typesOf(id).length > 0);
  const [frame] = socket.frames.splice(0).filter((each) => each.id === id);
  if (frame?.type === 'next') return frame.payload as OperationResult;
  return frame?.type === 'error' ? { errors: frame.payload as OperationResult['errors'] & {} } : {};
}

test('every error of a bad request has a documented code, on each transport', { timeout: 120_000 }, async () => {
  const { url, complaints } = await startGateway();
  const socket = await openSocket(url);
  const counts = new Map<unknown, number>();
  let sent = 0;
  const check = (transport: string, request: object, result: OperationResult): void => {
    for (const code of codesOf(result)) {
      expect([transport, JSON.stringify(request), code]).toEqual([
        transport,
        JSON.stringify(request),
        expect.any(String),
      ]);
      expect(documented).toContain(`\`${code}\``);
      counts.set(code, (counts.get(code) ?? 0) + 1);
    }
  };
  const property = fc.asyncProperty(requests, async (request) => {
    for (const [transport, accept] of Object.entries(accepted))
      check(transport, request, await overHttp(url, accept, request));
    sent += 1;
    check('WebSocket', request, await overSocket(socket, String(sent), request));
  });
  await fc.assert(property, { numRuns: 250 });
  expect([socket.closed, complaints]).toEqual([undefined, []]);
  for (const code of ['INVALID_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED', 'BAD_REQUEST'])
    expect([code, (counts.get(code) ?? 0) > 10]).toEqual([code, true]);
  expect(counts.has('INTERNAL_SERVER_ERROR')).toBe(false);
});

const first = 'query ($first: Int) { jobs(first: $first) { nodes { id } } }';
const included = 'query ($yes: Boolean = true) { jobs @include(if: $yes) { nodes { id } } }';
const started =
  'mutation ($start: Boolean = true, $details: DataExchangeJobDetailsInput!) { createDataExchangeJob(input: { start: $start, details: $details }) { userErrors { code } } }';

const detailsOfExport = { exportAssetToSignedUrl: { dataSetId: 'x', revisionId: 'x', assetId: 'x' } };
const many = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

test.each([
  { fault: 'a variable of another type', query: first, variables: { first: 'one' } },
  { fault: 'a variable that is missing', query: 'query ($id: ID!) { job(id: $id) { id } }', variables: {} },
  { fault: 'null where a directive takes none', query: included, variables: { yes: null } },
  {
    fault: 'null where an argument takes none',
    query: 'query ($id: ID = "x") { job(id: $id) { id } }',
    variables: { id: null },
  },
  { fault: 'null where an input takes none', query: started, variables: { start: null, details: detailsOfExport } },
  { fault: 'many faults in one variable', query: many, variables: { ids: Array(50).fill({}) } },
])('$fault is INVALID_INPUT and not to be retried, on each transport', async ({ query, variables }) => {
  const { url, complaints } = await startGateway();
  for (const transport of transports) {
    const { errors = [] } = await askOver(transport, { url }, { query, variables });
    expect(errors.length).toBeGreaterThan(0);
    for (const { extensions } of errors)
      expect([transport, extensions]).toEqual([transport, { code: 'INVALID_INPUT', retryable: false }]);
  }
  expect(complaints).toEqual([]);
});

test('an argument of a field of an event that cannot be used is INVALID_INPUT at its path', async () => {
  const { url, emulator } = await startGateway();
  const { importExport } = await emulator.seed({ importExport: 1 });
  const ids = [globalId('ImportExportJob', importExport[0] ?? '')];
  const watch = `subscription ($ids: [ID!]!) {
    jobStateChanged(ids: $ids) { ... on JobStateChange { job { history(after: "x") { nodes { state } } } } }
  }`;
  const stream = await openEvents(url, { ids }, {}, watch);
  const socket = await openSocket(url);
  socket.subscribe('s', watch, { ids });
  await until(() => stream.results().length === 1 && socket.resultsOf('s').length === 1);
  const error = {
    path: ['jobStateChanged', 'job', 'history'],
    extensions: { code: 'INVALID_INPUT', argument: 'after' },
  };
  expect([stream.results()[0]?.errors, socket.resultsOf('s')[0]?.errors]).toMatchObject([[error], [error]]);
});
