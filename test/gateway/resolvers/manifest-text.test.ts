/** A caller's own manifest text is scanned and sent unchanged, or refused. */
import { expect, test } from 'vitest';
import { returnAddress } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { created, expectRefused, manifestOf } from '../../support/manifests.ts';
import { clientAnswering, uninterrupted } from '../../unit/backends/import-export/fixtures.ts';

const wholeText = [
  'manifestVersion: 2.0',
  'deviceId: HD001',
  'bucket: waybill-demo-source',
  'eraseDevice: yes',
  'returnAddress:',
  ...Object.entries(returnAddress).map(([name, value]) => `  ${name}: ${value}`),
  '',
].join('\n');

const laughs = Array.from({ length: 9 }, (_, level) => `a${level + 1}: [${Array(9).fill(`*a${level}`)}]`);

test.each([
  ['an anchor bomb', `${wholeText}${laughs.join('\n')}\n`],
  ['duplicate keys', `${wholeText}deviceId: HD002\n`],
  ['a merge key', `${wholeText}<<: *defaults\n`],
  ['several documents', `---\n${wholeText}---\n`],
  ['CRLF', wholeText.replaceAll('\n', '\r\n')],
  ['32 kB', `${wholeText}#${'x'.repeat(32_768 - wholeText.length - 1)}`],
])('A manifest text with %s is sent byte for byte', async (_title, text) => {
  const gateway = await startGateway();
  expect(await manifestOf(gateway, await created(gateway, { text: { direction: 'IMPORT', text } }))).toBe(text);
  expect(gateway.complaints).toEqual([]);
});

test('A manifest text with a byte order mark is sent byte for byte', async () => {
  const text = `\ufeff${wholeText}`;
  const { client, forms } = clientAnswering('');
  const request = { manifest: { text: { direction: 'IMPORT', text } }, validateOnly: false } as const;
  await client.createJob(request, uninterrupted).catch(() => {});
  expect(forms).toMatchObject([{ Manifest: text }]);
});

test.each([
  ['20 kB of brackets', `a: ${'['.repeat(20_000)}`, 'PATTERN'],
  ['20 kB of braces', `a: ${'{'.repeat(20_000)}`, 'PATTERN'],
  ['10,000 dashes', `a:\n${'- '.repeat(10_000)}x`, 'PATTERN'],
  ['32 kB and one byte', `a: ${'x'.repeat(32_766)}`, 'TOO_LONG'],
  ['a control character', 'a: \u0001', 'INVALID_CHARACTERS'],
  ['half of a surrogate pair', 'a: \ud800', 'INVALID_CHARACTERS'],
  ['no name in it', 'C:\\manifest.txt', 'PATTERN'],
])('A manifest text with %s is refused by the scan', async (_title, text, code) => {
  const payload = await expectRefused({ text: { direction: 'IMPORT', text } }, code, ['text', 'text']);
  expect(JSON.stringify(payload)).not.toContain(text.slice(-20));
});

test('A manifest text of 64 kB and one byte is refused for its size, before the scan', async () => {
  const gateway = await startGateway();
  await gateway.emulator.forgetRequests();
  const text = `a: ${'x'.repeat(65_534)}`;
  const { data, errors } = await gateway.ask(
    'mutation ($input: CreateImportExportJobInput!) { createImportExportJob(input: $input) { job { id } } }',
    { input: { manifest: { text: { direction: 'IMPORT', text } }, validateOnly: false } },
  );
  expect([data, errors?.length, errors?.[0]?.extensions?.['code']]).toEqual([undefined, 1, 'INVALID_INPUT']);
  expect(JSON.stringify(errors)).not.toContain('xxxx');
  expect(await gateway.emulator.requests()).toEqual({});
});

test.each(['accessKeyId: AKIAPLANTED7F3A9C', 'accessKeyId:AKIAPLANTED7F3A9C', '"accessKeyId": "AKIAPLANTED7F3A9C"'])(
  'The line %s is refused here, and the key is not shown',
  async (named) => {
    const text = `${wholeText}${named}\n`;
    const payload = await expectRefused({ text: { direction: 'IMPORT', text } }, 'INVALID_MANIFEST', ['text', 'text']);
    expect(JSON.stringify(payload)).not.toContain('PLANTED');
  },
);
