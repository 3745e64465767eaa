/** Plain JSON is answered without Yoga; everything else by Yoga. A client must not be able to tell which it was. */
import { expect, test } from 'vitest';
import { jsonMediaTypeFor } from '../../../src/execution/http-answer.ts';
import { startGateway } from '../../support/gateway.ts';
import { startGuarded } from '../../support/guarded-gateway.ts';

const json = (body: object): string => JSON.stringify(body);
const q = (query: unknown, others: object = {}): string => json({ query, ...others });

const jobs = 'query($first: Int!) { jobs(first: $first) { nodes { __typename service state } } }';

const bodies: readonly string[] = [
  ...[
    '',
    ' ',
    'null',
    '[]',
    '1',
    '"x"',
    '{}',
    '{"query":5}',
    '{"query":"{ __typename }"} x',
    '[{"query":"{ __typename }"}]',
  ],
  ...['{ __typename }', '{ nope }', '{', '', null, '{ jobs(first: 500) { nodes { id } } }'].map((query) => q(query)),
  ...['{ job(id: "x") { id } }', '{ a: job(id: "x") { id } b: jobs(first: 1) { nodes { service } } }'].map((query) =>
    q(query),
  ),
  ...['{ a { b { c { d { e { f { g { h { i } } } } } } } } }', '{ nodes(ids: [1, "x"]) { id } }'].map((query) =>
    q(query),
  ),
  ...['fragment F on Query { ...F } { ...F }', 'type A { b: C }', '{ __schema { queryType { name } } }'].map((query) =>
    q(query),
  ),
  q('mutation { cancelJob(input: { id: "x" }) { job { id } userErrors { message field code } } }'),
  q('mutation { createImportExportJob(input: {}) { job { id } } }'),
  q(`{ __typename } # ${'x'.repeat(20_000)}`),
  q(`{ ${Array.from({ length: 2_000 }, (_, index) => `a${index}: __typename`).join(' ')} }`),
  ...[[], 5, { a: 'x'.repeat(60_000) }, null].map((variables) => q('{ __typename }', { variables })),
  ...['', 'X', 5, null].map((operationName) => q('{ __typename }', { operationName })),
  ...[undefined, 'A', 'B', 'C'].map((operationName) =>
    q('query A { __typename } query B { __typename }', { operationName }),
  ),
  ...[{}, { query: '' }, { query: '{ __typename }' }].map((others) =>
    json({ extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } }, ...others }),
  ),
  ...[{ documentId: 'x' }, { extra: 1 }, { extra: null }, { extensions: {} }, { extensions: 5 }].map((others) =>
    q('{ __typename }', others),
  ),
  ...[{ first: 2 }, { first: 'x' }, { first: null }, {}].map((variables) => q(jobs, { variables })),
  `\ufeff${q('{ __typename }')}`,
  `${q('{ __typename }')}${' '.repeat(1_048_576)}`,
];

const forms: readonly string[] = [
  ...[
    'application/json',
    'application/graphql-response+json',
    '*/*',
    'application/*',
    'APPLICATION/JSON;charset=utf-8',
  ],
  ...[
    'application/graphql-response+json, application/json;q=0.9',
    'application/json, application/graphql-response+json',
  ],
  ...['text/html, application/json', 'multipart/mixed;deferSpec=20220824, application/json'],
];

const origins = ['https://board.example', 'https://other.example', undefined] as const;

async function answerOf(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: new Uint8Array(Buffer.from(body)),
  });
  const {
    date: _,
    'content-length': __,
    'keep-alive': ___,
    connection: ____,
    ...others
  } = Object.fromEntries(response.headers);
  return [response.status, others, await response.text()];
}

test('a request gets the same answer by either way, whatever it holds and accepts', async () => {
  const { url, complaints } = await startGateway({ WAYBILL_ALLOWED_ORIGINS: 'https://board.example' });
  for (const accept of forms) {
    expect(jsonMediaTypeFor(accept)).toBeDefined();
    // Also accepting a stream, which no answer to these is, leads to Yoga.
    const acceptOfYoga = `${accept}, text/event-stream`;
    expect(jsonMediaTypeFor(acceptOfYoga)).toBeUndefined();
    for (const [index, body] of bodies.entries()) {
      const origin = origins[index % origins.length];
      const headers = origin === undefined ? {} : { origin };
      const [plain, byYoga] = await Promise.all([
        answerOf(url, body, { ...headers, accept }),
        answerOf(url, body, { ...headers, accept: acceptOfYoga }),
      ]);
      expect([accept, body.slice(0, 100), plain]).toEqual([accept, body.slice(0, 100), byYoga]);
    }
  }
  expect(complaints).toEqual([]);
}, 60_000);

test('a caller without points is refused alike by either way, before the body is read', async () => {
  const { url, ask } = await startGateway({ WAYBILL_MAX_COST_PER_MINUTE: '1' });
  await ask('{ __typename }');
  await ask('{ __typename }');
  const refused = await answerOf(url, '{', { accept: 'application/json' });
  expect(refused).toEqual([
    429,
    expect.objectContaining({ 'retry-after': expect.stringMatching(/^\d+$/) }),
    expect.stringContaining('RATE_LIMITED'),
  ]);
});

test('a caller without a valid token is refused alike by either way, before the body is read', async () => {
  const { url } = await startGuarded({ viewer: ['jobs:read'] });
  const refused = await answerOf(url, '{', { accept: 'application/json' });
  expect(refused).toEqual([
    401,
    expect.objectContaining({ 'www-authenticate': 'Bearer' }),
    expect.stringContaining('UNAUTHENTICATED'),
  ]);
  expect(await answerOf(url, '{', { accept: 'application/json, text/event-stream' })).toEqual(refused);
});

test('a subscription that accepts anything is still answered as a stream', async () => {
  const { url } = await startGateway();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: '*/*' },
    body: q('subscription { jobActivity { __typename } }'),
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  await response.body?.cancel();
});
