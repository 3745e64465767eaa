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
    'Which jobs to admit: those that fit every field. A field that is absent, null or empty admits all. A filter that no job can fit is an error.\n\nIn a list `service`, `dataSetId` and `revisionId` cost nothing: AWS applies them. For the other fields the gateway looks through the lists of the services, as `Query.jobs` says. In a stream no field costs anything.',
  fields: (t) => ({
    service: t.field({ type: JobService, required: false, description: 'Only jobs of this service.' }),
    states: t.field({
      type: [JobState],
      required: false,
      ...sized(
        sizes.filterStates,
        (range) =>
          `Only jobs in any of these states, ${range} of them. A list of AWS Import/Export shows no state but \`CANCELLED\`: every other job costs one read, unless the gateway has observed it finished before. A job whose read fails may be in one of these states: it is null, with an error at its path.`,
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
      description: 'Only AWS Data Exchange jobs about the data set with this `awsDataSetId`.',
    }),
    revisionId: t.string({
      required: false,
      description:
        'Only AWS Data Exchange jobs about the revision with this `awsRevisionId`. Needs `dataSetId`, that of its data set. AWS does not say whether its list then has the exports of the whole revision: these may be missing.',
    }),
    createdAfter: t.field({
      type: 'DateTime',
      required: false,
      description:
        'Only jobs created at this instant or later; of AWS Import/Export, whose dates have no fraction, in the same second or later. The gateway looks through a list no further than that, so this saves calls.',
    }),
    createdBefore: t.field({
      type: 'DateTime',
      required: false,
      description: 'Only jobs created before this instant. It must be later than `createdAfter`.',
    }),
  }),
});
