/** The schema as text, by the rule of introspection. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { startGateway } from '../../support/gateway.ts';
import { startGuarded } from '../../support/guarded-gateway.ts';
import { exchange } from '../../support/raw-http.ts';

const committed = readFileSync(join(import.meta.dirname, '..', '..', '..', 'schema.graphql'), 'utf8');

function requestAt(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return fetch(new URL('/schema.graphql', url), { method, headers });
}

test('everyone who may introspect gets the committed schema, with @oneOf', async () => {
  const { url } = await startGateway();
  const response = await requestAt(url);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  const text = await response.text();
  expect(text).toBe(committed);
  expect(text).toContain('@oneOf');
  expect(buildSchema(text).getSubscriptionType()?.getFields()).toHaveProperty('jobStateChanged');
});

test('the response has the security headers, and a cache asks again each time', async () => {
  const { url } = await startGateway();
  const { headers } = await requestAt(url);
  expect(Object.fromEntries(headers)).toMatchObject({
    'cache-control': 'private, no-cache',
    'content-length': String(Buffer.byteLength(committed)),
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    vary: 'Origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
});

test('a client that has the text gets 304, also of several tags and of a weak one', async () => {
  const { url } = await startGateway();
  const etag = (await requestAt(url)).headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[\w-]{43}"$/);
  for (const tags of [etag, `"other", ${etag}`, `W/${etag}`]) {
    const response = await requestAt(url, { 'if-none-match': tags });
    expect([tags, response.status, await response.text()]).toEqual([tags, 304, '']);
    expect(response.headers.get('etag')).toBe(etag);
  }
  expect((await requestAt(url, { 'if-none-match': '"other"' })).status).toBe(200);
});

test('HEAD has the headers without the text, and other methods get 405', async () => {
  const { url } = await startGateway();
  const head = await requestAt(url, {}, 'HEAD');
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
    200,
    String(Buffer.byteLength(committed)),
    '',
  ]);
  const post = await requestAt(url, {}, 'POST');
  expect([post.status, post.headers.get('allow'), await post.text()]).toEqual([
    405,
    'GET, HEAD',
    'Expected GET or HEAD.\n',
  ]);
});

test.each([
  { introspection: 'everyone', caller: undefined, status: 401, code: 'UNAUTHENTICATED' },
  { introspection: 'everyone', caller: 'reader', status: 200 },
  { introspection: 'scope', caller: undefined, status: 401, code: 'UNAUTHENTICATED' },
  { introspection: 'scope', caller: 'reader', status: 403, code: 'FORBIDDEN' },
  { introspection: 'scope', caller: 'builder', status: 200 },
] as const)(
  'with WAYBILL_INTROSPECTION=$introspection the caller $caller gets $status',
  async ({ introspection, caller, status, ...refusal }) => {
    const gateway = await startGuarded(
      { reader: ['jobs:read', 'jobs:write', 'jobs:secrets'], builder: ['schema:read'] },
      { WAYBILL_INTROSPECTION: introspection },
    );
    const token = caller && { authorization: `Bearer ${gateway.tokenOf(caller)}` };
    const response = await requestAt(gateway.url, token);
    const text = await response.text();
    expect(response.status).toBe(status);
    if (!('code' in refusal)) expect(text).toBe(committed);
    else {
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: refusal.code } }] });
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(text).not.toContain('jobStateChanged');
    }
  },
);

const page = 'https://app.example';

test('a page of an allowed origin can ask with its token, and read the schema or why it is refused', async () => {
  const gateway = await startGuarded(
    { reader: ['jobs:read'], builder: ['schema:read'] },
    { WAYBILL_INTROSPECTION: 'scope', WAYBILL_ALLOWED_ORIGINS: page, WAYBILL_GET: 'off' },
  );
  const preflight = await requestAt(
    gateway.url,
    { origin: page, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization,x-tool' },
    'OPTIONS',
  );
  expect([preflight.status, await preflight.text()]).toEqual([204, '']);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': page,
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': expect.stringMatching(/^authorization, .*, x-tool$/),
    'access-control-max-age': '7200',
    vary: 'Origin',
  });
  for (const [caller, status] of [
    ['builder', 200],
    ['reader', 403],
    [undefined, 401],
  ] as const) {
    const token = caller && { authorization: `Bearer ${gateway.tokenOf(caller)}` };
    const { status: found, headers } = await requestAt(gateway.url, { ...token, origin: page });
    expect([found, headers.get('access-control-allow-origin')]).toEqual([status, page]);
    expect(headers.get('access-control-expose-headers')).toBe('retry-after');
  }
});

test.each(['OPTIONS', 'GET'])('a page of another origin gets no CORS header by %s', async (method) => {
  const { url } = await startGateway({ WAYBILL_ALLOWED_ORIGINS: page });
  const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' };
  const response = await requestAt(url, headers, method);
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test('a gateway without authentication refuses a Host that is not this machine', async () => {
  const { url } = await startGateway();
  const head = 'GET /schema.graphql HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n';
  expect((await exchange(url, head)).slice(0, 12)).toBe('HTTP/1.1 421');
});
