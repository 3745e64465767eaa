/** The mutation `createDataSet`. */
import { sizes } from '../model/job-input-sizes.ts';
import { createDataSet, type CreateDataSetPayload as PayloadShape } from '../resolvers/create-data-set.ts';
import { builder } from './builder.ts';
import { AssetType } from './catalog/enums.ts';
import { DataSet } from './catalog/refs.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { payloadType } from './payload.ts';
import { write } from './price.ts';
import { readingCatalog, writingCatalog } from './rights.ts';
import { sized, sizedInput } from './sized.ts';

const CreateDataSetInput = builder.inputType('CreateDataSetInput', {
  description: 'The data set to create.',
  fields: (t) => ({
    assetType: t.field({
      type: AssetType,
      description: 'The type of all its assets. It cannot be changed later, and cannot be `UNKNOWN`.',
    }),
    name: t.string({
      description:
        'What subscribers see as its name: not blank, and without line breaks. Two data sets may have the same.',
    }),
    description: t.string(
      sized(sizes.dataSetDescription, (range) => `What is in it, for subscribers to read: ${range}. It may be empty.`),
    ),
    idempotencyKey: t.string(idempotencyKey),
  }),
});

const CreateDataSetPayload = payloadType<PayloadShape>('CreateDataSetPayload', {
  description: 'The new data set, or why there is none.',
  rights: readingCatalog,
  fields: (t) => ({
    dataSet: t.expose('dataSet', { type: DataSet, nullable: true, description: 'Null if the request was refused.' }),
  }),
});

builder.mutationField('createDataSet', (t) =>
  t.field({
    extensions: { ...write, ...writingCatalog },
    type: CreateDataSetPayload,
    description:
      'Creates a data set that the account owns. It is empty, and nobody else sees it before one of its revisions is finalized and the account offers it to subscribers at AWS.\n\n`userErrors` has `ACCESS_DENIED` if the credentials of the gateway may not do this, and `QUOTA_EXCEEDED` if the account has as many as it may (3,000, unless AWS has allowed more).\n\nIt is sent once: if the answer is lost, the error `OUTCOME_UNKNOWN` says so, and an `idempotencyKey` lets a repeat settle it. For that the gateway gives the data set a tag with a hash of the key. If the account refuses tags, the data set has none, and `extensions.keyNotTagged` says that the key cannot settle a lost answer.',
    args: { input: t.arg({ type: CreateDataSetInput, ...sizedInput('The data set to create.') }) },
    resolve: createDataSet,
  }),
);
