/** The fields that the inputs of several Data Exchange job types share. */
import type { InputFieldBuilder } from '@pothos/core';
import type { builder } from '../builder.ts';

type InputFields = InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

/** An import adds to one revision. */
export function importFields(t: InputFields) {
  return {
    dataSetId: t.string({ description: 'The `awsDataSetId` of the data set to add to, which the account must own.' }),
    revisionId: t.string({
      description: 'The `awsRevisionId` of its revision to add to, which must not be finalized.',
    }),
  };
}

/** An export of assets reads from one revision. */
export function exportFields(t: InputFields) {
  return {
    ...exportedDataSet(t),
    revisionId: t.string({ description: 'The `awsRevisionId` of its revision to read from.' }),
  };
}

export function exportedDataSet(t: InputFields) {
  return { dataSetId: t.string({ description: 'The `awsDataSetId` of the data set to read from, whoever owns it.' }) };
}
