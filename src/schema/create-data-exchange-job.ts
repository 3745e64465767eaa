/** The mutation `createDataExchangeJob`. */
import { createDataExchangeJob } from '../resolvers/create-data-exchange-job.ts';
import type { DataExchangeJobPayload } from '../resolvers/start-data-exchange-job.ts';
import { builder } from './builder.ts';
import { DataExchangeJob } from './data-exchange-job.ts';
import { DataExchangeJobDetailsInput } from './data-exchange-job-types/index.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { payloadType } from './payload.ts';
import { write } from './price.ts';
import { writing } from './rights.ts';
import { sizedInput } from './sized.ts';

const CreateDataExchangeJobInput = builder.inputType('CreateDataExchangeJobInput', {
  description: 'The job to create.',
  fields: (t) => ({
    details: t.field({
      type: DataExchangeJobDetailsInput,
      description: 'What the job is to do. Its type follows from the field that is set.',
    }),
    start: t.boolean({
      defaultValue: false,
      description: 'Start it at once. Leave false where an upload must come first.',
    }),
    idempotencyKey: t.string(idempotencyKey),
  }),
});

const CreateDataExchangeJobPayload = payloadType<DataExchangeJobPayload>('CreateDataExchangeJobPayload', {
  description: 'The new job, or why there is none.',
  refusals: 'Why the job was not created, or not started. Empty if all went well.',
  fields: (t) => ({
    job: t.expose('job', {
      type: DataExchangeJob,
      nullable: true,
      description: 'Null if the request was refused. There is a job beside `userErrors` if only its start was refused.',
    }),
  }),
});

builder.mutationField('createDataExchangeJob', (t) =>
  t.field({
    extensions: { ...write, ...writing },
    type: CreateDataExchangeJobPayload,
    description:
      'Creates an AWS Data Exchange job. It waits until `startDataExchangeJob`, unless `start` is set. It is sent once: if the answer is lost, the error `OUTCOME_UNKNOWN` says so, and an `idempotencyKey` lets a repeat settle it.',
    args: { input: t.arg({ type: CreateDataExchangeJobInput, ...sizedInput('The job to create.') }) },
    resolve: createDataExchangeJob,
  }),
);
