/** A caller's own manifest text: which texts are sent, and what is hidden of them afterwards. */
import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../../../src/backends/import-export/manifest-secrets.ts';
import { clientAnswering, errorBody, failureOf, uninterrupted } from './fixtures.ts';

const checkedReply = '<CreateJobResponse><CreateJobResult/></CreateJobResponse>';

async function sentTextOf(text: string): Promise<string | undefined> {
  const { client, forms } = clientAnswering(checkedReply);
  await client.createJob({ manifest: { text: { direction: 'IMPORT', text } }, validateOnly: true }, uninterrupted);
  return forms[0]?.Manifest;
}

async function refusal(text: string) {
  const { client, forms } = clientAnswering(checkedReply);
  const request = { manifest: { text: { direction: 'IMPORT' as const, text } }, validateOnly: false };
  const failure = await failureOf(client.createJob(request, uninterrupted));
  expect(forms).toEqual([]);
  return failure;
}

describe('texts that are sent', () => {
  it.each([
    [
      'the guide’s form without spaces',
      'manifestVersion:2.0\ndeviceId:HD001\noperations:\n  - exportBucket:my-bucket\n',
    ],
    ['duplicate keys', 'a: 1\na: 2'],
    ['a merge key and anchors', 'base: &b {x: 1}\nother:\n  <<: *b'],
    ['several documents', 'a: 1\n---\nb: 2\n...\n'],
    ['a byte order mark and CRLF', '\ufeffmanifestVersion: 2.0\r\nbucket: b\r\n'],
    ['a small anchor bomb', `a: &a [x]\n${'bcdefgh'.replace(/./g, (name) => `${name}: &${name} [*a,*a]\n`)}`],
    ['20 levels of brackets', `a: ${'['.repeat(20)}${']'.repeat(20)}`],
    ['20 levels of indentation', Array.from({ length: 20 }, (_, level) => `${' '.repeat(level)}key:\n`).join('')],
    ['32 kB', `a: ${'x'.repeat(32_765)}`],
    ['a map in braces', '{manifestVersion: 2.0, bucket: b}'],
    ['the access key of the gateway', 'accessKeyId: AKIDEXAMPLE\nbucket: b'],
  ])('A text with %s is sent byte for byte', async (_title, text) => {
    expect(await sentTextOf(text)).toBe(text);
  });
});

describe('texts that are refused', () => {
  it.each([
    ['20 kB of brackets', `a: ${'['.repeat(20_000)}`, 'must be nested at most 20 levels deep'],
    ['21 levels of braces', `a: ${'{'.repeat(21)}`, 'must be nested at most 20 levels deep'],
    [
      '21 levels of indentation',
      Array.from({ length: 21 }, (_, level) => `${' '.repeat(level)}key:\n`).join(''),
      'must be nested at most 20 levels deep',
    ],
    ['21 levels of dashes on one line', `a:\n${'- '.repeat(20)}b`, 'must be nested at most 20 levels deep'],
    ['32 kB and one byte', `a: ${'x'.repeat(32_766)}`, 'must have at most 32,768 bytes; 32,769 bytes were given'],
    ['more than 32 kB in UTF-8', `a: ${'é'.repeat(20_000)}`, 'must have at most 32,768 bytes; 40,003 bytes were given'],
    ['a NUL', 'a: 1\0', 'must have no character that XML cannot carry'],
    ['a noncharacter', 'a: \ufffe', 'must have no character that XML cannot carry'],
    ['a lone surrogate', 'a: \udfff', 'must have no character that XML cannot carry'],
    ['no key', 'import my disk please', 'must have at least one line of the form “key: value”'],
    ['no characters', '', 'must have at least one line of the form “key: value”'],
    ['only a file name', 'm.txt', 'must have at least one line of the form “key: value”'],
    ['only a file address', 'file://m.txt', 'must have at least one line of the form “key: value”'],
    ['only a Windows path', 'C:\\m.txt', 'must have at least one line of the form “key: value”'],
  ])('A text with %s is refused', async (_title, text, rule) => {
    expect(await refusal(text)).toEqual({
      code: 'INVALID_MANIFEST',
      message: `The text of the manifest ${rule}.`,
      isOutcomeUnclear: false,
      field: ['manifest', 'text', 'text'],
    });
  });
});

describe('another access key', () => {
  it.each([
    'accessKeyId: AKIDOTHER',
    'accessKeyId:AKIDOTHER',
    '  "accessKeyId" : "AKIDOTHER"',
    'a: b\nACCESSKEYID: AKIDOTHER',
  ])('The text %j, which names another access key, is refused before anything is sent', async (text) => {
    const failure = await refusal(text);
    expect(failure).toMatchObject({ code: 'INVALID_MANIFEST', field: ['manifest', 'text', 'text'] });
    expect(failure.message).not.toMatch(/AKID/);
  });

  it('InvalidAccessKeyIdException is INVALID_MANIFEST', async () => {
    const { client } = clientAnswering(errorBody('InvalidAccessKeyIdException'), { status: 400 });
    const request = { manifest: { text: { direction: 'IMPORT' as const, text: 'bucket: b' } }, validateOnly: false };
    expect(await failureOf(client.createJob(request, uninterrupted))).toMatchInlineSnapshot(`
      {
        "awsCode": "InvalidAccessKeyIdException",
        "code": "INVALID_MANIFEST",
        "field": [
          "manifest",
        ],
        "isOutcomeUnclear": false,
        "message": "The manifest names another access key.",
      }
    `);
  });
});

describe('secret lines of a manifest', () => {
  it.each([
    ['pinCode: 1234', 'pinCode: [secret]'],
    ['pinCode:1234', 'pinCode: [secret]'],
    ['PINCODE : 1234 # mine', 'PINCODE : [secret]'],
    ['  - trueCryptPassword: "a b"', '  - trueCryptPassword: [secret]'],
    ['"trueCryptPassword": x', '"trueCryptPassword": [secret]'],
    ['{deviceId: 1, pinCode: 1234, bucket: b}', '{deviceId: 1, pinCode: [secret]'],
    ['# pinCode: 1234', '# pinCode: [secret]'],
    ['a: 1\r\npinCode: 1\r\nb: 2\r\n', 'a: 1\r\npinCode: [secret]\r\nb: 2\r\n'],
    ['pinCode: |\n  12\n  34\nb: 2', 'pinCode: [secret]\n  [secret]\n  [secret]\nb: 2'],
    ['pinCode: >-\n\n  a: 12\n\nb: 2', 'pinCode: [secret]\n\n  [secret]\n\nb: 2'],
    ['pinCode:\n  1234\nb: 2', 'pinCode: [secret]\n  [secret]\nb: 2'],
    ['pinCode: "12\n34"\nb: 2', 'pinCode: [secret]\n[secret]\nb: 2'],
    ['list:\n  - pinCode: 1\n    bucket: b\n  - c: d', 'list:\n  - pinCode: [secret]\n    bucket: b\n  - c: d'],
    ['{ pinCode:\n  1234,\nbucket: b }', '{ pinCode: [secret]\n  [secret]\nbucket: b }'],
    ['? pinCode\n: 1234\nb: 2', '? pinCode [secret]\n[secret]\nb: 2'],
    [
      'accessKeyId: AKIDEXAMPLE\npinCode: 1\ntrueCryptPassword: 2',
      'accessKeyId: [secret]\npinCode: [secret]\ntrueCryptPassword: [secret]',
    ],
    ['pinCode: 1\u2028b: 2', 'pinCode: [secret]\u2028b: 2'],
    [
      'secretAccessKey: 1\nmyPassword: 2\nsignature:3',
      'secretAccessKey: [secret]\nmyPassword: [secret]\nsignature: [secret]',
    ],
    ['"trueCrypt\\u0050assword": 1\nb: 2', '"trueCrypt\\u0050assword": [secret]\nb: 2'],
    ['a: &x 1\ntrueCryptPassword: *x', 'a: &x [secret]\ntrueCryptPassword: [secret]'],
  ])('The secrets of %j are hidden', (manifest, shown) => {
    expect(withoutSecrets(manifest)).toBe(shown);
  });

  it('Lines without a secret stay as they are', () => {
    const manifest =
      'manifestVersion: 2.0\nboxNumber: 3\nnote: R&D &amp; more\nreturnAddress:\n    name: Jane\n\n    city:Anytown\n';
    expect(withoutSecrets(manifest)).toBe(manifest);
  });

  const length = 100_000;
  it.each(['pinCode ', ' ', 'token', '\\"', '"', '"\\a', ': "\\a', ' &', ': ', '-', '\\', 'a: \n ', "'"])(
    'A text of repeated %j is searched in less than 200 times the time of another text',
    (part) => {
      const timeOf = (text: string): number => {
        const startedAt = performance.now();
        withoutSecrets(text);
        return performance.now() - startedAt;
      };
      const usual = timeOf('boxNumber: 3\n'.repeat(length / 13));
      // A search that goes back from each character takes thousands of times as long.
      expect(timeOf(`${part.repeat(length / part.length)}x`) / usual).toBeLessThan(200);
    },
  );
});
