/**
 * The emulator reads the same fields from a manifest before and after the gateway has marked it, however it is written.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { markedManifest } from '../../src/creates/marked-manifest.ts';
import { manifestFrom } from '../../src/emulator/import-export/manifest.ts';
import { checkedManifest, eraseWarning } from '../../src/emulator/import-export/manifest-rules.ts';
import { returnAddress } from '../support/examples.ts';

const generator = 'waybill/0123456789abcdef';

interface Writing {
  readonly outer: string;
  readonly others: string;
  readonly inner: string;
  readonly lineEnd: string;
  readonly lineTail: string;
  readonly colon: string;
  readonly before: string;
  readonly between: string;
  readonly after: string;
  readonly isVersionFirst: boolean;
}

/** `others` is the additional indentation of every line but the first; `inner` that of the address. */
const writings: fc.Arbitrary<Writing> = fc.record({
  outer: fc.constantFrom('', ' ', '    ', '\t'),
  others: fc.constantFrom('', ' ', '  ', '\t'),
  inner: fc.constantFrom('', ' ', '    ', '\t'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  lineTail: fc.constantFrom('', ';', ' ;', '  ', '; ', ' # said'),
  colon: fc.constantFrom(': ', ':', ':  '),
  before: fc.constantFrom('', '---', '# of old: times', '  '),
  between: fc.constantFrom('', '# of old: times', '   # deeper: too', '  '),
  after: fc.constantFrom('', '...', '# the end'),
  isVersionFirst: fc.boolean(),
});

const plain = {
  deviceId: '70114',
  eraseDevice: 'Yes',
  notificationEmail: 'a@example.com;b@example.com',
  bucket: 'sampleBucket',
};

function written(writing: Writing): string {
  const { outer, others, inner, lineEnd, lineTail, colon, before, between, after, isVersionFirst } = writing;
  const column = outer + others;
  const line = ([name, value]: readonly [string, string]) => `${name}${colon}${value}${lineTail}`;
  const address = [
    `${column}returnAddress:`,
    ...Object.entries(returnAddress).map((entry) => column + inner + line(entry)),
  ];
  const rest = Object.entries(plain).map((entry) => column + line(entry));
  const body = isVersionFirst ? [...address, ...rest] : [...rest, ...address];
  const first = outer + line(['manifestVersion', '2.0']);
  return [before, first, between, ...body, after].join(lineEnd);
}

test('a manifest in any style is accepted, marked or not, with the mark on its outermost level', () => {
  fc.assert(
    fc.property(writings, (writing) => {
      const text = written(writing);
      const marked = markedManifest({ text: { direction: 'IMPORT', text } }, generator)?.text?.text ?? '';
      const [bare, carrying] = [text, marked].map((each) => checkedManifest(each, 'Import'));
      expect(carrying?.fields.get('generator')).toBe(generator);
      carrying?.fields.delete('generator');
      expect(carrying?.fields).toEqual(bare?.fields);
      expect(bare && eraseWarning(bare)).toContain('erased');
    }),
    { numRuns: 2_000 },
  );
});

test.each(['yes', 'Yes', 'YES', 'yes;', 'True', 'On', '"Yes"', "'yes';"])(
  'a manifest with eraseDevice: %s brings a warning',
  (answer) => {
    const text = `manifestVersion: 2.0\ndeviceId: 1\neraseDevice: ${answer}\nbucket: b-1\nreturnAddress:\n`;
    expect(eraseWarning(manifestFrom(text, 'Import'))).toContain('erased');
  },
);
