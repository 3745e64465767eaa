/** GET and other methods, CORS, `Accept`, and headers that claim an identity. */
import { expect, test } from 'vitest';
import { acceptedJson } from '../../support/accepted-json.ts';
import { startGateway } from '../../support/gateway.ts';
import { exchange, requestBytes } from '../../support/raw-http.ts';
import { oneToken, tokensFor } from '../../support/token-file.ts';
import { callsOf } from '../../support/transports.ts';

const csrf = { 'x-graphql-yoga-csrf': '1' };
const jobs = '{ jobs(first: 1) { nodes { id } } }';
const page = 'https://app.example';

async function start(env: Readonly<Record<string, string>> = {}) {
  const { env: tokens, token } = await oneToken();
  const gateway = await startGateway({ ...tokens, ...env });
  await gateway.emulator.forgetRequests();
  const authorization = `Bearer ${token}`;
  const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}?${new URLSearchParams(parameters)}`, {
      headers: { accept: acceptedJson, authorization, ...headers },
    });
  return { ...gateway, token, authorization, get, calls: () => callsOf(gateway) };
}

test('a query by GET with the CSRF header has the same answer as by POST', async () => {
  const { get, calls } = await start();
  const response = await get({ query: jobs }, csrf);
  expect([response.status, await response.json()]).toEqual([200, { data: { jobs: { nodes: [expect.anything()] } } }]);
  expect(await calls()).toBeGreaterThan(0);
});

test('a query by GET has the same limits as by POST', async () => {
  const { get, calls, url } = await start();
  const deep = `${'{ a '.repeat(9)}${'}'.repeat(9)}`;
  const answer = (await (await get({ query: deep }, csrf)).json()) as { errors: { extensions: object }[] };
  expect(answer.errors[0]?.extensions).toMatchObject({ code: 'OPERATION_TOO_COMPLEX', limit: 'depth' });
  const nobody = await fetch(`${url}?${new URLSearchParams({ query: jobs })}`, { headers: csrf });
  expect([nobody.status, await calls()]).toEqual([401, 0]);
});

test('without the CSRF header a query by GET is answered 403, and no service is called', async () => {
  const { get, calls } = await start();
  const response = await get({ query: jobs });
  expect([response.status, await calls()]).toEqual([403, 0]);
});

test.each<[string, Record<string, string>]>([
  ["Apollo's header", { 'apollo-require-preflight': 'true' }],
  ['JSON as the Content-Type, as Apollo Client sends it', { 'content-type': 'application/json' }],
  ['the Origin of an allowed page, as urql there', { origin: page }],
])('a query by GET with %s is answered', async (_title, headers) => {
  const { get } = await start({ WAYBILL_ALLOWED_ORIGINS: `https://other.example,${page}` });
  const response = await get({ query: jobs }, headers);
  expect([response.status, await response.json()]).toEqual([200, { data: { jobs: { nodes: [expect.anything()] } } }]);
  expect(response.headers.get('access-control-allow-origin')).toBe(headers['origin'] ?? null);
});

test.each([
  'text/plain',
  'text/plain; x=application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=application/json',
  'application/json, text/plain',
])('a query by GET with the Content-Type %s, which a foreign page could send, is answered 403', async (type) => {
  const { get, calls } = await start({ WAYBILL_ALLOWED_ORIGINS: page });
  const response = await get({ query: jobs }, { 'content-type': type });
  expect([response.status, await calls()]).toEqual([403, 0]);
});

test('with GET switched off every operation by GET is answered 405 with Allow: POST', async () => {
  const { get, calls, url, authorization } = await start({ WAYBILL_GET: 'off', WAYBILL_ALLOWED_ORIGINS: page });
  for (const headers of [csrf, {}]) {
    for (const parameters of [{ query: jobs }, { query: '{ __typename }', variables: '{x' }]) {
      const response = await get({ ...parameters }, headers);
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
      expect(await response.json()).toEqual({ errors: [expect.anything()] });
    }
  }
  expect(await calls()).toBe(0);
  const preflight = { origin: page, 'access-control-request-method': 'GET' };
  const { headers } = await fetch(url, { method: 'OPTIONS', headers: preflight });
  expect(headers.get('access-control-allow-methods')).toBe('POST');
  const body = JSON.stringify({ query: jobs });
  const posted = await fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body,
  });
  expect(await posted.json()).toEqual({ data: { jobs: { nodes: [expect.anything()] } } });
});

test('with GET switched off for operations a browser still gets GraphiQL', async () => {
  const { url } = await startGateway({ WAYBILL_GET: 'off' });
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('GraphiQL')]);
});

test.each([
  'mutation { cancelJob(id: "x") { job { id } } }',
  'subscription { jobActivity { ... on JobStateChange { state } } }',
  'query A { __typename } mutation B { cancelJob(id: "x") { job { id } } }',
])('%s by GET is answered 405, and no service is called', async (query) => {
  const { get, calls } = await start();
  for (const accept of ['application/json', 'text/event-stream']) {
    const operationName = query.startsWith('query A') ? { operationName: 'B' } : undefined;
    const response = await get({ query, ...operationName }, { ...csrf, accept });
    await response.text();
    expect([accept, response.status]).toEqual([accept, 405]);
  }
  expect(await calls()).toBe(0);
});

test.each([{ variables: '{x' }, { extensions: '{x' }, { variables: '[]' }, { variables: '"x"' }, { extensions: '5' }])(
  'GET with %j is answered 400',
  async (parameters) => {
    const { get, complaints } = await start();
    const response = await get({ query: '{ __typename }', ...(parameters as Record<string, string>) }, csrf);
    expect([response.status, await response.json()]).toEqual([400, { errors: [expect.anything()] }]);
    expect(complaints).toEqual([]);
  },
);

test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'HEAD', 'OPTIONS', 'PROPFIND'])(
  '%s is answered 405 or 204, and nothing runs',
  async (method) => {
    const { url, authorization, calls, complaints } = await start();
    const headers = ['Content-Type: application/json', `Authorization: ${authorization}`, 'X-GraphQL-Yoga-CSRF: 1'];
    const body = method === 'HEAD' ? '' : JSON.stringify({ query: jobs });
    for (const target of ['/graphql', `/graphql?query=${encodeURIComponent(jobs)}`]) {
      const answer = await exchange(url, requestBytes(url, { method, target, headers, body }));
      expect([target, /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]]).toEqual([target, expect.stringMatching(/^(405|204)$/)]);
    }
    expect([await calls(), complaints]).toEqual([0, []]);
  },
);

const disallowed = [
  'https://evil.example',
  'null',
  'https://app.example.evil',
  'http://app.example',
  'https://app.example.',
  'https://APP.example',
  'https://app.example:8443',
  'https://evil.example, https://app.example',
];

test.each(['', ...disallowed])(
  'a query by GET with the Origin %j, which is not allowed, is answered 403',
  async (origin) => {
    const { get, calls } = await start({ WAYBILL_ALLOWED_ORIGINS: page });
    const response = await get({ query: jobs }, { origin, 'sec-fetch-site': 'cross-site' });
    expect([response.status, await calls()]).toEqual([403, 0]);
  },
);

test('an allowed origin changes nothing for mutations by GET', async () => {
  const { get, calls } = await start({ WAYBILL_ALLOWED_ORIGINS: page });
  const response = await get({ query: 'mutation { cancelJob(id: "x") { job { id } } }' }, { origin: page });
  expect([response.status, await calls()]).toEqual([405, 0]);
});

const allowedOrigins = ['https://app.example', 'https://app.example,https://other.example'];

test.each(disallowed.flatMap((origin) => allowedOrigins.map((allowed) => [origin, allowed] as const)))(
  'no response allows the origin %s if %s is allowed',
  async (origin, allowedHere) => {
    const { url, authorization } = await start({ WAYBILL_ALLOWED_ORIGINS: allowedHere });
    const headers = { origin, authorization, 'content-type': 'application/json' };
    const preflight = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const answers = [
      await fetch(url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' }),
      await fetch(url, { method: 'POST', headers: { ...headers, authorization: 'x' }, body: '{}' }),
      await fetch(url, { method: 'OPTIONS', headers: preflight }),
      await fetch(`${url}?query={__typename}`, { headers: { ...headers, ...csrf } }),
    ];
    for (const answer of answers) {
      const allowed = answer.headers.get('access-control-allow-origin');
      expect(allowed).toBeNull();
      expect(answer.headers.get('access-control-allow-credentials')).not.toBe('true');
    }
  },
);

test('no origin is allowed if none is configured', async () => {
  const { url, authorization } = await start();
  for (const origin of ['https://app.example', 'null']) {
    const headers = { origin, authorization, 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  }
});

async function preflight(url: string, origin: string, requested?: string): Promise<Headers> {
  const asked = requested === undefined ? {} : { 'access-control-request-headers': requested };
  const headers = { origin, 'access-control-request-method': 'PURGE', ...asked };
  const response = await fetch(url, { method: 'OPTIONS', headers });
  expect([response.status, await response.text()]).toEqual([204, '']);
  return response.headers;
}

const read = 'authorization, content-type, x-graphql-yoga-csrf, apollo-require-preflight, last-event-id';

test.each([
  ['those that tools add', 'traceparent,x-request-id', `${read}, traceparent, x-request-id`],
  ['with spaces and capitals', 'Apollographql-Client-Name, Authorization', `${read}, apollographql-client-name`],
  ['none', undefined, read],
  ['an empty list', '', read],
  ['what is no list of headers', 'x a', read],
  ['a list with an empty name', 'a,,b', read],
  ['a list of 1,024 characters', 'a'.repeat(1_024), `${read}, ${'a'.repeat(1_024)}`],
  ['a list of 1,025 characters', 'a'.repeat(1_025), read],
])(
  'a preflight of an allowed origin for %s is answered with the headers that may be sent, the supported methods and how long both hold',
  async (_title, requested, allowed) => {
    const { url, calls } = await start({ WAYBILL_ALLOWED_ORIGINS: page });
    const headers = await preflight(url, page, requested);
    expect(headers.get('access-control-allow-headers')).toBe(allowed);
    expect(headers.get('access-control-allow-origin')).toBe(page);
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(headers.get('access-control-max-age')).toBe('7200');
    expect(headers.get('vary')?.toLowerCase()).toContain('origin');
    expect(await calls()).toBe(0);
  },
);

test.each(disallowed)('a preflight of the origin %s, which is not allowed, gets no CORS header', async (origin) => {
  const { url } = await start({ WAYBILL_ALLOWED_ORIGINS: page });
  const headers = await preflight(url, origin, 'traceparent');
  expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test.each(['text/html', 'image/png', '*/*;q=0', 'text/html,*/*;q=0.1', 'application/json;q=0'])(
  'a client that accepts %s gets JSON or 406, and never a page',
  async (accept) => {
    const { url, authorization, complaints } = await start({ WAYBILL_GRAPHIQL: 'off' });
    const headers = { accept, authorization, ...csrf, 'content-type': 'application/json' };
    for (const response of [
      await fetch(url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' }),
      await fetch(`${url}?query={__typename}`, { headers }),
      await fetch(url, { headers: { accept } }),
    ]) {
      const text = await response.text();
      expect(text).not.toMatch(/<!doctype|<html/i);
      const isJson = /^application\/(graphql-response\+)?json/.test(response.headers.get('content-type') ?? '');
      expect([accept, response.status, isJson || response.status === 406]).toEqual([accept, response.status, true]);
      expect(response.status).toBeLessThan(500);
    }
    expect(complaints).toEqual([]);
  },
);

test('the caller is the owner of the token, whatever other headers claim', async () => {
  const { env, tokenOf } = await tokensFor({ reader: ['jobs:read'], other: ['jobs:read'] });
  const { url } = await startGateway({ ...env, WAYBILL_MAX_COST_PER_MINUTE: '1' });
  const statusFor = async (headers: Record<string, string>) => {
    const all = { 'content-type': 'application/json', authorization: `Bearer ${tokenOf.reader}`, ...headers };
    return (await fetch(url, { method: 'POST', headers: all, body: '{"query":"{ __typename }"}' })).status;
  };
  expect(await statusFor({})).toBe(200);
  for (const claim of [
    'X-User-Id',
    'X-Forwarded-User',
    'X-Forwarded-For',
    'Forwarded',
    'X-Real-IP',
    'X-Forwarded-Proto',
  ])
    expect([claim, await statusFor({ [claim]: 'other' })]).toEqual([claim, 429]);
  expect(await statusFor({ authorization: `Bearer ${tokenOf.other}` })).toBe(200);
});

test('failed authentications are counted by the address of the connection, not by one that a header claims', {
  timeout: 60_000,
}, async () => {
  const { url } = await start();
  const statuses: number[] = [];
  let last = '';
  for (let attempt = 0; attempt <= 1_000; attempt += 1) {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': `10.0.${attempt >> 8}.${attempt & 255}` };
    const response = await fetch(url, { method: 'POST', headers, body: '{}' });
    last = await response.text();
    statuses.push(response.status);
  }
  expect([statuses[0], statuses[999], statuses[1_000]]).toEqual([401, 401, 429]);
  expect(last).toContain('Too many authentications of this address have failed');
});

test('no response contains a host that a header claims', async () => {
  const { url, authorization } = await start();
  const headers = [`Authorization: ${authorization}`, 'X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https'];
  for (const target of ['/', '/nope', '/graphql'])
    expect(await exchange(url, requestBytes(url, { method: 'GET', target, headers }))).not.toContain('evil.example');
});

test('without authentication a request with a foreign Host is answered 421', async () => {
  const { url } = await startGateway();
  const { pathname } = new URL(url);
  const bytes = (host: string) => `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil.example:4000'])
    expect([host, await exchange(url, bytes(host))]).toEqual([host, expect.stringMatching(/^HTTP\/1\.1 421 /)]);
});
