import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { Unauthenticated } from '../../../src/identity/authenticator.ts';
import {
  authorizationFromPayload,
  authorizationFromRequest,
  bearerTokenFrom,
} from '../../../src/identity/authorization.ts';

function refusalOf(authorization: string | undefined): string {
  try {
    return `accepted ${bearerTokenFrom(authorization)}`;
  } catch (error) {
    expect(error).toBeInstanceOf(Unauthenticated);
    return error instanceof Unauthenticated ? `${error.reason}: ${error.message}` : 'another error';
  }
}

test.each(['Bearer a.b-c_d~e+f/g==', 'bearer a.b-c_d~e+f/g==', 'BEARER   a.b-c_d~e+f/g=='])(
  'the scheme of %s is accepted',
  (authorization) => {
    expect(bearerTokenFrom(authorization)).toBe('a.b-c_d~e+f/g==');
  },
);

test.each([
  '',
  ' ',
  'Bearer',
  'Bearer ',
  'Bearer a b',
  'Bearer a, Bearer b',
  'Bearer\ta',
  'Bearer a\n',
  'Bearer =',
  'Bearer ä',
  ' Bearer a',
  'Bearera',
  'Basic YTpi',
  'Token a',
  'a',
  `Bearer ${'a'.repeat(8_192)}`,
])('%j is malformed, and the refusal does not repeat it', (authorization) => {
  expect(refusalOf(authorization)).toBe('malformed: Expected a valid bearer token.');
});

test('a missing header has another reason than a malformed one', () => {
  expect(refusalOf(undefined)).toBe('missing: Expected a valid bearer token.');
});

test('a token of nearly 8 kB is accepted', () => {
  const token = 'a'.repeat(8_192 - 'Bearer '.length);
  expect(bearerTokenFrom(`Bearer ${token}`)).toBe(token);
});

test.each([
  { payload: { authorization: 'Bearer a' }, found: 'Bearer a' },
  { payload: { Authorization: 'Bearer a' }, found: 'Bearer a' },
  { payload: { authorization: 'Bearer a', Authorization: 'Bearer b' }, found: 'Bearer a, Bearer b' },
  { payload: JSON.parse('{"__proto__": {"authorization": "Bearer a"}}'), found: undefined },
  { payload: JSON.parse('{"constructor": {"prototype": {"authorization": "Bearer a"}}}'), found: undefined },
  { payload: Object.create({ authorization: 'Bearer a' }), found: undefined },
  { payload: { headers: { authorization: 'Bearer a' }, token: 'a', cookie: 'session=a' }, found: undefined },
  { payload: { authorization: ['Bearer a'] }, found: undefined },
  { payload: { authorization: { toString: 'Bearer a' } }, found: undefined },
  { payload: { authorization: 1 }, found: undefined },
  { payload: ['authorization', 'Bearer a'], found: undefined },
  { payload: 'Bearer a', found: undefined },
  { payload: null, found: undefined },
  { payload: undefined, found: undefined },
])('from the payload $payload the authorization $found is read', ({ payload, found }) => {
  expect(authorizationFromPayload(payload)).toBe(found);
});

test('two Authorization headers in one request are one malformed header, not the first of them', async () => {
  const received: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    received.push(authorizationFromRequest(request));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const lines = ['GET /?access_token=c HTTP/1.1', 'Host: a', 'Cookie: authorization=Bearer%20c', 'Connection: close'];
  socket.write([...lines, 'Authorization: Bearer a', 'authorization: Bearer b', '', ''].join('\r\n'));
  await once(socket.resume(), 'close');
  server.close();
  expect(received).toEqual(['Bearer a, Bearer b']);
  expect(refusalOf(received[0])).toBe('malformed: Expected a valid bearer token.');
});
