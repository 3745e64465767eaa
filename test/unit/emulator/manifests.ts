/** Manifests of each kind, and ways to change one field of them. */
export const returnAddress = `returnAddress:
    name: Jane Roe
    street1: 123 Any Street
    city: Anytown
    stateOrProvince: WA
    postalCode: 91011-1111
    phoneNumber: 206-555-1111
    country: USA
`;

export const importManifest = `manifestVersion: 2.0
generator: test
bucket: my-bucket
deviceId: 49382
eraseDevice: yes
logPrefix: logs/
${returnAddress}`;

export const exportManifest = `manifestVersion: 2.0
deviceId: HD001
fileSystem: NTFS
logBucket: my-log-bucket
trueCryptPassword: password123
operations:
  - exportBucket: my-bucket
    prefix: prices/
  - exportBucket: other-bucket
${returnAddress}`;

export const glacierManifest = `manifestVersion: 3.0
deviceId: HD002
eraseDevice: yes
logBucket: my-log-bucket
operations:
  - destination: glacier
    source: device
    region: us-east-1
    vaultName: attic
    archiveComment: From the cellar
${returnAddress}`;

export const ebsManifest = glacierManifest
  .replace('destination: glacier', 'destination: ebs-snapshot')
  .replace(/ {4}(vaultName|archiveComment).*\n/g, '');

export const customs = `customs:
    dataDescription: Prices
    encryptedData: yes
    encryptionClassification: 5D992
    exportCertifierName: Jane Roe
    requiresExportLicense: no
    deviceValue: 250.00
    deviceCountryOfOrigin: Ghana
    deviceType: externalStorageDevice
    deviceHTS: 8471.70.2000
    typeOfExport: return
`;

/** The manifest with the field set to `value`, or without the field. */
export function withField(manifest: string, name: string, value?: string): string {
  const line = new RegExp(`^( *(?:- )?)${name}:.*\\n`, 'm');
  if (!line.test(manifest)) return `${name}: ${value}\n${manifest}`;
  return manifest.replace(line, (_, indent) => (value === undefined ? '' : `${indent}${name}: ${value}\n`));
}
