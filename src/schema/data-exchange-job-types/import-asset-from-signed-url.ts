/** IMPORT_ASSET_FROM_SIGNED_URL: its input and its details. */
import type * as model from '../../model/data-exchange-job-types/import-asset-from-signed-url.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import { builder } from '../builder.ts';
import { reading } from '../rights.ts';
import { sized } from '../sized.ts';
import { DataExchangeJobDetails, importedInto } from './details.ts';
import { importFields } from './inputs.ts';
import { revisionLink } from './links.ts';
import { signedUrlField } from './signed-url.ts';

const ImportAssetFromSignedUrlInput = builder.inputType('ImportAssetFromSignedUrlInput', {
  description: 'Import one file that you upload: create the job, PUT the file to its `upload`, then start it.',
  fields: (t) => ({
    ...importFields(t),
    assetName: t.string(sized(sizes.assetName, (range) => `What the new asset is called: ${range}.`)),
    md5Hash: t.string(sized(sizes.md5Hash, (range) => `Base64 of the MD5 of the file: ${range}.`)),
  }),
});

const Details = builder.objectRef<model.ImportAssetFromSignedUrlDetails>('ImportAssetFromSignedUrlDetails').implement({
  extensions: reading,
  description: 'An import of one file that the caller uploads: first the upload, then the start.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', importedInto),
    revision: t.field(revisionLink),
    assetName: t.exposeString('assetName', {
      nullable: true,
      description: 'What the new asset is called. Null if the service left it out of its answer.',
    }),
    md5Hash: t.exposeString('md5Hash', {
      nullable: true,
      description:
        'Base64 of the MD5 of the file, to send as `Content-MD5`. Null if the service left it out of its answer.',
    }),
    upload: t.field({
      ...signedUrlField,
      description:
        'Where to PUT the file. Null once it has expired, and once the service no longer returns it. Costs one read unless this operation created the job. Needs the scope `jobs:secrets`.',
    }),
  }),
});

export const importAssetFromSignedUrl = {
  value: { description: 'Imports one uploaded file into a revision.' },
  input: { type: ImportAssetFromSignedUrlInput, required: false, description: 'Import one file that you upload.' },
  details: Details,
} as const;
