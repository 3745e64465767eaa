/** Every refusal says why in its body: as an error of GraphQL at the endpoint, as text elsewhere. */
import { expect, test } from 'vitest';
import { startGateway } from '../../support/gateway.ts';
import { exchange, requestBytes } from '../../support/raw-http.ts';

const page = 'https://app.example';
const query = '{ __typename }';

async function errorsOf(response: Response): Promise<unknown> {
  expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/);
  return [response.status, await response.json()];
}

const withCode = (code: string, message: string | RegExp) => ({
  errors: [{ message: expect.stringMatching(message), extensions: { code } }],
});

test('a GET that a foreign page could send is answered 403 with an error', async () => {
  const { url } = await startGateway();
  for (const accept of ['application/json', 'application/graphql-response+json', '*/*', 'image/png, */*;q=0.8']) {
    const response = await fetch(`${url}?${new URLSearchParams({ query })}`, { headers: { accept } });
    expect(await errorsOf(response)).toEqual([403, withCode('BAD_REQUEST', /^Send the query by POST/)]);
  }
});

test.each(['image/png', 'text/html', 'application/xml, text/plain', 'application/json; charset=utf-16'])(
  'a client that accepts only %s is answered 406 with an error in JSON, whatever it sends',
  async (accept) => {
    const { url, complaints } = await startGateway({ WAYBILL_GRAPHIQL: 'off', WAYBILL_ALLOWED_ORIGINS: page });
    const headers = { accept, 'content-type': 'application/json', origin: page };
    for (const sent of [{ query }, { query: '{' }, { query: 'subscription { jobActivity { __typename } }' }, {}]) {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(sent) });
      expect(response.headers.get('access-control-allow-origin')).toBe(page);
      expect(await errorsOf(response)).toEqual([
        406,
        withCode('BAD_REQUEST', /^Accept: expected .*text\/event-stream/),
      ]);
    }
    const got = await fetch(`${url}?${new URLSearchParams({ query })}`, { headers });
    expect(await errorsOf(got)).toEqual([406, withCode('BAD_REQUEST', /^Accept: expected application\/json/)]);
    expect(complaints).toEqual([]);
  },
);

test.each(['application/json', 'application/json, text/event-stream'])(
  'a body that is too large, from a client that accepts %s, is answered 413 with an error',
  async (accept) => {
    const { url } = await startGateway({ WAYBILL_MAX_BODY_BYTES: '65536', WAYBILL_ALLOWED_ORIGINS: page });
    const headers = { accept, 'content-type': 'application/json', origin: page };
    const body = JSON.stringify({ query: `${query} # ${'x'.repeat(65_536)}` });
    const response = await fetch(url, { method: 'POST', headers, body });
    expect(response.headers.get('access-control-allow-origin')).toBe(page);
    expect(await errorsOf(response)).toEqual([413, withCode('REQUEST_ENTITY_TOO_LARGE', /./)]);
  },
);

test('a client that accepts only a stream gets 403 and 413 as an event', async () => {
  const { url } = await startGateway({ WAYBILL_MAX_BODY_BYTES: '65536' });
  const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
  const body = JSON.stringify({ query: `${query} # ${'x'.repeat(65_536)}` });
  const large = await fetch(url, { method: 'POST', headers, body });
  expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('REQUEST_ENTITY_TOO_LARGE')]);
  const got = await fetch(`${url}?${new URLSearchParams({ query })}`, { headers: { accept: 'text/event-stream' } });
  expect([got.status, await got.text()]).toEqual([403, expect.stringContaining('"code":"BAD_REQUEST"')]);
});

const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);

test('a foreign Host is answered 421: with an error at the endpoint, with text elsewhere', async () => {
  const { url } = await startGateway();
  const answerTo = (method: string, target: string) => {
    const bytes = requestBytes(url, { method, target })
      .toString()
      .replace(/Host: .*/, 'Host: evil.example');
    return exchange(url, bytes);
  };
  for (const method of ['GET', 'POST']) {
    const answer = await answerTo(method, '/graphql?x');
    expect(answer).toMatch(/^HTTP\/1\.1 421 [\s\S]*content-type: application\/json; charset=utf-8/i);
    expect(answer).toContain(
      '{"errors":[{"message":"Expected a loopback Host.","extensions":{"code":"BAD_REQUEST"}}]}',
    );
  }
  for (const target of ['/', '/livez', '/nope'])
    expect(bodyOf(await answerTo('GET', target))).toContain('Expected a loopback Host.\n');
});

const handshake = [
  ...['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
  ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Protocol: graphql-transport-ws'],
];

test.each<[number, string, (lines: string) => string]>([
  [
    403,
    "Origin: expected the gateway's own or one of",
    (lines) => lines.replace('\r\n', '\r\nOrigin: https://evil.example\r\n'),
  ],
  [404, 'WebSockets are served at /graphql.', (lines) => lines.replace('/graphql', '/nope')],
  [421, 'Expected a loopback Host.', (lines) => lines.replace(/Host: .*/, 'Host: evil.example')],
  [426, 'Expected Sec-WebSocket-Version: 13.', (lines) => lines.replace('Version: 13', 'Version: 8')],
])('a handshake is refused with %i and the reason as text', async (status, reason, spoil) => {
  const { url } = await startGateway();
  const bytes = requestBytes(url, { method: 'GET', headers: handshake })
    .toString()
    .replace('Connection: close\r\n', '');
  const answer = await exchange(url, spoil(bytes));
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*Content-Type: text/plain; charset=utf-8`));
  const body = bodyOf(answer);
  expect([body.startsWith(reason), Number(/Content-Length: (\d+)/.exec(answer)?.[1])]).toEqual([true, body.length]);
});
