import {
  createSourceEventStream,
  type ExecutionResult,
  execute,
  GraphQLError,
  getIntrospectionQuery,
  parse,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { withCappedErrors } from '../../../src/execution/operation-result.ts';
import { defaultOperationLimits } from '../../../src/limits/operation-limits.ts';
import { schema } from '../../../src/schema/index.ts';
import { startGateway } from '../../support/gateway.ts';
import { hostileDocuments } from '../../support/hostile-documents.ts';
import {
  askOver,
  callsOf,
  codesOf,
  type OperationRequest,
  type OperationResult,
  type Transport,
  transports,
} from '../../support/transports.ts';

async function start(env: Readonly<Record<string, string>> = {}) {
  const gateway = await startGateway(env);
  await gateway.emulator.forgetRequests();
  return {
    ...gateway,
    ask: (transport: Transport, request: OperationRequest) => askOver(transport, gateway, request),
    calls: () => callsOf(gateway),
  };
}

/** The errors of graphql-js itself, to show that the gateway omits some of them. */
async function unlimited({ query = '', variables = {} }: OperationRequest): Promise<OperationResult> {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    const args = { schema, document, variableValues: variables };
    const answer = await (query.startsWith('subscription') ? createSourceEventStream(args) : execute(args));
    return answer as ExecutionResult;
  } catch (error) {
    return { errors: [error as GraphQLError] };
  }
}

/** A message has at most 64 kB here; larger documents cannot be sent over WebSocket. */
const fits = (request: OperationRequest, transport: Transport) =>
  transport !== 'WebSocket' || JSON.stringify(request).length < 65_000;

describe.each(transports)('over %s', (transport) => {
  test('Each hostile document is refused, and no service is called', async () => {
    const { ask, calls, complaints } = await start();
    for (const { title, query, variables = {}, operationName, limit } of hostileDocuments) {
      const request = { query, variables, ...(operationName && { operationName }) };
      if (!fits(request, transport)) continue;
      const answer = await ask(transport, request);
      expect([title, answer]).toEqual([title, refusedBy(limit)]);
    }
    expect(await calls()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('A small document of each kind is answered', async () => {
    const { ask } = await start();
    const query = 'query ($n: Int!) { jobs(first: $n) { nodes { id } } }';
    expect(await ask(transport, { query, variables: { n: 2 } })).toEqual({
      data: { jobs: { nodes: [expect.anything(), expect.anything()] } },
    });
    expect(await ask(transport, { query: 'mutation { cancelJob(id: "x") { userErrors { code } } }' })).toHaveProperty(
      'data',
    );
    const { errors } = await ask(transport, {
      query: 'subscription { jobStateChanged(ids: ["x"]) { ... on JobStateChange { state } } }',
    });
    expect(errors?.[0]?.extensions?.['code']).not.toBe('OPERATION_TOO_COMPLEX');
  });

  test('The introspection of tools is answered, and a circular one is refused', async () => {
    const { ask } = await start();
    const answer = await ask(transport, { query: getIntrospectionQuery({ oneOf: true, specifiedByUrl: true }) });
    expect(answer).toMatchObject({ data: { __schema: { queryType: { name: 'Query' } } } });
    const circle = `{ __schema { types ${'{ fields { type '.repeat(8)} { name } ${'} }'.repeat(8)} } }`;
    expect(codesOf(await ask(transport, { query: circle }))).not.toEqual([]);
  });

  test('The size of the whole document and the cost of the named operation are limited', async () => {
    const { ask } = await start({ WAYBILL_MAX_COST: '10' });
    const query = 'query Small { jobs(first: 1) { nodes { id } } } query Large { jobs(first: 9) { nodes { id } } }';
    expect(await ask(transport, { query, operationName: 'Small' })).toHaveProperty('data');
    expect(await ask(transport, { query, operationName: 'Large' })).toEqual(refusedBy('cost', 10));
  });

  test.each([
    ['a string of 60,000 bytes', { filter: 'x'.repeat(60_000) }],
    ['a list of 10,000 elements', { filter: Array(10_000).fill(0) }],
    [
      'an object of 1,001 members',
      { filter: Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [index, 0])) },
    ],
    ['values 200 deep', { filter: JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as unknown }],
    [
      'values 200 deep in a variable that the document does not have',
      { other: JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`) as unknown },
    ],
  ])('A variable with %s is refused for its size', async (_title, variables) => {
    const { ask, calls } = await start();
    const query = 'query ($filter: JobFilter) { jobs(filter: $filter) { nodes { id } } }';
    const answer = await ask(transport, { query, variables });
    expect(answer).toEqual({
      errors: [
        {
          message: expect.stringMatching(/^The variables are too large: /),
          extensions: { code: 'INVALID_INPUT', argument: 'variables', retryable: false },
        },
      ],
    });
    expect(await calls()).toBe(0);
  });

  test.each([1e9, -1, 0, 2_147_483_648, null, '5'])('jobs(first: %j) is refused for its value', async (n) => {
    const { ask, calls } = await start();
    const query = 'query ($n: Int!) { jobs(first: $n) { nodes { id } } }';
    const { errors, data } = await ask(transport, { query, variables: { n } });
    expect([errors?.length, data ?? null]).toEqual([1, null]);
    expect(errors?.[0]?.message).toMatch(/^Variable "\$n" |^The argument `first` /);
    expect(await calls()).toBe(0);
  });

  test.each([
    ['field', '{ jobz { nodes { id } } }', {}],
    ['field of an interface', '{ job(id: "x") { manifest } }', {}],
    ['argument', '{ jobs(frist: 3) { nodes { id } } }', {}],
    ['directive argument', '{ jobs @include(iff: true) { nodes { id } } }', {}],
    ['type', '{ job(id: "x") { ... on ImportExportJobb { manifest } } }', {}],
    ['enum value', '{ jobs(filter: { service: IMPORT_EXPORTS }) { nodes { id } } }', {}],
    ['input field', '{ jobs(filter: { servic: IMPORT_EXPORT }) { nodes { id } } }', {}],
    [
      'enum value in a variable',
      'query ($f: JobFilter) { jobs(filter: $f) { nodes { id } } }',
      { f: { service: 'IMPORT_EXPORTS' } },
    ],
    [
      'input field in a variable',
      'query ($f: JobFilter) { jobs(filter: $f) { nodes { id } } }',
      { f: { servic: 'IMPORT_EXPORT' } },
    ],
    [
      'enum value in the variable of a subscription',
      'subscription ($f: JobFilter) { jobActivity(filter: $f) { ... on JobStateChange { state } } }',
      { f: { service: 'IMPORT_EXPORTS' } },
    ],
  ])('The error for a misspelt name (%s) suggests no other', async (_title, query, variables) => {
    const { ask } = await start();
    const { errors } = await ask(transport, { query, variables });
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
    expect(JSON.stringify(await unlimited({ query, variables }))).toMatch(/did you mean/i);
  });

  test.each<[string, OperationRequest]>([
    ['100 unknown fields', { query: `{ ${fields(100)} }` }],
    ['unknown fields with long names', { query: `{ ${fields(40, 'x'.repeat(1_000))} }` }],
    ['a name of 60,000 letters', { query: `{ ${'x'.repeat(60_000)} }` }],
    ['a syntax error at a name of 60,000 letters', { query: `{ a } ${'x'.repeat(60_000)}` }],
    [
      'an undefined variable that is used 100 times',
      { query: `{ jobs { ${'...{ nodes { id @skip(if: $a) } } '.repeat(9)} } ${fields(50)} }` },
    ],
    [
      '100 wrong members of a variable',
      {
        query: 'query ($f: JobFilter) { jobs(filter: $f) { nodes { id } } }',
        variables: {
          f: Object.fromEntries(
            fields(100)
              .split(' ')
              .map((name) => [name, 1]),
          ),
        },
      },
    ],
    [
      'a wrong variable of 30,000 letters',
      { query: 'query ($n: Int!) { jobs(first: $n) { nodes { id } } }', variables: { n: 'é'.repeat(15_000) } },
    ],
    [
      'wrong variables of a subscription',
      {
        query: 'subscription ($f: JobFilter) { jobActivity(filter: $f) { ... on JobStateChange { state } } }',
        variables: {
          f: Object.fromEntries(
            fields(100)
              .split(' ')
              .map((name) => [name, 1]),
          ),
        },
      },
    ],
  ])('The response to %s has at most 10 errors and 4 kB', async (_title, request) => {
    const { ask } = await start();
    // The second request may be answered from a cache.
    for (const answer of [await ask(transport, request), await ask(transport, request)]) {
      expect(answer.errors?.length).toBeGreaterThan(0);
      expect(answer.errors?.length).toBeLessThanOrEqual(10);
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(4_096);
    }
    const whole = await unlimited(request);
    expect(Buffer.byteLength(JSON.stringify(whole)) > 4_096 || (whole.errors?.length ?? 0) > 10).toBe(true);
  });

  test('A caller is charged by cost, and a refusal says when to retry', async () => {
    const { ask, calls } = await start({ WAYBILL_MAX_COST_PER_MINUTE: '100' });
    const page = { query: '{ jobs(first: 48) { nodes { id } } }' };
    expect(await ask(transport, page)).toHaveProperty('data');
    expect(await ask(transport, page)).toHaveProperty('data');
    const callsBefore = await calls();
    expect(callsBefore).toBeGreaterThan(0);
    for (const query of [
      page.query,
      'mutation { cancelJob(id: "x") { job { id } } }',
      'subscription { jobActivity { ... on JobStateChange { state } } }',
    ]) {
      expect(await ask(transport, { query })).toEqual({
        errors: [
          {
            message: expect.any(String),
            extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) },
          },
        ],
      });
    }
    expect(await calls()).toBe(callsBefore);
  });
});

function fields(count: number, prefix = 'field'): string {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`).join(' ');
}

/** The whole error: it names the limit and quotes nothing. */
function refusedBy(
  limit: keyof typeof defaultOperationLimits,
  allowed = defaultOperationLimits[limit],
): OperationResult {
  return {
    errors: [
      {
        message: expect.stringMatching(
          new RegExp(
            `^The operation is too complex: expected at most ${allowed} [a-z ,]+, found more than ${allowed}\\.(?: Lists within lists .+\\.)?$`,
          ),
        ),
        extensions: expect.objectContaining({ code: 'OPERATION_TOO_COMPLEX', limit, allowed, retryable: false }),
      },
    ],
  };
}

test('Over HTTP a caller without points gets 429 with Retry-After', async () => {
  const { url, ask } = await startGateway({ WAYBILL_MAX_COST_PER_MINUTE: '1' });
  await ask('{ __typename }');
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' });
  expect(response.status).toBe(429);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(codesOf((await response.json()) as OperationResult)).toEqual(['RATE_LIMITED']);
});

test.each([
  ['application/graphql-response+json', 400],
  ['application/json', 200],
])('With %s a refusal has the status of an invalid document', async (accept, status) => {
  const { url } = await start();
  const headers = { 'content-type': 'application/json', accept };
  for (const query of [
    '{ a { b { c { d { e { f { g { h { i } } } } } } } } }',
    `{ ${[1, 2, 3, 4, 5].map((n) => `a${n}: jobs(first: 200) { nodes { id } edges { node { id } } }`).join(' ')} }`,
  ]) {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    expect([response.status, codesOf((await response.json()) as OperationResult)]).toEqual([
      status,
      ['OPERATION_TOO_COMPLEX'],
    ]);
  }
});

test('A result with data keeps all its errors', () => {
  const errors = Array.from({ length: 50 }, () => new GraphQLError('failed'));
  expect(withCappedErrors({ data: { jobs: null }, errors }).errors).toHaveLength(50);
  expect(withCappedErrors({ data: null, errors }).errors).toHaveLength(50);
  expect(withCappedErrors({ errors }).errors).toHaveLength(10);
});
