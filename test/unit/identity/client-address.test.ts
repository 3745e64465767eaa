import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { addressReader, isProxyRange } from '../../../src/identity/client-address.ts';

const from = (peer: string | undefined, forwardedFor?: string): IncomingMessage =>
  ({ headers: { 'x-forwarded-for': forwardedFor }, socket: { remoteAddress: peer } }) as never;

const addressOf = addressReader(['127.0.0.1', '::1', '10.0.0.0/8']);

test.each([
  ['the last address that is not of a proxy', '127.0.0.1', '198.51.100.7', '198.51.100.7'],
  ['not what the client wrote before it', '127.0.0.1', '192.0.2.1, 198.51.100.7', '198.51.100.7'],
  ['past further proxies', '10.1.2.3', '192.0.2.1, 198.51.100.7, 10.0.0.2,127.0.0.1', '198.51.100.7'],
  ['an IPv6 address', '::1', '2001:db8::7', '2001:db8::7'],
  ['from a proxy over IPv4 in IPv6', '::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
  ['the peer, if it is no proxy', '198.51.100.9', '198.51.100.7', '198.51.100.9'],
  ['the peer, without the header', '10.0.0.1', undefined, '10.0.0.1'],
  ['the peer, if the last entry is no address', '10.0.0.1', '198.51.100.7, unknown', '10.0.0.1'],
  ['the peer, if the last entry has a port', '10.0.0.1', '198.51.100.7:4711', '10.0.0.1'],
  ['the peer, if the header is empty', '10.0.0.1', ' , ', '10.0.0.1'],
  ['nothing of a closed socket', undefined, '198.51.100.7', ''],
])('the address is %s', (_, peer, forwardedFor, expected) => {
  expect(addressOf(from(peer, forwardedFor))).toBe(expected);
});

test('without proxies the header says nothing', () => {
  expect(addressReader([])(from('127.0.0.1', '198.51.100.7'))).toBe('127.0.0.1');
});

test('a proxy is an address, a network or the name of one, and never everybody', () => {
  const names = ['10.0.0.1', '10.0.0.0/8', '2001:db8::/32', 'loopback', 'uniquelocal'];
  expect(names.filter((name) => !isProxyRange(name))).toEqual([]);
  const wrong = ['', 'proxy.example', '10.0.0.0/33', '10.0.0', '0.0.0.0/0', '::/0', '*', '10.0.0.1:80', 'toString'];
  expect(wrong.filter(isProxyRange)).toEqual([]);
});
