/** Requests are signed exactly as the AWS SDK's signer signs them. */
import { Hash } from '@smithy/hash-node';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHeaderSigner, sha256, type UnsignedRequest } from '../../../../src/backends/calls/sigv4.ts';
import { uriEncoded } from '../../../../src/backends/uri-encoding.ts';
import { countedHmacs } from '../../../support/counted-calls.ts';

const scope = { service: 'dataexchange', region: 'eu-west-1' };
const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const noon = new Date('2026-03-01T12:00:00.500Z');
const request = { method: 'GET', path: '/v1/jobs', query: '', headers: { host: 'h' }, bodyHash: sha256('') };

/** Any text, hostile or not, that a header or a request line can carry in some encoded form. */
const text = fc.string({ unit: fc.oneof(fc.constantFrom(...`/.%+ =&?;:'()*!~"\t\r\n\u00e9\u{1f4a5}`), fc.string()) });
const wellFormed = text.map((value) => Buffer.from(value).toString());

/** The SDK's signer leaves the first out of what it signs, and loses the second. */
const ofNoRequest = new Set(['x-amz-signature', '__proto__']);
const parameters = fc.dictionary(
  wellFormed.filter((name) => !ofNoRequest.has(name.toLowerCase())),
  wellFormed,
);
const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
  fc.constantFrom(
    'host',
    'user-agent',
    'x-amz-user-agent',
    'x-amzn-trace-id',
    'proxy-a',
    'sec-b',
    'te',
    'content-type',
  ),
);
const generated = ['authorization', 'x-amz-date', 'date', 'x-amz-content-sha256', 'x-amz-security-token'];
const credentials = fc.record(
  {
    accessKeyId: fc.stringMatching(/^[A-Z0-9]{1,20}$/),
    secretAccessKey: fc.string({ minLength: 1 }),
    sessionToken: text,
  },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
);
const instants = fc.date({ min: new Date('2010-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

async function bySdk(
  { method, path, headers, bodyHash }: UnsignedRequest,
  query: Readonly<Record<string, string>>,
  credentials: typeof key,
  signingDate: Date,
) {
  const signer = new SignatureV4({ ...scope, credentials, applyChecksum: false, sha256: Hash.bind(null, 'sha256') });
  const ownHeaders = { ...headers, 'x-amz-content-sha256': bodyHash };
  const signed = await signer.sign(new HttpRequest({ method, path, query: { ...query }, headers: ownHeaders }), {
    signingDate,
  });
  return { ...signed.headers };
}

test('The signed headers of any request are those of the SDK', async () => {
  const sign = createHeaderSigner(scope);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST'),
      wellFormed.map((path) => `/${path}`),
      parameters,
      fc.dictionary(
        name.filter((each) => !generated.includes(each)),
        text,
      ),
      credentials,
      instants,
      async (method, path, query, headers, anyKey, at) => {
        const bodyHash = sha256(path);
        const sorted = Object.entries(query)
          .map(([each, value]) => [uriEncoded(each), uriEncoded(value)])
          .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
        const unsigned = {
          method,
          path,
          query: sorted.map((pair) => pair.join('=')).join('&'),
          headers: { ...headers, 'x-amz-content-sha256': bodyHash },
          bodyHash,
        };
        expect({ ...sign(unsigned, anyKey, at) }).toEqual(await bySdk(unsigned, query, anyKey, at));
      },
    ),
    { numRuns: 300 },
  );
});

test('A request of the same day, secret and scope takes one HMAC, in any session', () => {
  const hmacs = countedHmacs();
  const sign = createHeaderSigner(scope);
  sign(request, key, noon);
  expect(hmacs.take()).toBe(5);
  sign(request, { ...key, sessionToken: 'token' }, new Date('2026-03-01T23:59:59Z'));
  sign(request, key, noon);
  expect(hmacs.take()).toBe(2);
});

test.each([
  ['day', key, new Date('2026-03-02T00:00:00Z')],
  ['secret', { ...key, secretAccessKey: 'another' }, noon],
])('Another %s takes another signing key', async (_, otherKey, at) => {
  const sign = createHeaderSigner(scope);
  sign(request, key, noon);
  const signed = { ...sign(request, otherKey, at) };
  expect(signed).toEqual({ ...createHeaderSigner(scope)(request, otherKey, at) });
  expect({ ...sign(request, key, noon) }).toEqual({ ...createHeaderSigner(scope)(request, key, noon) });
});
