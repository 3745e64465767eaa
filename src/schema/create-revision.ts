/** The mutation `createRevision`. */
import { sizes } from '../model/job-input-sizes.ts';
import { createRevision, type RevisionPayload } from '../resolvers/create-revision.ts';
import { builder } from './builder.ts';
import { Revision } from './catalog/refs.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { payloadType } from './payload.ts';
import { write } from './price.ts';
import { readingCatalog, writingCatalog } from './rights.ts';
import { sized, sizedInput } from './sized.ts';

const CreateRevisionInput = builder.inputType('CreateRevisionInput', {
  description: 'The revision to create.',
  fields: (t) => ({
    dataSetId: t.string({ description: 'The `awsDataSetId` of the data set, which the account must own.' }),
    comment: t.string({
      required: false,
      ...sized(sizes.revisionComment, (range) => `What is new in it, for subscribers to read: ${range}.`),
    }),
    idempotencyKey: t.string(idempotencyKey),
  }),
});

const CreateRevisionPayload = payloadType<RevisionPayload>('CreateRevisionPayload', {
  description: 'The new revision, or why there is none.',
  rights: readingCatalog,
  fields: (t) => ({
    revision: t.expose('revision', { type: Revision, nullable: true, description: 'Null if the request was refused.' }),
  }),
});

builder.mutationField('createRevision', (t) =>
  t.field({
    extensions: { ...write, ...writingCatalog },
    type: CreateRevisionPayload,
    description:
      'Creates a revision of a data set: an empty draft, which jobs can import assets into, and which nobody else sees before `finalizeRevision`.\n\n`userErrors` has `NOT_FOUND` if there is no such data set, `ACCESS_DENIED` if another account owns it or the credentials of the gateway may not do this, and `QUOTA_EXCEEDED` if the data set has as many revisions as it may (10,000, unless AWS has allowed more).\n\nIt is sent once, and an `idempotencyKey` works as in `createDataSet`.',
    args: { input: t.arg({ type: CreateRevisionInput, ...sizedInput('The revision to create.') }) },
    resolve: createRevision,
  }),
);
