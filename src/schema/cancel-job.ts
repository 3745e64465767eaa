/** The mutation `cancelJob`. */
import { cancelJob, type CancelJobPayload as PayloadShape } from '../resolvers/cancel-job.ts';
import { builder } from './builder.ts';
import { Job } from './job.ts';
import { payloadType } from './payload.ts';
import { write } from './price.ts';
import { writing } from './rights.ts';

const CancelJobPayload = payloadType<PayloadShape>('CancelJobPayload', {
  description: 'The cancelled job, or why it was not cancelled.',
  fields: (t) => ({
    job: t.expose('job', {
      type: Job,
      nullable: true,
      description:
        'The job after it was cancelled. Null if that was refused, or if only the read after it failed; then an error says so.',
    }),
  }),
});

builder.mutationField('cancelJob', (t) =>
  t.field({
    extensions: { ...write, ...writing },
    type: CancelJobPayload,
    description:
      'Cancels a job of either service that is `WAITING`. A job that is cancelled already counts as success.',
    args: { id: t.arg.id({ description: 'The `id` of a job of either service.' }) },
    resolve: cancelJob,
  }),
);
