/** What the details of all Data Exchange job types have in common. */
import type * as model from '../../model/data-exchange-job.ts';
import { builder } from '../builder.ts';

/** `index.ts` selects the type that implements it for each job type. */
export const DataExchangeJobDetails = builder.interfaceRef<model.DataExchangeJobDetails>('DataExchangeJobDetails');

/** The options of `revisionId` in the details of an import. */
export const importedInto = {
  nullable: true,
  description:
    'The `awsRevisionId` of the revision that the job adds to. The service does not say which assets it made there. Null if the service left it out of its answer.',
} as const;

/** The options of `revisionId` in the details of an export. */
export const exportedFrom = {
  nullable: true,
  description:
    'The `awsRevisionId` of the revision that the job reads from. Null if the service left it out of its answer.',
} as const;
