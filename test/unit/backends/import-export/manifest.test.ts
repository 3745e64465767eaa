/**
 * Manifests: the text of each kind, what YAML reads back from it, and what the client refuses before it sends anything.
 */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { manifestText } from '../../../../src/backends/import-export/manifest.ts';
import { BackendError } from '../../../../src/model/errors.ts';
import type { ImportExportManifest } from '../../../../src/model/import-export-manifest.ts';
import {
  address,
  clientAnswering,
  exportFromS3,
  failureOf,
  importToGlacier,
  importToS3,
  uninterrupted,
} from './fixtures.ts';

const customs = {
  dataDescription: 'Backups: 2014',
  encryptedData: true,
  encryptionClassification: '5D992',
  exportCertifierName: 'Jane Roe',
  requiresExportLicense: false,
  deviceValue: '250.00',
  deviceCountryOfOrigin: 'Ghana',
  deviceType: 'externalStorageDevice',
  deviceHts: '8471.70.4065',
  typeOfExport: 'return',
};

describe('the text of a manifest', () => {
  it('An import to S3 is written with all its members', () => {
    const manifest = {
      importToS3: {
        ...importToS3,
        notificationEmails: ['a@example.com', 'b@example.com'],
        logPrefix: 'logs/',
        serviceLevel: 'EXPEDITED_SHIPPING' as const,
        encryption: { pinCode: '0123' },
        customs,
        prefix: 'imported/',
        logBucket: 'my-log-bucket',
        cacheControl: 'max-age=3600',
        contentDisposition: 'attachment',
        contentLanguage: 'en',
        contentTypes: [
          { extension: 'csv', contentType: 'text/csv' },
          { extension: '__proto__', contentType: 'text/plain' },
        ],
        ignore: ['.*~$', 'lost\\+found'],
        setContentEncodingForGzFiles: true,
        returnAddress: { ...address, company: 'Roe & Sons', street2: 'Floor 2', street3: 'Door 3' },
      },
    };
    expect(manifestText(manifest)).toMatchInlineSnapshot(`
      {
        "direction": "IMPORT",
        "text": "manifestVersion: "2.0"
      generator: "waybill"
      deviceId: "49382"
      notificationEmail: "a@example.com;b@example.com"
      logPrefix: "logs/"
      serviceLevel: "expeditedShipping"
      pinCode: "0123"
      returnAddress:
        name: "Jane Roe"
        company: "Roe & Sons"
        phoneNumber: "206-555-1111"
        country: "USA"
        stateOrProvince: "WA"
        city: "Anytown"
        postalCode: "91011-1111"
        street1: "123 Any Street"
        street2: "Floor 2"
        street3: "Door 3"
      customs:
        dataDescription: "Backups: 2014"
        encryptedData: "yes"
        encryptionClassification: "5D992"
        exportCertifierName: "Jane Roe"
        requiresExportLicense: "no"
        deviceValue: "250.00"
        deviceCountryOfOrigin: "Ghana"
        deviceType: "externalStorageDevice"
        deviceHTS: "8471.70.4065"
        typeOfExport: "return"
      eraseDevice: "yes"
      bucket: "my-bucket"
      prefix: "imported/"
      logBucket: "my-log-bucket"
      cacheControl: "max-age=3600"
      contentDisposition: "attachment"
      contentLanguage: "en"
      contentTypes:
        csv: "text/csv"
        __proto__: "text/plain"
      ignore:
        - ".*~$"
        - "lost\\\\+found"
      setContentEncodingForGzFiles: "yes"
      ",
      }
    `);
  });

  it('An import to Glacier is written in version 3.0 of the manifest', () => {
    expect(manifestText({ importToGlacier })).toMatchInlineSnapshot(`
      {
        "direction": "IMPORT",
        "text": "manifestVersion: "3.0"
      generator: "waybill"
      deviceId: "49382"
      returnAddress:
        name: "Jane Roe"
        phoneNumber: "206-555-1111"
        country: "USA"
        stateOrProvince: "WA"
        city: "Anytown"
        postalCode: "91011-1111"
        street1: "123 Any Street"
      eraseDevice: "no"
      logBucket: "my-log-bucket"
      operations:
        - destination: "glacier"
          source: "device"
          region: "us-east-1"
          vaultName: "my-vault"
          archiveComment: "Year 2014"
      ",
      }
    `);
  });

  it('An export from S3 is written without the members that are null', () => {
    const operations = [
      { exportBucket: 'my-bucket', prefix: 'a/', beginMarker: 'a/1', endMarker: 'a/9', targetDirectory: 'out' },
      { exportBucket: 'other-bucket', prefix: null },
    ];
    const manifest = {
      exportFromS3: { ...exportFromS3, operations, recoveryDirectory: 'LostAndFound', logPrefix: null },
    };
    expect(manifestText(manifest)).toMatchInlineSnapshot(`
      {
        "direction": "EXPORT",
        "text": "manifestVersion: "2.0"
      generator: "waybill"
      deviceId: "HD001"
      trueCryptPassword: "password123"
      returnAddress:
        name: "Jane Roe"
        phoneNumber: "206-555-1111"
        country: "USA"
        stateOrProvince: "WA"
        city: "Anytown"
        postalCode: "91011-1111"
        street1: "123 Any Street"
      fileSystem: "NTFS"
      logBucket: "my-log-bucket"
      recoveryDirectory: "LostAndFound"
      operations:
        - exportBucket: "my-bucket"
          prefix: "a/"
          beginMarker: "a/1"
          endMarker: "a/9"
          targetDirectory: "out"
        - exportBucket: "other-bucket"
      ",
      }
    `);
  });

  it('A caller’s own text is sent byte for byte', async () => {
    const text = '\ufeffmanifestVersion:2.0;\r\n\tdeviceId: é😀 \r\nbucket: &a b\r\nbucket: *a\r\n--- \n<<: x';
    const { client, forms } = clientAnswering('<CreateJobResponse><CreateJobResult/></CreateJobResponse>');
    await client.createJob({ manifest: { text: { direction: 'EXPORT', text } }, validateOnly: true }, uninterrupted);
    expect(forms).toEqual([
      { Action: 'CreateJob', Version: '2010-06-01', JobType: 'Export', Manifest: text, ValidateOnly: 'true' },
    ]);
  });
});

const hostileValues = [
  'yes',
  'No',
  'true',
  'null',
  '~',
  '2.0',
  '0123',
  '1E5',
  '0x1F',
  '1_000',
  '12:30:45',
  '2014-12-18',
  '.inf',
  '5D992',
  '- x',
  '-',
  '?',
  'a: b',
  'a:b',
  ':',
  '# comment',
  'a # b',
  '#',
  '"quoted"',
  "it's",
  "'",
  '"',
  'back\\slash\\n',
  '*anchor',
  '&anchor',
  '!!tag x',
  '| literal',
  '> folded',
  '{a: b}',
  '[a, b]',
  '%directive',
  '@at',
  '`tick',
  '---',
  '...',
  '<<',
  'trailing space ',
  ' leading space',
  'tab\tinside',
  'line\nbreak',
  'carriage\r\nreturn',
  'José Ñandú',
  '東京都',
  'عنوان',
  '😀 emoji 👩‍👩‍👧',
  'zero\u200bwidth',
  'right\u202eto left',
  'nel\u0085ls\u2028ps\u2029',
  'nbsp\u00a0',
  '\ufeffbom',
  'bell\u0007',
  '<b>html</b> & &amp;',
  'Authorization: AWS4\r\nX: y',
  'x'.repeat(1_000),
  'word '.repeat(200),
];

describe('hostile values', () => {
  it.each(hostileValues)('A YAML parser reads the value %j back unchanged', (value) => {
    const returnAddress = { ...address, name: value, street2: value };
    const read = parse(manifestText({ importToS3: { ...importToS3, returnAddress } }).text);
    expect(read).toEqual({
      manifestVersion: '2.0',
      generator: 'waybill',
      deviceId: '49382',
      returnAddress: { ...address, name: value, street2: value },
      eraseDevice: 'yes',
      bucket: 'my-bucket',
    });
  });

  it.each(hostileValues)('The value %j takes one line, so that it cannot mislead a reader of lines', (value) => {
    const plain = manifestText({ importToS3 }).text.split('\n').length;
    const returnAddress = { ...address, name: value };
    expect(manifestText({ importToS3: { ...importToS3, returnAddress } }).text.split(/\r?\n/)).toHaveLength(plain);
  });

  it.each(hostileValues.filter((value) => !/\p{Cc}/u.test(value) && value.length < 256))(
    'The value %j is accepted as a file extension',
    (extension) => {
      const contentTypes = [{ extension, contentType: 'text/plain' }];
      expect(parse(manifestText({ importToS3: { ...importToS3, contentTypes } }).text).contentTypes).toEqual({
        [extension]: 'text/plain',
      });
    },
  );
});

function without(member: string, object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== member));
}

function refusal(manifest: unknown) {
  try {
    manifestText(manifest as ImportExportManifest);
  } catch (error) {
    if (error instanceof BackendError)
      return { code: error.code, field: error.field?.join('.'), message: error.message };
    throw error;
  }
  return undefined;
}

describe('required members', () => {
  const required = {
    importToS3: ['deviceId', 'returnAddress', 'bucket', 'eraseDevice'],
    importToGlacier: ['deviceId', 'returnAddress', 'region', 'vaultName', 'archiveComment', 'eraseDevice', 'logBucket'],
    exportFromS3: ['deviceId', 'returnAddress', 'fileSystem', 'operations', 'logBucket', 'encryption'],
  };
  const valid = { importToS3, importToGlacier, exportFromS3 };
  const kinds = ['importToS3', 'importToGlacier', 'exportFromS3'] as const;
  const cases = kinds.flatMap((kind) => required[kind].map((member) => [kind, member] as const));

  it.each(cases)('An input %s without %s is refused with that field', (kind, member) => {
    const rest = without(member, valid[kind]);
    expect(refusal({ [kind]: rest })).toMatchObject({ code: 'INVALID_INPUT', field: `manifest.${kind}.${member}` });
  });

  it.each(Object.keys(address))('A return address with an absent or blank %s is refused with that field', (member) => {
    const rest = without(member, address);
    const field = `manifest.importToS3.returnAddress.${member}`;
    expect(refusal({ importToS3: { ...importToS3, returnAddress: rest } })).toMatchObject({ field });
    expect(refusal({ importToS3: { ...importToS3, returnAddress: { ...address, [member]: ' ' } } })).toMatchObject({
      field,
    });
  });

  it.each(Object.keys(customs).filter((member) => !['encryptionClassification', 'deviceHts'].includes(member)))(
    'A customs declaration without %s is refused with that field',
    (member) => {
      const rest = without(member, customs);
      const field = `manifest.importToS3.customs.${member}`;
      expect(refusal({ importToS3: { ...importToS3, customs: rest } })).toMatchObject({ code: 'INVALID_INPUT', field });
    },
  );
});

describe('invalid values', () => {
  const secret = 'planted-secret';
  it.each([
    ['importToS3.deviceId', { importToS3: { ...importToS3, deviceId: `${secret}\nbucket: other` } }],
    ['importToS3.bucket', { importToS3: { ...importToS3, bucket: `${secret}/A` } }],
    ['importToS3.bucket', { importToS3: { ...importToS3, bucket: 'ab' } }],
    ['importToS3.bucket', { importToS3: { ...importToS3, bucket: 'a'.repeat(256) } }],
    ['importToS3.bucket', { importToS3: { ...importToS3, bucket: 'a\u0000b' } }],
    ['importToS3.bucket', { importToS3: { ...importToS3, bucket: 'a b' } }],
    ['importToS3.bucket', { importToS3: { ...importToS3, bucket: 'my-bucket\n' } }],
    [
      'importToS3.notificationEmails.1',
      { importToS3: { ...importToS3, notificationEmails: ['a@b.c', `${secret}@b.c;d@e.f`] } },
    ],
    ['importToS3.logPrefix', { importToS3: { ...importToS3, logPrefix: 'é'.repeat(505) } }],
    ['importToS3.serviceLevel', { importToS3: { ...importToS3, serviceLevel: secret } }],
    ['importToS3.encryption', { importToS3: { ...importToS3, encryption: {} } }],
    [
      'importToS3.encryption',
      { importToS3: { ...importToS3, encryption: { pinCode: secret, trueCryptPassword: secret } } },
    ],
    ['importToS3.encryption.pinCode', { importToS3: { ...importToS3, encryption: { pinCode: `${secret}\u0000` } } }],
    [
      'importToS3.contentTypes.1.extension',
      {
        importToS3: {
          ...importToS3,
          contentTypes: [
            { extension: 'a', contentType: 'b' },
            { extension: 'a', contentType: secret },
          ],
        },
      },
    ],
    ['importToS3.ignore.0', { importToS3: { ...importToS3, ignore: [`${secret}\n`] } }],
    [
      'importToS3.returnAddress.street1',
      { importToS3: { ...importToS3, returnAddress: { ...address, street1: secret.repeat(100) } } },
    ],
    [
      'importToS3.returnAddress.name',
      { importToS3: { ...importToS3, returnAddress: { ...address, name: `${secret}\ud800` } } },
    ],
    ['importToGlacier.archiveComment', { importToGlacier: { ...importToGlacier, archiveComment: 'x'.repeat(998) } }],
    ['exportFromS3.operations', { exportFromS3: { ...exportFromS3, operations: [] } }],
    [
      'exportFromS3.operations.1.exportBucket',
      {
        exportFromS3: {
          ...exportFromS3,
          operations: [{ exportBucket: 'my-bucket' }, { exportBucket: `${secret}/` }],
        },
      },
    ],
    ['exportFromS3.fileSystem', { exportFromS3: { ...exportFromS3, fileSystem: secret } }],
  ])('An invalid %s is refused with that field, and its value is not shown (case %#)', (path, manifest) => {
    const refused = refusal(manifest);
    expect(refused).toMatchObject({ code: 'INVALID_INPUT', field: `manifest.${path}` });
    expect(refused?.message.toLowerCase()).not.toContain(secret);
  });

  it.each(['USA', 'us', 'United States', 'U.S.A.', 'Canada', ' ca '])(
    'An address in %j without a state is refused',
    (country) => {
      const returnAddress = { ...without('stateOrProvince', address), country };
      expect(refusal({ importToS3: { ...importToS3, returnAddress } })).toMatchObject({
        field: 'manifest.importToS3.returnAddress.stateOrProvince',
      });
    },
  );

  it('An address in Germany needs no state', () => {
    const returnAddress = { ...address, country: 'Germany', stateOrProvince: null };
    expect(refusal({ importToS3: { ...importToS3, returnAddress } })).toBeUndefined();
  });

  it.each([
    [{}, 0],
    [{ importToS3: null, text: null }, 0],
    [{ importToS3, exportFromS3 }, 2],
  ])('A manifest of no kind or of two kinds is refused (case %#)', (manifest, count) => {
    expect(refusal(manifest)).toEqual({
      code: 'INVALID_INPUT',
      field: 'manifest',
      message: `The manifest must be of exactly one kind; ${count} were given.`,
    });
  });

  it('An invalid manifest is not sent', async () => {
    const { client, forms } = clientAnswering('');
    const manifest = { importToS3: { ...importToS3, bucket: 'no' } };
    expect(await failureOf(client.createJob({ manifest, validateOnly: true }, uninterrupted))).toMatchInlineSnapshot(`
      {
        "code": "INVALID_INPUT",
        "field": [
          "manifest",
          "importToS3",
          "bucket",
        ],
        "isOutcomeUnclear": false,
        "message": "The bucket must be the name of an S3 bucket: 3 to 255 letters, digits, dots, hyphens or underscores; 2 characters were given.",
      }
    `);
    expect(forms).toEqual([]);
  });
});
