/** The mutation `createImportExportJob`. */
import { createImportExportJob, type ImportExportJobPayload } from '../resolvers/create-import-export-job.ts';
import { builder } from './builder.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { ImportExportJob } from './import-export-job.ts';
import { ImportExportManifestInput } from './import-export-manifest.ts';
import { payloadType } from './payload.ts';
import { write } from './price.ts';
import { writing } from './rights.ts';
import { sizedInput } from './sized.ts';

const CreateImportExportJobInput = builder.inputType('CreateImportExportJobInput', {
  description: 'The job to create.',
  fields: (t) => ({
    manifest: t.field({
      type: ImportExportManifestInput,
      description: 'What to copy, and with which device.',
    }),
    validateOnly: t.boolean({
      defaultValue: false,
      description: 'Check the manifest and create nothing. `job` is then null.',
    }),
    idempotencyKey: t.string(idempotencyKey),
  }),
});

const CreateImportExportJobPayload = payloadType<ImportExportJobPayload>('CreateImportExportJobPayload', {
  description: 'The new job, or why there is none.',
  fields: (t) => ({
    job: t.expose('job', {
      type: ImportExportJob,
      nullable: true,
      description: 'Null if the manifest was only checked, or refused.',
    }),
    warning: t.exposeString('warning', {
      nullable: true,
      description: 'A remark of the service on a request that it accepted. Null if it made none.',
    }),
  }),
});

builder.mutationField('createImportExportJob', (t) =>
  t.field({
    extensions: { ...write, ...writing },
    type: CreateImportExportJobPayload,
    description:
      'Creates an AWS Import/Export job from a manifest, or only checks the manifest. It is sent once: if the answer is lost, the error `OUTCOME_UNKNOWN` says so, and an `idempotencyKey` lets a repeat settle it.',
    args: { input: t.arg({ type: CreateImportExportJobInput, ...sizedInput('The job to create.') }) },
    resolve: createImportExportJob,
  }),
);
