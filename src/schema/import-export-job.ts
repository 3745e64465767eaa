/** The type of an AWS Import/Export Disk job. */
import type * as model from '../model/import-export-job.ts';
import {
  artifacts,
  device,
  direction,
  manifest,
  progress,
  signature,
  withheldArtifacts,
} from '../resolvers/import-export-job.ts';
import { secretUrl } from '../resolvers/secret-url.ts';
import { builder } from './builder.ts';
import { Job } from './job.ts';
import { Node } from './node.ts';
import { oneCall } from './price.ts';
import { reading, secret, withheldBy } from './rights.ts';
import { S3Object } from './s3-object.ts';

export const TransferDirection = builder.enumType('TransferDirection', {
  description: 'Which way the data goes.',
  values: {
    EXPORT: { description: 'Out of AWS, onto the device.' },
    IMPORT: { description: 'From the device into AWS.' },
  } as const,
});

const ImportExportProgress = builder.objectRef<model.ImportExportProgress>('ImportExportProgress').implement({
  extensions: reading,
  description: 'How far the transfer has come, in the words of AWS.',
  fields: (t) => ({
    code: t.exposeString('code', { description: "The service's own word, such as `Pending` or `DeviceError`." }),
    message: t.exposeString('message', {
      nullable: true,
      description: "The service's sentence for a person to read. Null if it sent none.",
    }),
    errorCount: t.exposeInt('errorCount', {
      nullable: true,
      description: 'How many items failed. Null until the transfer has ended.',
    }),
    log: t.expose('log', {
      type: S3Object,
      nullable: true,
      description: 'Where the service wrote its log of items. Null until it has.',
    }),
  }),
});

const DeviceLocation = builder.enumType('DeviceLocation', {
  description: 'Where a storage device can be.',
  values: {
    AT_AWS: { description: 'At the AWS data centre that does the transfer.' },
    NOT_RECEIVED: { description: 'Not arrived at AWS yet.' },
    RETURNED: { description: 'Sent back by AWS.' },
    UNKNOWN: { description: 'The service reported a place newer than this gateway: see `locationCode`.' },
  } as const,
});

const Shipment = builder.objectRef<model.Shipment>('Shipment').implement({
  extensions: reading,
  description: 'A parcel under way.',
  fields: (t) => ({
    carrier: t.exposeString('carrier', { description: 'Who carries it, such as `UPS`.' }),
    trackingNumber: t.exposeString('trackingNumber', { description: "The carrier's number for the parcel." }),
  }),
});

const StorageDevice = builder.objectRef<model.StorageDevice>('StorageDevice').implement({
  extensions: reading,
  description: 'The device that carries the data of one job.',
  fields: (t) => ({
    location: t.expose('location', { type: DeviceLocation, description: 'Where the device is.' }),
    locationCode: t.exposeString('locationCode', { description: "The service's own word for `location`." }),
    message: t.exposeString('message', {
      nullable: true,
      description: "The service's sentence about the location. Null if it sent none.",
    }),
    returnShipment: t.expose('returnShipment', {
      type: Shipment,
      nullable: true,
      description: 'The parcel in which the device comes back. Null until it is on its way.',
    }),
  }),
});

const JobSignature = builder.objectRef<model.JobSignature>('JobSignature').implement({
  extensions: secret,
  description: 'Proof that a device belongs to a job. Whoever holds it can send a device in for that job.',
  fields: (t) => ({
    value: t.exposeString('value', { description: 'The bare signature value.' }),
    fileContents: t.exposeString('fileContents', {
      description: 'The whole text of the `SIGNATURE` file to write to the root of the device, byte for byte.',
    }),
  }),
});

const JobArtifact = builder.objectRef<model.JobArtifact>('JobArtifact').implement({
  extensions: secret,
  description: 'A document that the service made for a job.',
  fields: (t) => ({
    description: t.exposeString('description', { description: "The service's words for what it is." }),
    url: t.string({
      description: 'Where to get it. Treat it as a secret: it may need no other key.',
      resolve: secretUrl,
    }),
  }),
});

export const ImportExportJob = builder.objectRef<model.ImportExportJob>('ImportExportJob').implement({
  extensions: reading,
  description: 'A job of AWS Import/Export Disk.',
  interfaces: [Node, Job],
  fields: (t) => ({
    direction: t.field({
      type: TransferDirection,
      description: 'Which way the data goes. `updateImportExportJob` may change it.',
      resolve: direction,
    }),
    progress: t.field({
      type: ImportExportProgress,
      description: 'What AWS last said about the transfer.',
      resolve: progress,
    }),
    device: t.field({
      type: StorageDevice,
      nullable: true,
      description: 'Where the storage device is. Null until the service reports a location.',
      resolve: device,
    }),
    manifest: t.string({
      extensions: { ...oneCall, ...secret },
      nullable: true,
      description:
        'The manifest the job will be run with, as last submitted, with its passwords and keys blanked out. Null once the service no longer returns it. Costs one more read, shared with `signature` and `artifacts`. Needs the scope `jobs:secrets`.',
      resolve: manifest,
    }),
    signature: t.field({
      extensions: { ...oneCall, ...secret },
      type: JobSignature,
      nullable: true,
      description:
        'Proof that the device belongs to this job. Null once the service no longer returns it. Costs one more read, shared with `manifest` and `artifacts`. Needs the scope `jobs:secrets`.',
      resolve: signature,
    }),
    artifacts: t.field({
      extensions: { ...oneCall, ...secret, ...withheldBy(withheldArtifacts) },
      type: [JobArtifact],
      description:
        'Documents that the service made for this job, such as packing slips. Costs one more read, shared with `manifest` and `signature`. Needs the scope `jobs:secrets`: without it the list is empty, and an error has its path.',
      resolve: artifacts,
    }),
  }),
});
