/** The interface of a job of either service, and the query `job`. */

import type * as model from '../model/job.ts';
import { sizes } from '../model/job-input-sizes.ts';
import { globalIdFrom } from '../resolvers/global-id.ts';
import {
  job,
  jobAvailableActions,
  jobByAwsId,
  jobCreatedAt,
  jobFinishedAt,
  jobIsFinished,
  jobState,
  jobStatusMessage,
  jobTypeName,
} from '../resolvers/job.ts';
import { jobHistory } from '../resolvers/job-history.ts';
import { builder, globalId } from './builder.ts';
import { JobTransitionConnection } from './job-history.ts';
import { JobState } from './job-state.ts';
import { Node } from './node.ts';
import { reading } from './rights.ts';
import { pageSize, sized } from './sized.ts';

export const JobService = builder.enumType('JobService', {
  description: 'The services of AWS that have jobs here.',
  values: {
    DATA_EXCHANGE: {
      description: 'AWS Data Exchange: imports assets into data sets, and exports them.',
    },
    IMPORT_EXPORT: { description: 'AWS Import/Export Disk: moves data on a storage device that is sent by post.' },
  } as const,
});

const JobAction = builder.enumType('JobAction', {
  description: 'What may be asked of a job.',
  values: {
    CANCEL: { description: 'It can be cancelled, by `cancelJob` or `cancelJobs`.' },
    START: { description: 'It can be started, by `startDataExchangeJob`.' },
    UPDATE: { description: 'Its manifest can be replaced, by `updateImportExportJob`.' },
  } as const,
});

export const Job = builder.interfaceRef<model.Job>('Job').implement({
  extensions: reading,
  description:
    'A transfer job of either service. In a list the fields `id`, `awsJobId`, `service`, `createdAt`, `history` and `direction` cost nothing further; the others may cost one read for each AWS Import/Export job.',
  interfaces: [Node],
  resolveType: jobTypeName,
  fields: (t) => ({
    id: t.id({ ...globalId, resolve: globalIdFrom }),
    awsJobId: t.exposeString('awsJobId', {
      description: 'The id that the service gave the job, as in its console and logs. `jobByAwsId` takes it.',
    }),
    service: t.expose('service', { type: JobService, description: 'The AWS service that runs this job.' }),
    state: t.field({ type: JobState, description: 'Where the job is in its life.', resolve: jobState }),
    isFinished: t.boolean({ description: 'Whether `state` can no longer change.', resolve: jobIsFinished }),
    statusMessage: t.string({
      nullable: true,
      description:
        'What the service last said about the job, for a person to read; of an AWS Data Exchange job the `message` of its first error. Null while it has said nothing.',
      resolve: jobStatusMessage,
    }),
    availableActions: t.field({
      type: [JobAction],
      description: 'What may be asked of the job in its present state, so that a page can enable its buttons.',
      resolve: jobAvailableActions,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When the job was created. To the second for AWS Import/Export.',
      resolve: jobCreatedAt,
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the job ended. For AWS Data Exchange: when the service last changed the finished job. AWS Import/Export does not report it: there it is when the gateway first observed the job finished, which may be long after the end. Null while the job has not ended, and where its end is not known. Costs no call beyond that for `state`.',
      resolve: jobFinishedAt,
    }),
    history: t.field({
      type: JobTransitionConnection,
      description:
        'The states that the gateway has observed of the job, newest first. They are kept for 90 days and over restarts, at most 100,000 of all jobs together. The gateway observes a state while somebody subscribes to the job, and whenever a read, a list or a mutation shows it. A state that nobody looked at while it lasted is missing, and so is one that could not be stored. A list of AWS Import/Export jobs shows no state but `CANCELLED`. Costs no call.',
      args: {
        first: t.arg.int(pageSize('steps')),
        after: t.arg.string({ required: false, description: 'The `cursor` to go on behind. Absent for the newest.' }),
      },
      resolve: jobHistory,
    }),
  }),
});

builder.queryFields((t) => ({
  job: t.field({
    extensions: reading,
    type: Job,
    nullable: true,
    description:
      'The job with this `id`. Null if the account has no such job. Costs one read. An `id` that this API cannot have made is an error.',
    args: { id: t.arg.id({ description: 'The `id` of a job of either service.' }) },
    resolve: job,
  }),
  jobByAwsId: t.field({
    extensions: reading,
    type: Job,
    nullable: true,
    description:
      'The job with this `awsJobId`, such as one from a log or a console of AWS. Null if the account has no such job. Costs one read; several of one operation are read together, as by `nodes`. An id that the service cannot have made is an error.',
    args: {
      service: t.arg({ type: JobService, description: 'The service that gave the id.' }),
      awsJobId: t.arg.string(
        sized(
          sizes.awsJobId,
          (range) => `The \`awsJobId\` of a job, ${range}. For AWS Import/Export upper and lower case are the same.`,
        ),
      ),
    },
    resolve: jobByAwsId,
  }),
}));
