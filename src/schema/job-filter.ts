/** The input that selects jobs, for lists and for `jobActivity`. */
import { sizes } from '../model/job-input-sizes.ts';
import { builder } from './builder.ts';
import { DataExchangeJobType } from './data-exchange-job-types/index.ts';
import { TransferDirection } from './import-export-job.ts';
import { JobService } from './job.ts';
import { JobState } from './job-state.ts';
import { sized } from './sized.ts';

export const JobFilter = builder.inputType('JobFilter', {
  description:
    'Which jobs to admit: those that fit every field. A field that is absent, null or empty admits all.\n\nA filter that no job can fit is an error. The services themselves apply only `service`, `dataSetId` and `revisionId`: for the other fields the gateway looks through their lists.',
  fields: (t) => ({
    service: t.field({ type: JobService, required: false, description: 'Only jobs of this service.' }),
    states: t.field({
      type: [JobState],
      required: false,
      ...sized(
        sizes.filterStates,
        (range) =>
          `Only jobs in any of these states, ${range} of them. A list of AWS Import/Export shows no state: each of its jobs costs one read, unless the gateway has observed it finished before. A job whose read fails may be in one of them: it is null, with an error at its path.`,
      ),
    }),
    types: t.field({
      type: [DataExchangeJobType],
      required: false,
      ...sized(sizes.filterTypes, (range) => `Only AWS Data Exchange jobs of any of these types, ${range} of them.`),
    }),
    direction: t.field({
      type: TransferDirection,
      required: false,
      description: 'Only AWS Import/Export jobs that move data this way.',
    }),
    dataSetId: t.string({
      required: false,
      description: 'Only AWS Data Exchange jobs of the data set with this id at the service.',
    }),
    revisionId: t.string({
      required: false,
      description:
        'Only AWS Data Exchange jobs of the revision with this id at the service. Needs `dataSetId`, the data set of the revision.',
    }),
    createdAfter: t.field({
      type: 'DateTime',
      required: false,
      description:
        'Only jobs created at this instant or later, which is known to the second for AWS Import/Export. Looking through a list ends there.',
    }),
    createdBefore: t.field({
      type: 'DateTime',
      required: false,
      description: 'Only jobs created before this instant; later than `createdAfter`.',
    }),
  }),
});
