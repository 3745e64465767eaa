/** CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: its input and its details. */
import type * as model from '../../model/data-exchange-job-types/s3-data-access.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import { builder } from '../builder.ts';
import { reading } from '../rights.ts';
import { sized } from '../sized.ts';
import { DataExchangeJobDetails, importedInto } from './details.ts';
import { importFields } from './inputs.ts';
import { revisionLink } from './links.ts';

const CreateS3DataAccessFromS3BucketInput = builder.inputType('CreateS3DataAccessFromS3BucketInput', {
  description:
    'Add read access to objects, which stay where they are in S3, to a revision. With neither prefixes nor keys, to the whole bucket.',
  fields: (t) => ({
    ...importFields(t),
    bucket: t.string(sized(sizes.bucket, (range) => `The bucket: ${range}.`)),
    keyPrefixes: t.stringList({
      required: false,
      ...sized(sizes.objectKeys, (range) => `Every object whose key starts with one of these: ${range}.`),
    }),
    keys: t.stringList({
      required: false,
      ...sized(sizes.objectKeys, (range) => `The objects with these keys: ${range}.`),
    }),
    kmsKeyArns: t.stringList({
      required: false,
      ...sized(sizes.kmsKeys, (range) => `The keys of AWS KMS that the objects are encrypted with: ${range}, if any.`),
    }),
  }),
});

const S3DataAccessSource = builder.objectRef<model.S3DataAccessSource>('S3DataAccessSource').implement({
  extensions: reading,
  description: 'Objects that subscribers will be able to read. With neither prefixes nor keys, the whole bucket.',
  fields: (t) => ({
    bucket: t.exposeString('bucket', { description: 'The bucket.' }),
    keyPrefixes: t.exposeStringList('keyPrefixes', { description: 'Every object whose key starts with one of these.' }),
    keys: t.exposeStringList('keys', { description: 'The objects with these keys.' }),
    kmsKeyArns: t.exposeStringList('kmsKeyArns', {
      description: 'The keys of AWS KMS that the objects are encrypted with.',
    }),
  }),
});

const Details = builder
  .objectRef<model.CreateS3DataAccessFromS3BucketDetails>('CreateS3DataAccessFromS3BucketDetails')
  .implement({
    extensions: reading,
    description: 'An addition of read access to objects, which stay where they are in S3.',
    interfaces: [DataExchangeJobDetails],
    fields: (t) => ({
      revisionId: t.exposeString('revisionId', importedInto),
      revision: t.field(revisionLink),
      source: t.expose('source', {
        type: S3DataAccessSource,
        nullable: true,
        description: 'What subscribers will be able to read. Null if the service left it out of its answer.',
      }),
    }),
  });

export const s3DataAccess = {
  value: { description: 'Adds read access to objects, which stay where they are in S3, to a revision.' },
  input: {
    type: CreateS3DataAccessFromS3BucketInput,
    required: false,
    description: 'Add read access to objects in S3.',
  },
  details: Details,
} as const;
