/** The input of a manifest, one type for each kind. */

import type { InputFieldBuilder } from '@pothos/core';
import { sizes } from '../model/job-input-sizes.ts';
import { builder } from './builder.ts';
import { TransferDirection } from './import-export-job.ts';
import {
  ContentTypeInput,
  CustomsInput,
  DeviceEncryptionInput,
  DeviceFileSystem,
  ExportOperationInput,
  ServiceLevel,
} from './import-export-manifest-parts.ts';
import { PostalAddressInput } from './postal-address.ts';
import { sized } from './sized.ts';

/** The fields of every kind of manifest. */
function sharedFields(t: InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>) {
  return {
    deviceId: t.string({ description: "The device's serial number, or the label you stuck on it." }),
    returnAddress: t.field({ type: PostalAddressInput, description: 'Where AWS sends the device back to.' }),
    notificationEmails: t.stringList({
      required: false,
      ...sized(sizes.emails, (range) => `E-mail addresses that AWS sends notifications of the job to: ${range}.`),
    }),
    logPrefix: t.string({
      required: false,
      ...sized(sizes.logPrefix, (range) => `What the key of the log starts with; no \`/\` is added: ${range}.`),
    }),
    serviceLevel: t.field({ type: ServiceLevel, required: false, description: 'How the device is sent back.' }),
    customs: t.field({
      type: CustomsInput,
      required: false,
      description: 'Needed where the device crosses a customs border on its way back.',
    }),
  };
}

const eraseDevice = 'Erase the device before it is sent back. AWS has refused `false` since about 2015.';
const unlockWith = 'How AWS opens an encrypted device. Absent for one that is not encrypted.';

const ImportToS3ManifestInput = builder.inputType('ImportToS3ManifestInput', {
  description: 'Copies the files of a device to a bucket.',
  fields: (t) => ({
    ...sharedFields(t),
    bucket: t.string(sized(sizes.bucket, (range) => `The bucket that receives the files: ${range}. It must exist.`)),
    prefix: t.string({ required: false, description: 'What every key starts with; no `/` is added.' }),
    eraseDevice: t.boolean({ defaultValue: true, description: eraseDevice }),
    logBucket: t.string({
      required: false,
      ...sized(sizes.bucket, (range) => `Where the log goes: ${range}. Absent for \`bucket\`.`),
    }),
    cacheControl: t.string({ required: false, description: 'The `Cache-Control` of every object.' }),
    contentDisposition: t.string({ required: false, description: 'The `Content-Disposition` of every object.' }),
    contentLanguage: t.string({ required: false, description: 'The `Content-Language` of every object.' }),
    contentTypes: t.field({
      type: [ContentTypeInput],
      required: false,
      ...sized(
        sizes.contentTypes,
        (range) => `The \`Content-Type\` of objects, by the extension of their file: ${range}.`,
      ),
    }),
    ignore: t.stringList({
      required: false,
      ...sized(
        sizes.ignoredFiles,
        (range) => `Regular expressions, as Java writes them, for files and folders to leave out: ${range}.`,
      ),
    }),
    setContentEncodingForGzFiles: t.boolean({
      required: false,
      description: 'Recognise gzip files and set their `Content-Encoding`.',
    }),
    encryption: t.field({ type: DeviceEncryptionInput, required: false, description: unlockWith }),
  }),
});

const ImportToGlacierManifestInput = builder.inputType('ImportToGlacierManifestInput', {
  description: 'Stores a device as an archive in Amazon S3 Glacier.',
  fields: (t) => ({
    ...sharedFields(t),
    region: t.string({ description: 'The AWS region of the vault, such as `us-east-1`.' }),
    vaultName: t.string({ description: 'The vault. It must exist.' }),
    archiveComment: t.string(sized(sizes.archiveComment, (range) => `What the archive is described as: ${range}.`)),
    eraseDevice: t.boolean({ defaultValue: true, description: eraseDevice }),
    logBucket: t.string(sized(sizes.bucket, (range) => `The bucket that the log goes to: ${range}.`)),
    encryption: t.field({ type: DeviceEncryptionInput, required: false, description: unlockWith }),
  }),
});

const ExportFromS3ManifestInput = builder.inputType('ExportFromS3ManifestInput', {
  description: 'Copies objects from S3 to a device, which AWS formats first.',
  fields: (t) => ({
    ...sharedFields(t),
    fileSystem: t.field({ type: DeviceFileSystem, description: 'How AWS formats the device.' }),
    operations: t.field({
      type: [ExportOperationInput],
      ...sized(
        sizes.exportOperations,
        (range) => `What to copy, in this order: ${range}. All buckets lie in one region.`,
      ),
    }),
    logBucket: t.string(
      sized(sizes.bucket, (range) => `The bucket that the log goes to, in the region of the others: ${range}.`),
    ),
    recoveryDirectory: t.string({
      required: false,
      description: 'The folder for files whose name the file system does not allow.',
    }),
    encryption: t.field({
      type: DeviceEncryptionInput,
      description: 'How the device is protected: AWS exports to encrypted devices only.',
    }),
  }),
});

const ManifestTextInput = builder.inputType('ManifestTextInput', {
  description: 'A manifest in your own words, for what the typed fields do not cover.',
  fields: (t) => ({
    direction: t.field({ type: TransferDirection, description: 'Which way the data goes: the text does not say it.' }),
    text: t.string(
      sized(sizes.manifestText, (range) => `The manifest as the service is to read it, byte for byte: ${range}.`),
    ),
  }),
});

export const ImportExportManifestInput = builder.inputType('ImportExportManifestInput', {
  description: 'The manifest, written for you from typed fields, or your own text. Exactly one field is set.',
  isOneOf: true,
  fields: (t) => ({
    importToS3: t.field({ type: ImportToS3ManifestInput, required: false, description: 'From a device to S3.' }),
    importToGlacier: t.field({
      type: ImportToGlacierManifestInput,
      required: false,
      description: 'From a device to Amazon S3 Glacier.',
    }),
    exportFromS3: t.field({ type: ExportFromS3ManifestInput, required: false, description: 'From S3 to a device.' }),
    text: t.field({ type: ManifestTextInput, required: false, description: 'Your own text.' }),
  }),
});
