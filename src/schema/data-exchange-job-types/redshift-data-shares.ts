/** IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: its input and its details. */
import type * as model from '../../model/data-exchange-job-types/redshift-data-shares.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import { builder } from '../builder.ts';
import { reading } from '../rights.ts';
import { sized } from '../sized.ts';
import { DataExchangeJobDetails, importedInto } from './details.ts';
import { importFields } from './inputs.ts';
import { revisionLink } from './links.ts';

const ImportAssetsFromRedshiftDataSharesInput = builder.inputType('ImportAssetsFromRedshiftDataSharesInput', {
  description: 'Import Amazon Redshift datashares.',
  fields: (t) => ({
    ...importFields(t),
    dataShareArns: t.stringList(
      sized(sizes.dataShares, (range) => `The Amazon Resource Names of the datashares: ${range}.`),
    ),
  }),
});

const Details = builder
  .objectRef<model.ImportAssetsFromRedshiftDataSharesDetails>('ImportAssetsFromRedshiftDataSharesDetails')
  .implement({
    extensions: reading,
    description: 'An import of Amazon Redshift datashares.',
    interfaces: [DataExchangeJobDetails],
    fields: (t) => ({
      revisionId: t.exposeString('revisionId', importedInto),
      revision: t.field(revisionLink),
      dataShareArns: t.exposeStringList('dataShareArns', {
        nullable: { list: true, items: true },
        description:
          'The Amazon Resource Names of the datashares to import. Null if the service left them out of its answer; one is null if it cannot be read there.',
      }),
    }),
  });

export const redshiftDataShares = {
  value: { description: 'Imports Amazon Redshift datashares into a revision.' },
  input: {
    type: ImportAssetsFromRedshiftDataSharesInput,
    required: false,
    description: 'Import Amazon Redshift datashares.',
  },
  details: Details,
} as const;
