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
import { builder } from './builder.ts';
import { JobTransitionConnection } from './job-history.ts';
import { JobState } from './job-state.ts';
import { Node } from './node.ts';
import { reading } from './rights.ts';
import { pageSize, sized } from './sized.ts';

export const JobService = builder.enumType('JobService', {
  description: 'The AWS services this gateway fronts.',
  values: {
    DATA_EXCHANGE: {
      description:
        'AWS Data Exchange: moves assets between data sets and S3, signed URLs, Redshift, API Gateway or Lake Formation.',
    },
    IMPORT_EXPORT: { description: 'AWS Import/Export Disk: moves data on a storage device sent by post.' },
  } as const,
});

const JobAction = builder.enumType('JobAction', {
  description: 'What can be asked of a job.',
  values: {
    CANCEL: { description: '`cancelJob`' },
    START: { description: '`startDataExchangeJob`' },
    UPDATE: { description: '`updateImportExportJob`' },
  } as const,
});

export const Job = builder.interfaceRef<model.Job>('Job').implement({
  extensions: reading,
  description:
    'A transfer job, whichever AWS service runs it. In a list of AWS Import/Export jobs every field but `id`, `awsJobId`, `service` and `createdAt` may cost one read a job.',
  interfaces: [Node],
  resolveType: jobTypeName,
  fields: (t) => ({
    id: t.id({ description: 'Globally unique and opaque. Do not parse it.', resolve: globalIdFrom }),
    awsJobId: t.exposeString('awsJobId', {
      description: 'The identifier the AWS service assigned, as printed in its own console and logs.',
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
      description: 'When the service took the job on. To the second for AWS Import/Export.',
      resolve: jobCreatedAt,
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the job ended; null while it has not, and where that is not known. For AWS Data Exchange: when the service last changed the finished job. AWS Import/Export does not report it: there it is when this gateway first observed the job finished, which may be long after the end. It costs no call beyond that for `state`.',
      resolve: jobFinishedAt,
    }),
    history: t.field({
      type: JobTransitionConnection,
      description:
        'What the gateway has observed of the job, newest first, kept for 90 days and over restarts, at most 100,000 steps of all jobs together. A state is observed while somebody subscribes to the job, and whenever a read, a list or a mutation shows it: one that nobody looked at while it lasted is missing, as are those that passed while the store was away. A list of AWS Import/Export jobs shows no state but `CANCELLED`. Costs no call to AWS. Pages forward only, and has no total.',
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
      'The job with this `id`, or null if there is none or it is not yours. One read; an `id` that this API cannot have made is an error.',
    args: { id: t.arg.id({ description: 'The `id` of a job of either service.' }) },
    resolve: job,
  }),
  jobByAwsId: t.field({
    extensions: reading,
    type: Job,
    nullable: true,
    description:
      "The job with the service's own id, such as one from a log or an AWS console; null if there is none or it is not yours. Costs the same as `job`, and several jobs of one operation are read together as by `nodes`; an id that the service cannot have made is an error.",
    args: {
      service: t.arg({ type: JobService, description: 'The service that made the id.' }),
      awsJobId: t.arg.string(
        sized(
          sizes.awsJobId,
          (range) => `The \`awsJobId\` of a job, ${range}. AWS Import/Export takes upper and lower case for the same.`,
        ),
      ),
    },
    resolve: jobByAwsId,
  }),
}));
