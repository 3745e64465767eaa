/** The input types within a manifest. */
import { sizes } from '../model/job-input-sizes.ts';
import { builder } from './builder.ts';
import { sized } from './sized.ts';

export const ServiceLevel = builder.enumType('ServiceLevel', {
  description: 'How fast a device is sent back.',
  values: {
    EXPEDITED_SHIPPING: { description: 'Within two days. Addresses in the United States only.' },
    STANDARD: { description: 'At the usual speed, which AWS takes where nothing is said.' },
  } as const,
});

export const DeviceFileSystem = builder.enumType('DeviceFileSystem', {
  description: 'How a device can be formatted.',
  values: {
    EXT2: { description: 'The second extended file system of Linux.' },
    EXT3: { description: 'The third extended file system of Linux.' },
    EXT4: { description: 'The fourth extended file system of Linux.' },
    FAT32: { description: 'The 32-bit file allocation table: files of less than 4 GiB.' },
    NTFS: { description: 'The file system of Windows.' },
  } as const,
});

export const DeviceEncryptionInput = builder.inputType('DeviceEncryptionInput', {
  description:
    'How the device is protected. It is written to the manifest and never read back. Exactly one field is set.',
  isOneOf: true,
  fields: (t) => ({
    trueCryptPassword: t.string({ required: false, description: 'The password of a TrueCrypt container.' }),
    pinCode: t.string({ required: false, description: 'The code of a device with a keypad.' }),
  }),
});

export const CustomsInput = builder.inputType('CustomsInput', {
  description: 'What the customs must know of a device and its data.',
  fields: (t) => ({
    dataDescription: t.string({ description: 'What the data is about.' }),
    encryptedData: t.boolean({ description: 'Whether the data is encrypted.' }),
    encryptionClassification: t.string({
      required: false,
      description: 'The export classification of the encryption, such as `5D992`.',
    }),
    exportCertifierName: t.string({ description: 'The person who vouches for the export.' }),
    requiresExportLicense: t.boolean({ description: 'Whether the export needs a licence.' }),
    deviceValue: t.string({ description: 'What the device is worth in US dollars, such as `250.00`.' }),
    deviceCountryOfOrigin: t.string({ description: 'Where the device was made.' }),
    deviceType: t.string({ description: 'What the device is, such as `externalStorageDevice`.' }),
    deviceHts: t.string({
      required: false,
      description: 'Its number in the Harmonized Tariff Schedule, such as `8471.70.2000`.',
    }),
    typeOfExport: t.string({ description: 'Why it is exported, such as `return`.' }),
  }),
});

export const ContentTypeInput = builder.inputType('ContentTypeInput', {
  description: 'The `Content-Type` of files with one extension.',
  fields: (t) => ({
    extension: t.string(sized(sizes.fileExtension, (range) => `The extension: ${range}. Upper and lower case differ.`)),
    contentType: t.string({ description: 'The media type, such as `text/csv`.' }),
  }),
});

export const ExportOperationInput = builder.inputType('ExportOperationInput', {
  description: 'Objects of one bucket to copy: their newest versions.',
  fields: (t) => ({
    exportBucket: t.string(sized(sizes.bucket, (range) => `The bucket: ${range}. It must exist.`)),
    prefix: t.string({ required: false, description: 'Only keys that start with this.' }),
    beginMarker: t.string({ required: false, description: 'Only keys after this one.' }),
    endMarker: t.string({ required: false, description: 'Only keys up to this one, which is included.' }),
    targetDirectory: t.string({
      required: false,
      description: 'The folder of the device to copy to. Absent for one named after the bucket.',
    }),
  }),
});
