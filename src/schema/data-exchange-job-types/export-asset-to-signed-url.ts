/** EXPORT_ASSET_TO_SIGNED_URL: its input and its details. */
import type * as model from '../../model/data-exchange-job-types/export-asset-to-signed-url.ts';
import { builder } from '../builder.ts';
import { reading } from '../rights.ts';
import { DataExchangeJobDetails, exportedFrom } from './details.ts';
import { exportFields } from './inputs.ts';
import { assetLink, revisionLink } from './links.ts';
import { signedUrlField } from './signed-url.ts';

const ExportAssetToSignedUrlInput = builder.inputType('ExportAssetToSignedUrlInput', {
  description: 'Export one asset that you download: start the job, and once it has completed GET its `download`.',
  fields: (t) => ({
    ...exportFields(t),
    assetId: t.string({ description: 'The `awsAssetId` of the asset to download.' }),
  }),
});

const Details = builder.objectRef<model.ExportAssetToSignedUrlDetails>('ExportAssetToSignedUrlDetails').implement({
  extensions: reading,
  description: 'An export of one asset that the caller downloads.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', exportedFrom),
    revision: t.field(revisionLink),
    assetId: t.exposeString('assetId', {
      nullable: true,
      description: 'The `awsAssetId` of the asset to download. Null if the service left it out of its answer.',
    }),
    asset: t.field(assetLink),
    download: t.field({
      ...signedUrlField,
      description:
        'Where to GET the asset. Use it at once: it may live for one minute only. Null until the job has completed, and once it has expired. Costs one read. Needs the scope `jobs:secrets`.',
    }),
  }),
});

export const exportAssetToSignedUrl = {
  value: { description: 'Offers one asset for download.' },
  input: { type: ExportAssetToSignedUrlInput, required: false, description: 'Download one asset.' },
  details: Details,
} as const;
