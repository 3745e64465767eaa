/** Compares signed requests with the recorded ones of aws-sdk-js (version 2) and botocore (version 4). */
import { describe, expect, it } from 'vitest';
import { encodedQuery, type Parameter, queryParameters } from '../../../../src/backends/import-export/query.ts';
import { signV2, stringToSign } from '../../../../src/backends/import-export/signature-v2.ts';
import { signV4 } from '../../../../src/backends/import-export/signature-v4.ts';
import { key } from './fixtures.ts';
import { requestVectors } from './vectors.ts';

const ownToVersion2 = new Set(['AWSAccessKeyId', 'Signature', 'SignatureMethod', 'SignatureVersion', 'Timestamp']);

function contextOf({ host, credentials, clock }: (typeof requestVectors)[number]) {
  const scheme = host.includes(':') ? 'http' : 'https';
  return { endpoint: new URL(`${scheme}://${host}`), key: credentials, signedAt: new Date(clock) };
}

const version2 = requestVectors.filter(({ signatureVersion }) => signatureVersion === 2);
const version4 = requestVectors.filter(({ signatureVersion }) => signatureVersion === 4);

it('There are 19 vectors of version 2 and 9 of version 4', () => {
  expect([version2.length, version4.length]).toEqual([19, 9]);
});

describe('version 2', () => {
  it.each(version2)('The string to sign of $id is that of the recorded client', (vector) => {
    const signed = Object.entries(vector.parameters).filter(([name]) => name !== 'Signature');
    expect(stringToSign(signed, contextOf(vector).endpoint)).toBe(vector.stringToSign);
  });

  it.each(version2)(
    'The form of $id has the recorded signature, whatever the order of its parameters',
    async (vector) => {
      const unsigned = Object.entries(vector.parameters).filter(([name]) => !ownToVersion2.has(name));
      const form = await signV2(unsigned, contextOf(vector));
      expect(Object.fromEntries(new URLSearchParams(form.body))).toEqual(vector.parameters);
    },
  );

  it.each(version2.filter(({ id }) => !id.startsWith('v2-unsorted')))(
    'The form of $id is that of aws-sdk-js, byte for byte',
    async (vector) => {
      const unsigned = Object.entries(vector.parameters).filter(([name]) => !ownToVersion2.has(name));
      expect((await signV2(unsigned.toReversed(), contextOf(vector))).body).toBe(vector.body);
    },
  );

  it('Version 2 sorts only by name: jobIds.member.1 comes before jobIds.member.10', () => {
    const parameters: Parameter[] = [
      ['jobIds.member.10', 'B'],
      ['jobIds.member.1', 'A'],
      ['Version', '2010-06-01'],
      ['city', 'x'],
    ];
    expect(stringToSign(parameters, new URL('https://importexport.amazonaws.com')).split('\n').at(-1)).toBe(
      'Version=2010-06-01&city=x&jobIds.member.1=A&jobIds.member.10=B',
    );
  });

  it('Version 2 signs the host in lower case, without a default port', () => {
    const text = stringToSign([['Action', 'ListJobs']], new URL('https://ImportExport.AmazonAWS.com:443'));
    expect(text).toBe('POST\nimportexport.amazonaws.com\n/\nAction=ListJobs');
  });

  it('Version 2 dates a request in whole seconds', async () => {
    const context = { endpoint: new URL('https://a.example'), key, signedAt: new Date('2015-05-27T18:58:21.999Z') };
    expect((await signV2([], context)).body).toContain('Timestamp=2015-05-27T18%3A58%3A21Z');
  });
});

describe('version 4', () => {
  it.each(version4)(
    'The form of $id is that of botocore, and its Authorization header is the recorded one',
    async (vector) => {
      const { headers, body } = await signV4(Object.entries(vector.parameters), contextOf(vector));
      expect(body).toBe(vector.body);
      expect(headers).toEqual({
        'content-type': vector.headers['Content-Type'],
        'x-amz-date': vector.headers['X-Amz-Date'],
        authorization: vector.headers.Authorization,
      });
      expect(headers.authorization).toContain(vector.signature);
    },
  );
});

describe('the form of a call', () => {
  it('A form names the operation and the version, numbers lists, writes booleans as words and omits absent members', () => {
    const members = {
      jobIds: ['TEST1', 'TEST2'],
      ValidateOnly: false,
      MaxJobs: 2,
      company: null,
      street2: undefined,
      city: '',
    };
    expect(queryParameters('GetShippingLabel', members)).toEqual([
      ['Action', 'GetShippingLabel'],
      ['Version', '2010-06-01'],
      ['jobIds.member.1', 'TEST1'],
      ['jobIds.member.2', 'TEST2'],
      ['ValidateOnly', 'false'],
      ['MaxJobs', '2'],
      ['city', ''],
    ]);
  });

  it('A form has an empty value for an empty list', () => {
    expect(queryParameters('GetShippingLabel', { jobIds: [] }).at(-1)).toEqual(['jobIds', '']);
  });

  it('A form escapes all but letters, digits and - _ . ~', () => {
    expect(encodedQuery([['a b', "-_.~ !*'()é😀\n"]])).toBe('a%20b=-_.~%20%21%2A%27%28%29%C3%A9%F0%9F%98%80%0A');
  });

  it('A form has U+FFFD for a lone surrogate', () => {
    expect(encodedQuery([['a', 'x\ud800y']])).toBe('a=x%EF%BF%BDy');
  });
});
