/** The fields that the inputs of several Data Exchange job types share. */
import type { InputFieldBuilder } from '@pothos/core';
import type { builder } from '../builder.ts';

type InputFields = InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>;

/** An import adds to one revision. */
export function importFields(t: InputFields) {
  return {
    dataSetId: t.string({ description: 'The data set to add to. You must own it.' }),
    revisionId: t.string({ description: 'Its revision to add to, not finalized yet.' }),
  };
}

/** An export of assets reads from one revision. */
export function exportFields(t: InputFields) {
  return {
    ...exportedDataSet(t),
    revisionId: t.string({ description: 'Its revision to read from.' }),
  };
}

export function exportedDataSet(t: InputFields) {
  return { dataSetId: t.string({ description: 'The data set to read from, owned or subscribed to.' }) };
}
