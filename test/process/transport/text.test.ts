/** Malformed text, and text that hardly any client sends. */
import { expect, test } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { startGateway } from '../../support/gateway.ts';
import { complaintsIn } from '../../support/log-lines.ts';

const before = Buffer.from('{"query":"query($n: String!) { __type(name: $n) { name } }","variables":{"n":"');
const after = Buffer.from('"}}');

/** Each goes into a string of the body, byte for byte. */
const strings: readonly (readonly [string, Buffer])[] = [
  ['half of a surrogate pair', Buffer.from('\\ud800')],
  ['the other half', Buffer.from('\\udc00x')],
  ['NUL, escaped', Buffer.from('\\u0000')],
  ['NUL', Buffer.from([0])],
  ['a line feed', Buffer.from('\n')],
  ['a line feed, escaped', Buffer.from('x\\nwaybill: forged')],
  ['an overlong form of /', Buffer.from([0xc0, 0xaf])],
  ['half of a surrogate pair in UTF-8', Buffer.from([0xed, 0xa0, 0x80])],
  ['a byte that begins no character', Buffer.from([0xff])],
  ['a truncated character', Buffer.from([0xe2, 0x82])],
  ['a line separator', Buffer.from('\u2028')],
];

const documents: readonly (readonly [string, Buffer])[] = [
  ['a byte order mark before the body', Buffer.from('\ufeff{"query":"{ __typename }"}')],
  ['a byte order mark before the document', Buffer.from('{"query":"\ufeff{ __typename }"}')],
  ['a body in UTF-16', Buffer.from('{"query":"{ __typename }"}', 'utf16le')],
  ['NUL in the document', Buffer.from('{"query":"{ \\u0000 }"}')],
  ['half of a surrogate pair in the document', Buffer.from('{"query":"{ a(b: \\"\\ud800\\") }"}')],
  ['half of a surrogate pair in a name', Buffer.from('{"query":"{ \\ud800 }"}')],
  ['an escape of an invalid code point', Buffer.from('{"query":"{ a(b: \\"\\\\u{110000}\\") }"}')],
];

const post = (url: string, body: Buffer) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: new Uint8Array(body) });

test.each([...strings.map(([title, bytes]) => [title, Buffer.concat([before, bytes, after])] as const), ...documents])(
  '%s is answered with 200 or 400 in JSON',
  async (_title, body) => {
    const { url, complaints } = await startGateway();
    const response = await post(url, body);
    expect([200, 400]).toContain(response.status);
    expect(await response.json()).toSatisfy((answer: object) => 'data' in answer || 'errors' in answer);
    expect(complaints).toEqual([]);
  },
);

test('the program logs none of them as unexpected', async () => {
  const { url, stderr, stop } = await startChildGateway();
  for (const [, bytes] of strings) await (await post(url, Buffer.concat([before, bytes, after]))).text();
  for (const [, body] of documents) await (await post(url, body)).text();
  expect(await stop()).toEqual({ code: 0, signal: null });
  expect(complaintsIn(stderr())).toEqual([]);
});
