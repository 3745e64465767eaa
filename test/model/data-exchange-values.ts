/** Single values of Data Exchange inputs by its model and guide, valid and invalid. */
import fc from 'fast-check';
import { leaf, type Model } from './input-model.ts';

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
const nastyTexts = [
  '\u0000',
  '\n',
  '\u2028',
  '\u202e',
  '\ufeff',
  '"',
  '\\',
  '${',
  '<b>',
  "'--",
  '😀',
  'é',
  '../',
  '%00',
  '\u007f',
];

/** Text that is data, whatever it contains. */
export const nastyText = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), fc.constantFrom(...nastyTexts)), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

const loneSurrogate = nastyText.map((text) => `${text}\ud800x`);

function lettersOf(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength });
}

/** A value that is valid but for one character. */
function withForeignCharacter(valid: fc.Arbitrary<string>, characters: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(valid, fc.constantFrom(...characters), fc.nat())
    .map(
      ([text, character, anywhere]) =>
        text.slice(0, anywhere % text.length) + character + text.slice((anywhere % text.length) + 1),
    );
}

export function awsId(known: string): Model<string> {
  const tooShortOrLong = fc.oneof(
    lettersOf(0, 29),
    lettersOf(41, 60),
    lettersOf(32, 32).map((id) => `${id}\n`),
  );
  return leaf(
    fc.oneof(fc.constant(known), lettersOf(30, 40)),
    fc.oneof(tooShortOrLong, withForeignCharacter(lettersOf(32, 32), ['-', '_', '٣', 'é', ' ', '/', '\n'])),
  );
}

const base64 = [...letters, '+', '/'];
const md5 = fc.string({ unit: fc.constantFrom(...base64), minLength: 22, maxLength: 22 }).map((text) => `${text}==`);
export const md5Hash = leaf(
  md5,
  fc.oneof(
    md5.map((hash) => hash.slice(1)),
    md5.map((hash) => `a${hash}`),
    md5.map((hash) => hash.replace('==', 'a=')),
    withForeignCharacter(
      md5.map((hash) => hash.slice(0, 22)),
      ['*', '-', '_', ' ', '='],
    ).map((text) => `${text}==`),
    fc.constant('9ef413f29eb59cf552bed00da5a3c555'),
  ),
);

const bucketText = fc.stringMatching(/^[A-Za-z0-9._-]{3,255}$/);
export const bucket = leaf(
  bucketText,
  fc.oneof(
    fc.constantFrom('', 'ab', 'a'.repeat(256), 'a/b', 'abc\n'),
    withForeignCharacter(bucketText, [':', ' ', '/', 'é', '\n']),
  ),
);

export const key = leaf(nastyText, fc.oneof(fc.constantFrom('', 'é'.repeat(513), 'a'.repeat(1_025)), loneSurrogate));
export const keyPrefix = leaf(
  fc.oneof(nastyText, fc.constant('')),
  fc.oneof(fc.constantFrom('é'.repeat(513), 'a'.repeat(1_025)), loneSurrogate),
);
export const requiredText = leaf(nastyText, fc.oneof(fc.constant(''), loneSurrogate));
export const anyText = leaf(fc.oneof(nastyText, fc.constant('')), loneSurrogate);
export const assetName = leaf(
  nastyText.map((text) => text.replace(/\p{Cc}/gu, '-')),
  fc.oneof(fc.constantFrom('', 'a'.repeat(257), 'a\nb', 'a\0', '\u0085'), loneSurrogate),
);
export const kmsKeyArn = leaf(nastyText, fc.oneof(fc.constantFrom('', 'a'.repeat(2_049)), loneSurrogate));
export const catalogId = leaf(
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 12, maxLength: 12 }),
  fc.constantFrom('', '12345678901', '1234567890123', '12345678901a', '123456789012\n', '12345678901٣'),
);
const roleName = nastyText.map((text) => text.replace(/[\n\r\u2028\u2029]/g, '-'));
export const roleArn = leaf(
  roleName.map((name) => `arn:aws:iam::123456789012:role/${name}`),
  fc.constantFrom(
    '',
    'arn:aws:iam::123456789012:role/',
    'arn:aws:iam::12345678901:role/a',
    'arn:aws-cn:iam::123456789012:role/a',
    ' arn:aws:iam::123456789012:role/a',
    'arn:aws:iam::123456789012:user/a',
    'arn:aws:iam::123456789012:role/a\nb',
  ),
);

const reference = fc.constantFrom(
  ...['Asset.Id', 'Asset.Name', 'DataSet.Id', 'DataSet.Name', 'Revision.Id'],
  ...['Revision.CreatedAt', 'Revision.CreatedAt.Day', 'Revision.CreatedAt.Month', 'Revision.CreatedAt.Year'],
);
const plainText = nastyText.map((text) => text.replaceAll('${', ''));
export const keyPattern = leaf(
  fc
    .tuple(fc.constantFrom('Asset.Id', 'Asset.Name'), fc.array(reference, { maxLength: 3 }), plainText)
    .map(([first, others, between]) => [first, ...others].map((name) => `\${${name}}`).join(between)),
  fc.oneof(
    plainText,
    fc.constantFrom('Revision.Id', 'Revision.CreatedAt').map((name) => `\${${name}}`),
    fc.constantFrom('Asset.Name', 'Asset.Id').map((name) => `\${${name}}/\${`),
    fc.constantFrom('Asset', 'asset.name', '', 'Revision.Nonsense').map((name) => `\${Asset.Name}/\${${name}}`),
  ),
);
