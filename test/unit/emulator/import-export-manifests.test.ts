import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { elementText, startEmulator } from './harness.ts';
import { customs, ebsManifest, exportManifest, glacierManifest, importManifest, withField } from './manifests.ts';

async function codeFor(JobType: string, Manifest: string): Promise<string | undefined> {
  const { device } = startEmulator();
  return elementText(await device('CreateJob', { JobType, Manifest, ValidateOnly: 'true' }), 'Code');
}

test.each([
  ['an import to S3', 'Import', importManifest],
  ['an import to Glacier', 'Import', glacierManifest],
  ['an import to EBS', 'Import', ebsManifest],
  ['an export', 'Export', exportManifest],
  ['an import of version 1.3', 'Import', withField(importManifest, 'manifestVersion', '1.3')],
  [
    'an export of 2011, without encryption',
    'Export',
    withField(withField(exportManifest, 'manifestVersion', '1.2'), 'trueCryptPassword'),
  ],
  ['a PIN device', 'Export', withField(exportManifest, 'trueCryptPassword', '').replace(/^/, 'pinCode: 1234\n')],
  ['the signing key', 'Import', withField(importManifest, 'accessKeyId', 'AKIDEXAMPLE')],
  ['a device that stays in use', 'Import', withField(importManifest, 'eraseDevice', 'no')],
  ['unknown fields', 'Import', withField(importManifest, 'favouriteColour', 'blue')],
  ['an address on the top level', 'Import', importManifest.replaceAll('    ', '')],
  ['customs where they are needed', 'Import', withField(importManifest, 'country', 'Canada') + customs],
  [
    'a device from one EU country to another',
    'Import',
    withField(withField(importManifest, 'bucket', demo.europeanBucket), 'country', 'France'),
  ],
])('%s passes', async (_, jobType, manifest) => {
  expect(await codeFor(jobType, manifest)).toBeUndefined();
});

const missing = 'MissingManifestFieldException';
const invalid = 'InvalidManifestFieldException';
const abroad = withField(importManifest, 'country', 'Canada');

const refusals = [
  ['Import', 'free text', 'MalformedManifestException'],
  ...['manifestVersion', 'deviceId', 'bucket', 'eraseDevice'].map((name) => [
    'Import',
    withField(importManifest, name),
    missing,
  ]),
  ...['name', 'street1', 'city', 'postalCode', 'phoneNumber', 'country'].map((name) => [
    'Import',
    withField(importManifest, name),
    missing,
  ]),
  ...['fileSystem', 'logBucket', 'trueCryptPassword'].map((name) => [
    'Export',
    withField(exportManifest, name),
    missing,
  ]),
  ['Export', exportManifest.replaceAll('exportBucket', 'exportBuckets'), missing],
  ['Import', withField(glacierManifest, 'archiveComment'), missing],
  ['Import', withField(glacierManifest, 'archiveComment', 'x'.repeat(998)), invalid],
  ['Import', withField(importManifest, 'manifestVersion', '4.0'), invalid],
  ['Import', withField(glacierManifest, 'manifestVersion', '2.0'), invalid],
  ['Import', withField(importManifest, 'eraseDevice', 'perhaps'), invalid],
  ['Import', withField(importManifest, 'acl', 'mine'), invalid],
  ['Import', withField(importManifest, 'serviceLevel', 'overnight'), invalid],
  ['Import', withField(importManifest, 'logPrefix', 'x'.repeat(1020)), invalid],
  ['Export', withField(exportManifest, 'fileSystem', 'HFSPlus'), 'InvalidFileSystemException'],
  ['Import', withField(importManifest, 'street1', 'P.O. Box 12'), 'InvalidAddressException'],
  ['Import', withField(importManifest, 'stateOrProvince'), 'InvalidAddressException'],
  ['Import', withField(importManifest, 'accessKeyId', 'AKIDOTHER'), 'InvalidAccessKeyIdException'],
  ['Import', withField(importManifest, 'bucket', demo.missingBucket), 'NoSuchBucketException'],
  ['Import', withField(importManifest, 'logBucket', demo.missingBucket), 'NoSuchBucketException'],
  ['Export', withField(exportManifest, 'exportBucket', demo.forbiddenBucket), 'BucketPermissionException'],
  ['Export', withField(exportManifest, 'exportBucket', demo.europeanBucket), 'MultipleRegionsException'],
  ['Import', withField(importManifest, 'bucket', demo.europeanBucket), 'MissingCustomsException'],
  ['Import', abroad, 'MissingCustomsException'],
  ['Import', abroad + withField(customs, 'dataDescription'), 'MissingCustomsException'],
  ['Import', abroad + withField(customs, 'encryptionClassification'), 'MissingCustomsException'],
  ['Import', abroad + withField(customs, 'deviceValue', 'priceless'), 'InvalidCustomsException'],
  ['Import', abroad + withField(customs, 'requiresExportLicense', 'perhaps'), 'InvalidCustomsException'],
].map(([jobType = '', manifest = '', code]) => ({ jobType, manifest, code }));

test.each(refusals)('bad manifest $# is refused with $code', async ({ jobType, manifest, code }) => {
  expect(await codeFor(jobType, manifest)).toBe(code);
});

test('the error messages are those of the service', async () => {
  const { device } = startEmulator();
  const check = async (Manifest: string) =>
    elementText(await device('CreateJob', { JobType: 'import', Manifest }), 'Message');
  expect(await check('manifest.txt')).toBe('Your manifest is not well-formed');
  expect(await check(withField(importManifest, 'bucket'))).toBe(
    'The manifest file was missing one or more required fields: bucket',
  );
  expect(await check(withField(importManifest, 'acl', 'mine'))).toBe(
    'The manifest file contained one or more invalid fields: acl',
  );
});
