/** The mutation `startDataExchangeJob`. */
import { type DataExchangeJobPayload, startDataExchangeJob } from '../resolvers/start-data-exchange-job.ts';
import { builder } from './builder.ts';
import { DataExchangeJob } from './data-exchange-job.ts';
import { payloadType } from './payload.ts';
import { write } from './price.ts';
import { writing } from './rights.ts';

const StartDataExchangeJobPayload = payloadType<DataExchangeJobPayload>('StartDataExchangeJobPayload', {
  description: 'The started job, or why it was not started.',
  fields: (t) => ({
    job: t.expose('job', {
      type: DataExchangeJob,
      nullable: true,
      description:
        'The job as read after the start. Null if the start was refused, or if only that read failed; then an error says so.',
    }),
  }),
});

builder.mutationField('startDataExchangeJob', (t) =>
  t.field({
    extensions: { ...write, ...writing },
    type: StartDataExchangeJobPayload,
    description:
      'Starts an AWS Data Exchange job that is `WAITING`. A job that is running or has completed counts as success.',
    args: { id: t.arg.id({ description: 'The `id` of an AWS Data Exchange job.' }) },
    resolve: startDataExchangeJob,
  }),
);
