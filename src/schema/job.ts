/** A transfer job, whichever service runs it. */
import type * as model from '../job.ts';
import { globalIdFrom } from '../resolvers/global-id.ts';
import {
  job,
  jobAvailableActions,
  jobCreatedAt,
  jobIsFinished,
  jobState,
  jobStatusMessage,
  jobTypeName,
} from '../resolvers/job.ts';
import { builder } from './builder.ts';
import { Node } from './node.ts';
import { reading } from './rights.ts';

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

export const JobState = builder.enumType('JobState', {
  description: 'The life of a job, in one vocabulary for both services.',
  values: {
    CANCELLED: { description: 'Cancelled before it finished.' },
    COMPLETED: { description: 'Finished, and everything was transferred.' },
    COMPLETED_WITH_ERRORS: {
      description: 'Finished, and some items were not transferred. AWS Import/Export only.',
    },
    FAILED: { description: 'Stopped by an error.' },
    IN_PROGRESS: { description: 'Data is being transferred.' },
    TIMED_OUT: { description: 'Given up by the service because it was not started or finished in time.' },
    UNKNOWN: {
      description: 'The service reported a code this gateway does not know. The raw code is on the concrete type.',
    },
    WAITING: { description: 'Created, and not started.' },
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
  authScopes: reading,
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
      description: 'What the service last said about the job, for a person to read. Null while it has said nothing.',
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
  }),
});

builder.queryField('job', (t) =>
  t.field({
    authScopes: reading,
    type: Job,
    nullable: true,
    description:
      'The job with this `id`, or null if there is none or it is not yours. One read; an `id` that this API cannot have made is an error.',
    args: { id: t.arg.id({ description: 'The `id` of a job of either service.' }) },
    resolve: job,
  }),
);
