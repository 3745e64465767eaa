/** The mutations `createDataExchangeJob` and `repeatDataExchangeJob`. */
import { createDataExchangeJob } from '../resolvers/create-data-exchange-job.ts';
import { repeatDataExchangeJob } from '../resolvers/repeat-data-exchange-job.ts';
import type { DataExchangeJobPayload } from '../resolvers/start-data-exchange-job.ts';
import { builder } from './builder.ts';
import { DataExchangeJob } from './data-exchange-job.ts';
import { DataExchangeJobDetailsInput } from './data-exchange-job-types/index.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { payloadType } from './payload.ts';
import { write, writeAfterRead } from './price.ts';
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

builder.mutationFields((t) => ({
  createDataExchangeJob: t.field({
    extensions: { ...write, ...writing },
    type: CreateDataExchangeJobPayload,
    description:
      'Creates an AWS Data Exchange job. It waits for `startDataExchangeJob`, unless `start` is set. It is sent once: if the answer is lost, the error `OUTCOME_UNKNOWN` says so, and an `idempotencyKey` lets a repeat settle it.',
    args: { input: t.arg({ type: CreateDataExchangeJobInput, ...sizedInput('The job to create.') }) },
    resolve: createDataExchangeJob,
  }),
  repeatDataExchangeJob: t.field({
    extensions: { ...writeAfterRead, ...writing },
    type: CreateDataExchangeJobPayload,
    description:
      'Creates an AWS Data Exchange job with the details of an earlier one, whatever became of that; the earlier one stays as it is. The new job does the work again. An export writes to the same places, and replaces what is there. An import adds its assets to the same revision, which must not be finalized; one from a signed URL waits for an upload of its own. It is sent once, as by `createDataExchangeJob`.\n\n`userErrors` has `NOT_REPEATABLE`, with the name of the missing field, if the service does not show all that the earlier job was created with: an API key is a secret, and an answer may lack an MD5 hash. Costs one read more than `createDataExchangeJob`: it counts 11 points.',
    args: {
      id: t.arg.id({ description: 'The `id` of an AWS Data Exchange job, in any state.' }),
      start: t.arg.boolean({
        defaultValue: false,
        description: 'Start the new job at once. Leave false where an upload must come first.',
      }),
      idempotencyKey: t.arg.string(idempotencyKey),
    },
    resolve: repeatDataExchangeJob,
  }),
}));
