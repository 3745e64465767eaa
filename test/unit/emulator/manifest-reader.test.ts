import { expect, test } from 'vitest';
import { type ManifestNode, readManifest } from '../../../src/emulator/import-export/manifest-reader.ts';

/** Maps as plain objects. */
function plain(node: ManifestNode): unknown {
  if (Array.isArray(node)) return node.map(plain);
  return node instanceof Map ? Object.fromEntries([...node].map(([name, value]) => [name, plain(value)])) : node;
}

function read(text: string): unknown {
  return plain(readManifest(text));
}

test('a manifest in the form of the guide is parsed', () => {
  const manifest = `manifestVersion:2.0
deviceId:HD001
trueCryptPassword:pass:word
operations:
  - exportBucket:my-bucket
    prefix: a/
  - exportBucket:other
returnAddress:
    name:Jane Roe
    street2:
    country:USA
`;
  expect(read(manifest)).toEqual({
    manifestVersion: '2.0',
    deviceId: 'HD001',
    trueCryptPassword: 'pass:word',
    operations: [{ exportBucket: 'my-bucket', prefix: 'a/' }, { exportBucket: 'other' }],
    returnAddress: { name: 'Jane Roe', street2: '', country: 'USA' },
  });
});

test.each([
  ['text stays text', 'a: yes\nb: 2.0\nc: 49382\nd: 5D992', { a: 'yes', b: '2.0', c: '49382', d: '5D992' }],
  ['a semicolon at the end is dropped, one inside stays', 'v: 2.0;\nm: a@b.c;d@e.f', { v: '2.0', m: 'a@b.c;d@e.f' }],
  ['white space at line ends is dropped', 'a: 1  \nb:2\t', { a: '1', b: '2' }],
  ['CR LF ends lines', 'a: 1\r\nb:\r\n  c: 2\r\n', { a: '1', b: { c: '2' } }],
  ['quotes are removed', `a: "x: \\"y\\" \\u00e9"\nb: 'it''s # here'`, { a: 'x: "y" é', b: "it's # here" }],
  ['comments are skipped', '# one\na: 1 # two\n  # three\nb: "x # y" # four\nc: z#5', { a: '1', b: 'x # y', c: 'z#5' }],
  ['the one control character of YAML beside tabs and line ends is text', 'a: 1\u00852', { a: '1\u00852' }],
  ['document marks and blank lines are skipped', '---\n\na: 1\n...\n', { a: '1' }],
  ['a list need not be indented', 'ignore:\n- \\.psd$\n- x\nb: 1', { ignore: ['\\.psd$', 'x'], b: '1' }],
  ['a dash can be on its own line', 'a:\n  -\n    b: 1\n    c: 2\n', { a: [{ b: '1', c: '2' }] }],
  ['block text keeps or folds its lines', 'a: |-\n  x\n  y\nb: >\n  x\n  y\nc: 1', { a: 'x\ny', b: 'x y\n', c: '1' }],
  ['plain text can continue on the next line', 'a: one\n  two\nb: 3', { a: 'one two', b: '3' }],
  ['names can be quoted', '"a": 1\n".mp3": audio/mpeg', { a: '1', '.mp3': 'audio/mpeg' }],
  ['the last of two equal names counts', 'a: 1\na: 2', { a: '2' }],
  ['an empty field at the end is empty', 'a: 1\nreturnAddress:', { a: '1', returnAddress: '' }],
  ['fields can follow their empty parent on its level', 'returnAddress:\nname: J', { returnAddress: '', name: 'J' }],
])('%s', (_, text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each([
  ['nothing', ''],
  ['free text', 'This is no manifest'],
  ['a bare file path', '/home/jane/manifest.txt'],
  ['a line without a name among others', 'a: 1\nnonsense\nb: 2'],
  ['a list on the top level', '- a: 1\n- b: 2'],
  ['a line with an unmatched indentation', '  a: 1\nb: 2'],
  ['a control character', 'a: 1\u0000'],
  ['an endless nesting', Array.from({ length: 5000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
])('%s is malformed', (_, text) => {
  expect(() => readManifest(text)).toThrow('Your manifest is not well-formed');
});

test('twenty thousand brackets are plain text', () => {
  const brackets = '['.repeat(20_000);
  expect(read(`a: ${brackets}`)).toEqual({ a: brackets });
});
