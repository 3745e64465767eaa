/** EXPORT_ASSETS_TO_S3: its input and its details. */
import type * as model from '../../model/data-exchange-job-types/export-assets-to-s3.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import { assetDestinations, type LinkedAssetDestination } from '../../resolvers/destinations.ts';
import { builder } from '../builder.ts';
import { upTo } from '../price.ts';
import { reading } from '../rights.ts';
import { sized } from '../sized.ts';
import { DataExchangeJobDetails, exportedFrom } from './details.ts';
import { encryptedWith, encryptionInput } from './encryption.ts';
import { exportFields } from './inputs.ts';
import { assetLink, revisionLink } from './links.ts';

const AssetDestinationInput = builder.inputType('AssetDestinationInput', {
  description: 'Where one asset is to be copied to.',
  fields: (t) => ({
    assetId: t.string({ description: 'The `awsAssetId` of the asset.' }),
    bucket: t.string(sized(sizes.bucket, (range) => `The bucket that receives it: ${range}.`)),
    key: t.string({
      required: false,
      ...sized(sizes.objectKey, (range) => `The key that it gets there: ${range}. Absent for the name of the asset.`),
    }),
  }),
});

const ExportAssetsToS3Input = builder.inputType('ExportAssetsToS3Input', {
  description: 'Export chosen assets to S3. Objects already there are overwritten.',
  fields: (t) => ({
    ...exportFields(t),
    destinations: t.field({
      type: [AssetDestinationInput],
      ...sized(sizes.destinations, (range) => `Where each asset goes: ${range}.`),
    }),
    encryption: t.field(encryptionInput),
  }),
});

const AssetDestination = builder.objectRef<LinkedAssetDestination>('AssetDestination').implement({
  extensions: reading,
  description: 'Where one asset is copied to.',
  fields: (t) => ({
    assetId: t.exposeString('assetId', { description: 'The `awsAssetId` of the asset.' }),
    asset: t.field(assetLink),
    bucket: t.exposeString('bucket', { description: 'The bucket that receives it.' }),
    key: t.exposeString('key', {
      nullable: true,
      description: 'The key that it gets there. Null for the name of the asset.',
    }),
  }),
});

const Details = builder.objectRef<model.ExportAssetsToS3Details>('ExportAssetsToS3Details').implement({
  extensions: reading,
  description: 'An export of chosen assets to S3.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', exportedFrom),
    revision: t.field(revisionLink),
    destinations: t.field({
      extensions: upTo(sizes.destinations.max),
      type: [AssetDestination],
      nullable: { list: true, items: true },
      description:
        'Where each asset goes, at most 100. Null if the service left them out of its answer; one is null if it cannot be read there.',
      resolve: assetDestinations,
    }),
    encryption: t.expose('encryption', encryptedWith),
  }),
});

export const exportAssetsToS3 = {
  value: { description: 'Copies chosen assets of one revision to S3.' },
  input: { type: ExportAssetsToS3Input, required: false, description: 'Copy assets to S3.' },
  details: Details,
} as const;
