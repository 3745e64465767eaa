/** Request bodies that are empty, too large, malformed, or in a form other than JSON. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { acceptedJson } from '../../support/accepted-json.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { exchange, openConnection, requestBytes } from '../../support/raw-http.ts';
import { oneToken } from '../../support/token-file.ts';
import { callsOf } from '../../support/transports.ts';

const mutation = 'mutation { cancelJob(id: "x") { job { id } } }';

interface Sent {
  readonly gateway: TestGateway;
  readonly post: (body: string | Buffer | null, headers?: Record<string, string>) => Promise<Response>;
}

/** A gateway with authentication, and a caller with every scope. */
async function start(): Promise<Sent> {
  const { env, token } = await oneToken();
  const gateway = await startGateway(env);
  await gateway.emulator.forgetRequests();
  const authorization = `Bearer ${token}`;
  const post: Sent['post'] = (body, headers = { 'content-type': 'application/json' }) =>
    fetch(gateway.url, {
      method: 'POST',
      headers: { accept: acceptedJson, authorization, ...headers },
      // A string would bring a Content-Type of its own.
      body: body === null ? null : new Uint8Array(Buffer.from(body)),
    });
  return { gateway, post };
}

/** Checks that the response is a JSON error, that no service was called, and that nothing was logged as unexpected. */
async function expectRefused({ gateway }: Sent, response: Response, status: number): Promise<void> {
  expect([response.status, await response.json()]).toEqual([status, { errors: [expect.anything()] }]);
  expect([await callsOf(gateway), gateway.complaints]).toEqual([0, []]);
}

test.each(['', ' ', '\n'])('an empty body %j is answered 400 in JSON', async (body) => {
  const sent = await start();
  await expectRefused(sent, await sent.post(body), 400);
});

test.each(['null', '"x"', '[]', '1', '{}'])('the body %s is answered 400', async (body) => {
  const sent = await start();
  await expectRefused(sent, await sent.post(body), 400);
});

describe.each([
  ['declared', (body: string) => ({ head: `Content-Length: ${body.length}`, bytes: '' })],
  [
    'chunked',
    (body: string) => ({ head: 'Transfer-Encoding: chunked', bytes: `${body.length.toString(16)}\r\n${body}\r\n` }),
  ],
] as const)('of 1,048,577 bytes, %s', (_title, form) => {
  test('a body is answered 413 before more of it is read, and its connection is closed', async () => {
    const { env, token } = await oneToken();
    const { url, complaints } = await startGateway(env);
    const { head, bytes } = form(`{"query":"${' '.repeat(1_048_577 - 12)}"}`);
    const headers = ['Content-Type: application/json', `Authorization: Bearer ${token}`, head];
    const answer = await exchange(url, Buffer.concat([requestBytes(url, { headers }), Buffer.from(bytes)]));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(complaints).toEqual([]);
  });
});

test('a body of 1,048,576 bytes is read', async () => {
  const { post } = await start();
  const frame = '{"query":"{ __typename }"}';
  expect(await (await post(`${' '.repeat(1_048_576 - frame.length)}${frame}`)).json()).toEqual({
    data: { __typename: 'Query' },
  });
});

test('of a chunked body of 10 MB the gateway reads no more than the limit and the buffers of the socket', async () => {
  const { env, token } = await oneToken();
  const { url, complaints } = await startGateway(env);
  const connection = await openConnection(url);
  const { socket, closed } = connection;
  const headers = ['Content-Type: application/json', `Authorization: Bearer ${token}`, 'Transfer-Encoding: chunked'];
  const read = bytesReadAt();
  socket.write(requestBytes(url, { headers }));
  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
  for (let sent = 0; sent < 640 && !socket.destroyed; sent += 1) {
    socket.write(chunk);
    await new Promise(setImmediate);
  }
  await closed;
  expect(connection.status()).toBe(413);
  expect(read()).toBeLessThan(1_048_576 + 262_144);
  expect(complaints).toEqual([]);
});

/** The number of bytes that the gateway, which runs in this process, has read from the last connection with a request. */
function bytesReadAt(): () => number | undefined {
  let socket: Socket | undefined;
  const remember = (message: unknown): void => {
    ({ socket } = message as { readonly socket: Socket });
  };
  subscribe('http.server.request.start', remember);
  onTestFinished(() => void unsubscribe('http.server.request.start', remember));
  return () => socket?.bytesRead;
}

test.each([
  ['application/x-www-form-urlencoded', `query=${encodeURIComponent(mutation)}`],
  ['application/x-www-form-urlencoded; charset=utf-8', `query=${encodeURIComponent(mutation)}`],
])('a mutation as %s is answered 415', async (type, body) => {
  const sent = await start();
  await expectRefused(sent, await sent.post(body, { 'content-type': type }), 415);
});

test.each(['__proto__.x', 'constructor.prototype.x', 'variables.__proto__.polluted'])(
  'a mutation as multipart with the map %s is answered 415, and no object is changed',
  async (path) => {
    const sent = await start();
    const form = new FormData();
    form.set('operations', JSON.stringify({ query: mutation, variables: { file: null } }));
    form.set('map', JSON.stringify({ 0: [path] }));
    form.set('0', new Blob(['polluted']), 'x');
    const encoded = new Response(form);
    const type = encoded.headers.get('content-type') ?? '';
    const body = Buffer.from(await encoded.arrayBuffer());
    await expectRefused(sent, await sent.post(body, { 'content-type': type }), 415);
    expect([Object.keys(Object.prototype), 'x' in {}, 'polluted' in {}]).toEqual([[], false, false]);
    expect(await (await sent.post('{"query":"{ __typename }"}')).json()).toEqual({ data: { __typename: 'Query' } });
  },
);

test.each([
  ['text/plain', { 'content-type': 'text/plain' }],
  ['text/plain that ends like JSON', { 'content-type': 'text/plain;application/json' }],
  ['application/graphql', { 'content-type': 'application/graphql' }],
  ['application/json-patch+json', { 'content-type': 'application/json-patch+json' }],
  ['no type', {}],
])('JSON as %s is answered 415', async (_title, headers) => {
  const sent = await start();
  await expectRefused(sent, await sent.post(JSON.stringify({ query: mutation }), headers), 415);
});

test('JSON with a charset is JSON', async () => {
  const { post } = await start();
  const type = 'application/json; charset=utf-8';
  expect((await post('{"query":"{ __typename }"}', { 'content-type': type })).status).toBe(200);
});

test.each([
  ['a query that is a number', { query: 5 }],
  ['a query that is a list', { query: ['{ __typename }'] }],
  ['a query that is an object', { query: {} }],
  ['variables that are a list', { query: '{ __typename }', variables: [] }],
  ['variables that are a string', { query: '{ __typename }', variables: '{}' }],
  ['variables that are a number', { query: '{ __typename }', variables: 0 }],
  ['extensions that are a list', { query: '{ __typename }', extensions: [] }],
  ['extensions that are a string', { query: '{ __typename }', extensions: 'x' }],
  ['an operationName that is a number', { query: '{ __typename }', operationName: 5 }],
  ['an operationName that is an object', { query: '{ __typename }', operationName: {} }],
])('a request with %s is answered 400', async (_title, body) => {
  const sent = await start();
  await expectRefused(sent, await sent.post(JSON.stringify(body)), 400);
});

test.each([{ foo: 1 }, { foo: { bar: null } }, { __proto__x: 1 }])(
  'a request with the member %j is answered 400',
  async (more) => {
    const sent = await start();
    await expectRefused(sent, await sent.post(JSON.stringify({ query: '{ __typename }', ...more })), 400);
  },
);
