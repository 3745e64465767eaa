import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { acceptedJson } from '../../support/accepted-json.ts';
import { startGateway } from '../../support/gateway.ts';

/** Sends raw bytes and resolves to everything received until the connection closes. */
async function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

const handshake = (target: string, headers = '') =>
  `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`;

test.each(['//', '///', '//a:99999/graphql', '/nope', '*'])(
  'a handshake at %s is refused, and other requests are answered',
  async (target) => {
    const { url, ask } = await startGateway();
    expect(await raw(url, handshake(target))).toMatch(/^HTTP\/1.1 (400|404) /);
    expect(await ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  },
);

test('after peers reset refused handshakes other requests are answered', async () => {
  const { url, ask } = await startGateway();
  const { hostname, port } = new URL(url);
  for (let peer = 0; peer < 100; peer += 1) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(handshake('/nope'));
    if (peer % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.resetAndDestroy();
  }
  expect(await ask('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
});

test.each([
  ['http://evil.example', 403],
  ['https://app.example.com', 101],
  ['null', 403],
])('a WebSocket handshake from a page of %s is answered %i', async (origin, status) => {
  const { url } = await startGateway({ WAYBILL_ALLOWED_ORIGINS: 'https://app.example.com' });
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { origin });
  const answered = new Promise((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('error', (error) => resolve(Number(/\d{3}$/.exec(error.message)?.[0])));
  });
  expect(await answered).toBe(status);
  socket.terminate();
});

test('a peer that does not answer the close frame delays the shutdown by less than 9 s', async () => {
  const { url, close } = await startGateway();
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(handshake('/graphql', 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n'));
  await once(socket, 'data');
  // Reads everything and answers nothing.
  socket.resume();
  const closing = close().then(() => 'closed');
  expect(await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, 9_000, 'hung'))])).toBe('closed');
});

test('a malformed Host is answered 400, without a path of the program', async () => {
  const { url } = await startGateway();
  const answer = await raw(url, 'GET /graphql HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).not.toContain('node_modules');
});

test.each([
  ['application/x-www-form-urlencoded', 'query=%7B__typename%7D', 415],
  ['text/plain', '{"query":"{__typename}"}', 415],
  ['application/json', 'trueCryptPassword: hunter2', 400],
  ['application/json', '{"query": "mutation { pinCode: 4711', 400],
  ['application/json', '{}', 400],
  ['application/json', '[]', 400],
  ['application/json', '{"query": null}', 400],
  ['application/json', '', 400],
])('a body of type %s that reads %s is answered %#', async (contentType, body, status) => {
  const { url, complaints } = await startGateway();
  const headers = { 'content-type': contentType, accept: acceptedJson };
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  expect([response.status, JSON.parse(text)]).toEqual([status, { errors: [expect.anything()] }]);
  expect(text).not.toMatch(/hunter2|4711/);
  expect(complaints).toEqual([]);
});

test.each([
  ['query={__typename}', 200],
  ['query={__typename}&variables=%7Bx', 400],
  ['query=mutation{cancelJob(id:"x"){job{id}}}', 405],
  ['query=subscription{jobActivity{ ... on JobStateChange { state } }}', 405],
])('GET of %s is answered %i and calls no service', async (query, status) => {
  const { url, emulator } = await startGateway();
  await emulator.forgetRequests();
  const headers = { accept: 'image/avif,image/webp,*/*;q=0.8', 'x-graphql-yoga-csrf': '1' };
  const response = await fetch(`${url}?${query}`, { headers });
  await response.text();
  expect(response.status).toBe(status);
  expect(await emulator.requests()).toEqual({});
});

test('an idle connection outlives the 60 s for which load balancers keep theirs', async () => {
  const { url } = await startGateway();
  for (const target of ['/livez', '/graphql?query={__typename}']) {
    const seconds = /^timeout=(\d+)$/.exec((await fetch(new URL(target, url))).headers.get('keep-alive') ?? '')?.[1];
    expect(Number(seconds)).toBeGreaterThan(60);
  }
});

test('CORS allows only the configured origins', async () => {
  const { url } = await startGateway({ WAYBILL_ALLOWED_ORIGINS: 'https://app.example.com' });
  const allowed = async (origin: string) => {
    const headers = { origin, 'access-control-request-method': 'POST' };
    const response = await fetch(url, { method: 'OPTIONS', headers });
    return response.headers.get('access-control-allow-origin');
  };
  expect(await allowed('https://app.example.com')).toBe('https://app.example.com');
  expect(await allowed('https://evil.example')).not.toBe('https://evil.example');
});

test('/livez and /readyz answer 200, and / redirects to GraphiQL', async () => {
  const { url } = await startGateway();
  const origin = new URL(url).origin;
  const status = async (path: string) => (await fetch(`${origin}${path}`, { redirect: 'manual' })).status;
  expect(await Promise.all(['/livez', '/livez?x=1', '/readyz', '/', '/health'].map(status))).toEqual([
    200, 200, 200, 302, 404,
  ]);
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('createImportExportJob');
});
