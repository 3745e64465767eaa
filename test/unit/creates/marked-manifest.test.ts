import { expect, test } from 'vitest';
import { manifestText } from '../../../src/backends/import-export/manifest.ts';
import { markedManifest } from '../../../src/creates/marked-manifest.ts';
import { manifests } from '../../support/examples.ts';

const generator = 'waybill/abc';

function markedText(text: string): string | undefined {
  return markedManifest({ text: { direction: 'IMPORT', text } }, generator)?.text?.text;
}

const typed = {
  exportFromS3: manifests.exportFromS3,
  importToGlacier: { importToGlacier: { ...manifests.importToGlacier.importToGlacier, eraseDevice: true } },
  importToS3: { importToS3: { ...manifests.importToS3.importToS3, eraseDevice: true } },
};

test.each(Object.entries(typed))(
  'a typed manifest %s carries the mark once, in its generator field',
  (_kind, manifest) => {
    const marked = markedManifest(manifest, generator);
    const { text } = manifestText(marked ?? manifest);
    expect(text.match(/generator.*/g)).toEqual([`generator: "${generator}"`]);
    expect(manifestText(manifest).text).toBe(text.replace(generator, 'waybill'));
  },
);

test.each([
  ['a: 1\nb: 2\n', 'generator: waybill/abc\na: 1\nb: 2\n'],
  ['a:1', 'generator: waybill/abc\na:1'],
  ['  a: 1\n  b: 2', '  generator: waybill/abc\n  a: 1\n  b: 2'],
  ['a: 1\r\nb: 2\r\n', 'generator: waybill/abc\r\na: 1\r\nb: 2\r\n'],
  ['\uFEFFa: 1', '\uFEFFgenerator: waybill/abc\na: 1'],
  ['---\na: 1', '---\ngenerator: waybill/abc\na: 1'],
  ['# of old: times\n\n"a": 1', '# of old: times\n\ngenerator: waybill/abc\n"a": 1'],
])('in %j the line goes before the first entry, with its indentation', (text, expected) => {
  expect(markedText(text)).toBe(expected);
});

test.each([
  'generator: mine\na: 1',
  'a: 1\nGenerator : "x"',
  'a: 1\n  generator: y',
  '{a: 1}',
  '{\n  a: 1}',
  '- a: 1',
  '- x\na: 1',
  'C:\\m.txt',
])('%j is not marked', (text) => {
  expect(markedText(text)).toBeUndefined();
});

test('a text that the mark would make too long is not marked', () => {
  const text = (length: number) => `a: ${'x'.repeat(length)}`;
  const room = 32_768 - Buffer.byteLength('generator: waybill/abc\na: ');
  expect(markedText(text(room))).toHaveLength(32_768);
  expect(markedText(text(room + 1))).toBeUndefined();
});

test.each([
  ['a: 1\n b: 2\n', 'a: 1\n generator: waybill/abc\n b: 2\n'],
  ['a: 1;\r\n\r\n # of old\r\n\tb: 2', 'a: 1;\r\n\r\n # of old\r\n\tgenerator: waybill/abc\r\n\tb: 2'],
  ['a:\n b: 2', 'generator: waybill/abc\na:\n b: 2'],
  ['a: # of old\n b: 2', 'generator: waybill/abc\na: # of old\n b: 2'],
  ['a: |\n b: 2', 'generator: waybill/abc\na: |\n b: 2'],
  ['a: &x\n b: 2', 'generator: waybill/abc\na: &x\n b: 2'],
])('in %j the line goes to the other entries of the outermost level', (text, expected) => {
  expect(markedText(text)).toBe(expected);
});

test('ten thousand blank lines before a line that is no entry are not marked', () => {
  expect(markedText(`${'\r\n'.repeat(10_000)}junk\r\na: 1`)).toBeUndefined();
});
