/** EXPORT_REVISIONS_TO_S3: its input and its details. */
import type * as model from '../../model/data-exchange-job-types/export-revisions-to-s3.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import { type LinkedRevisionDestination, revisionDestinations } from '../../resolvers/destinations.ts';
import { builder } from '../builder.ts';
import { reading } from '../rights.ts';
import { sized } from '../sized.ts';
import { DataExchangeJobDetails } from './details.ts';
import { encryptedWith, encryptionInput } from './encryption.ts';
import { exportedDataSet } from './inputs.ts';
import { revisionLink } from './links.ts';

const RevisionDestinationInput = builder.inputType('RevisionDestinationInput', {
  description: 'Where the assets of one revision are to be copied to.',
  fields: (t) => ({
    revisionId: t.string({ description: 'The `awsRevisionId` of the revision.' }),
    bucket: t.string(sized(sizes.bucket, (range) => `The bucket that receives its assets: ${range}.`)),
    keyPattern: t.string({
      required: false,
      description: `How each key is made: with "\${Asset.Name}" or "\${Asset.Id}", so that no two are the same. Absent for "\${Asset.Name}".`,
    }),
  }),
});

const ExportRevisionsToS3Input = builder.inputType('ExportRevisionsToS3Input', {
  description: 'Export a whole revision to S3. Objects already there are overwritten.',
  fields: (t) => ({
    ...exportedDataSet(t),
    destinations: t.field({
      type: [RevisionDestinationInput],
      ...sized(sizes.revisions, (range) => `Where the revision goes: ${range}.`),
    }),
    encryption: t.field(encryptionInput),
  }),
});

const RevisionDestination = builder.objectRef<LinkedRevisionDestination>('RevisionDestination').implement({
  extensions: reading,
  description: 'Where the assets of one revision are copied to.',
  fields: (t) => ({
    revisionId: t.exposeString('revisionId', { description: 'The `awsRevisionId` of the revision.' }),
    revision: t.field(revisionLink),
    bucket: t.exposeString('bucket', { description: 'The bucket that receives its assets.' }),
    keyPattern: t.exposeString('keyPattern', {
      nullable: true,
      description: `How each key is made, such as "in/\${Asset.Name}". Null for "\${Asset.Name}".`,
    }),
  }),
});

const Details = builder.objectRef<model.ExportRevisionsToS3Details>('ExportRevisionsToS3Details').implement({
  extensions: reading,
  description: 'An export of whole revisions to S3.',
  interfaces: [DataExchangeJobDetails],
  fields: (t) => ({
    destinations: t.field({
      type: [RevisionDestination],
      nullable: { list: true, items: true },
      description:
        'Where each revision goes. Null if the service left them out of its answer; one is null if it cannot be read there.',
      resolve: revisionDestinations,
    }),
    encryption: t.expose('encryption', encryptedWith),
    eventActionArn: t.exposeString('eventActionArn', {
      nullable: true,
      description:
        'The Amazon Resource Name of the *event action* that started the job: a rule of AWS Data Exchange that exports each new revision. Null if a caller started it.',
    }),
  }),
});

export const exportRevisionsToS3 = {
  value: { description: 'Copies every asset of a revision to S3.' },
  input: { type: ExportRevisionsToS3Input, required: false, description: 'Copy a whole revision to S3.' },
  details: Details,
} as const;
