/** The mutations `cancelJob` and `cancelJobs`. */
import { sizes } from '../model/job-input-sizes.ts';
import { cancelJob, type CancelJobPayload as PayloadShape } from '../resolvers/cancel-job.ts';
import { type CancelJobsPayload as CancelJobsShape, cancelJobs } from '../resolvers/cancel-jobs.ts';
import { builder } from './builder.ts';
import { Job } from './job.ts';
import { UnavailableService } from './job-page.ts';
import { payloadType } from './payload.ts';
import { write } from './price.ts';
import { reading, writing } from './rights.ts';
import { sized } from './sized.ts';

const CancelJobPayload = payloadType<PayloadShape>('CancelJobPayload', {
  description: 'The cancelled job, or why it was not cancelled.',
  fields: (t) => ({
    job: t.expose('job', {
      type: Job,
      nullable: true,
      description:
        'The job after it was cancelled. Null if it was not, or if the read after that failed: `userErrors`, `unavailableService` or an error says why.',
    }),
    unavailableService: t.expose('unavailableService', {
      type: UnavailableService,
      nullable: true,
      description:
        'Why the service could not be asked, why nobody knows whether the job was cancelled, or why it could not be read after that. It is safe to cancel it again. Null if all went well, and always in `cancelJob`, which has an error with a code instead.',
    }),
  }),
});

const CancelJobsPayload = builder.objectRef<CancelJobsShape>('CancelJobsPayload').implement({
  extensions: reading,
  description: 'What became of each job.',
  fields: (t) => ({
    results: t.expose('results', {
      type: [CancelJobPayload],
      description: 'One for each of `ids`, in their order. The `field` of its `userErrors` is the place in `ids`.',
    }),
  }),
});

builder.mutationFields((t) => ({
  cancelJob: t.field({
    extensions: { ...write, ...writing },
    type: CancelJobPayload,
    description:
      'Cancels a job of either service that is `WAITING`. A job that is cancelled already counts as success.',
    args: { id: t.arg.id({ description: 'The `id` of a job of either service.' }) },
    resolve: cancelJob,
  }),
  cancelJobs: t.field({
    extensions: { ...write, ...writing },
    type: CancelJobsPayload,
    description:
      'Cancels many jobs, as `cancelJob` does one. One that cannot be cancelled does not affect the others. No error stands beside the results: a service that fails is in the result of each of its jobs. Counts 10 points for each of `ids`.',
    args: {
      ids: t.arg.idList(
        sized(
          sizes.cancelledJobs,
          (range) =>
            `The \`id\`s of ${range} jobs of either service. One that occurs twice is cancelled once, and answered twice.`,
        ),
      ),
    },
    resolve: cancelJobs,
  }),
}));
