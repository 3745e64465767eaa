/** A missing field of a typed manifest is named, and odd values are data. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { manifests, returnAddress } from '../../support/examples.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { created, expectRefused, manifestOf } from '../../support/manifests.ts';
import { clientAnswering, newJob, uninterrupted } from '../../unit/backends/import-export/fixtures.ts';

test.each(['SIDEWAYS', 'import', '', null])('The direction %j is an error of the document', async (direction) => {
  const gateway = await startGateway();
  await gateway.emulator.forgetRequests();
  const { data, errors } = await created(gateway, { text: { direction, text: 'manifestVersion: 2.0' } });
  expect(data).toBeUndefined();
  expect(errors).toHaveLength(1);
  expect(await gateway.emulator.requests()).toEqual({});
});

test('A create without validateOnly is sent with false and makes a job', async () => {
  const { data } = await created(await startGateway(), manifests.importToS3);
  expect(data).toMatchObject({ createImportExportJob: { job: { state: 'WAITING' } } });
  const { client, forms } = clientAnswering('');
  await client.createJob(newJob, uninterrupted).catch(() => {});
  expect(forms).toMatchObject([{ ValidateOnly: 'false' }]);
});

const customs = {
  dataDescription: 'Prices',
  encryptedData: false,
  exportCertifierName: 'Jane Roe',
  requiresExportLicense: false,
  deviceValue: '250.00',
  deviceCountryOfOrigin: 'Japan',
  deviceType: 'externalStorageDevice',
  typeOfExport: 'return',
};

type Members = Readonly<Record<string, unknown>>;
const kinds: Readonly<Record<string, Members>> = {
  ...manifests.importToS3,
  ...manifests.importToGlacier,
  ...manifests.exportFromS3,
};

/** The required texts of each kind of manifest. */
const requiredTexts = Object.entries(kinds).flatMap(([kind, members]) => [
  ...namesOfTexts(members).map((name) => [kind, [name]] as const),
  ...namesOfTexts(returnAddress).map((name) => [kind, ['returnAddress', name]] as const),
  ...namesOfTexts(customs).map((name) => [kind, ['customs', name]] as const),
]);

function namesOfTexts(members: Members): readonly string[] {
  return Object.keys(members).filter((name) => typeof members[name] === 'string' && name !== 'fileSystem');
}

test.each(requiredTexts)(
  'A manifest of kind %s without %j is refused by the name of that field',
  async (kind, path) => {
    const [outer = '', inner] = path;
    const whole: Members = { ...kinds[kind], customs };
    const value = inner === undefined ? ' ' : { ...Object(whole[outer]), [inner]: '' };
    await expectRefused({ [kind]: { ...whole, [outer]: value } }, 'REQUIRED', [kind, ...path]);
  },
);

test('A missing required field is named', async () => {
  const { deviceId: _, ...rest } = manifests.importToS3.importToS3;
  const { data, errors } = await created(await startGateway(), { importToS3: rest });
  expect(data).toBeUndefined();
  expect(errors).toMatchObject([{ message: expect.stringContaining('deviceId') }]);
});

test.each([
  ['1,000 characters', 'x'.repeat(1_000)],
  ['letters from right to left', '\u202eteertS ynA 321 שלום'],
  ['characters without width', 'zero\u200bwidth\u2060'],
  ['emoji', '😀 👩‍👩‍👧'],
  ['HTML', '<script>alert("1")</script> & &amp;'],
  ['the text of a header', 'a\r\nSet-Cookie: planted=1\r\n\r\n'],
  ['lines of a manifest', 'a\n  city: Elsewhere\nbucket: planted'],
  ['codes for a terminal', '\u009b31m\u007f\u0085\u001b[2J\u0007'],
])('An address with %s is kept as data, and no log line is split', async (_title, street1) => {
  const gateway = await startGateway();
  const manifest = { importToS3: { ...manifests.importToS3.importToS3, returnAddress: { ...returnAddress, street1 } } };
  const text = await manifestOf(gateway, await created(gateway, manifest));
  expect(parse(text).returnAddress).toEqual({ ...returnAddress, street1 });
  expect(text.split('\n')).toHaveLength((await plainManifest(gateway)).split('\n').length);
  expect(gateway.complaints).toEqual([]);
});

async function plainManifest(gateway: TestGateway): Promise<string> {
  return manifestOf(gateway, await created(gateway, manifests.importToS3));
}

test('An address that is too long is refused', async () => {
  const tooLong = { ...returnAddress, street1: 'x'.repeat(1_025) };
  const manifest = { importToS3: { ...manifests.importToS3.importToS3, returnAddress: tooLong } };
  await expectRefused(manifest, 'TOO_LONG', ['importToS3', 'returnAddress', 'street1']);
});
