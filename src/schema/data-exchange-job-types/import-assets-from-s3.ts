/** IMPORT_ASSETS_FROM_S3: its input and its details. */
import type * as model from '../../model/data-exchange-job-types/import-assets-from-s3.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import { builder } from '../builder.ts';
import { reading } from '../rights.ts';
import { S3Object } from '../s3-object.ts';
import { sized } from '../sized.ts';
import { DataExchangeJobDetails, importedInto } from './details.ts';
import { importFields } from './inputs.ts';
import { revisionLink } from './links.ts';

const S3ObjectInput = builder.inputType('S3ObjectInput', {
  description: 'An object in Amazon S3.',
  fields: (t) => ({
    bucket: t.string(sized(sizes.bucket, (range) => `The name of the bucket: ${range}.`)),
    key: t.string(sized(sizes.objectKey, (range) => `Its key, which is its whole name within the bucket: ${range}.`)),
  }),
});

const ImportAssetsFromS3Input = builder.inputType('ImportAssetsFromS3Input', {
  description: 'Import objects from S3.',
  fields: (t) => ({
    ...importFields(t),
    sources: t.field({
      type: [S3ObjectInput],
      ...sized(sizes.sources, (range) => `The objects: ${range}. Each becomes an asset named after its key.`),
    }),
  }),
});

const Details = builder.objectRef<model.ImportAssetsFromS3Details>('ImportAssetsFromS3Details').implement({
  extensions: reading,
  description: 'An import of objects from S3.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', importedInto),
    revision: t.field(revisionLink),
    sources: t.expose('sources', {
      type: [S3Object],
      nullable: { list: true, items: true },
      description:
        'The objects to import. Each becomes an asset named after its key. Null if the service left them out of its answer; one is null if it cannot be read there.',
    }),
  }),
});

export const importAssetsFromS3 = {
  value: { description: 'Copies objects from S3 into a revision.' },
  input: { type: ImportAssetsFromS3Input, required: false, description: 'Import objects from S3.' },
  details: Details,
} as const;
