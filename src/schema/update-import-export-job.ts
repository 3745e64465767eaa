/** The mutation `updateImportExportJob`. */

import type { ImportExportJobPayload } from '../resolvers/create-import-export-job.ts';
import { updateImportExportJob } from '../resolvers/update-import-export-job.ts';
import { builder } from './builder.ts';
import { ImportExportJob } from './import-export-job.ts';
import { ImportExportManifestInput } from './import-export-manifest.ts';
import { payloadType } from './payload.ts';
import { write } from './price.ts';
import { writing } from './rights.ts';
import { sizedInput } from './sized.ts';

const UpdateImportExportJobInput = builder.inputType('UpdateImportExportJobInput', {
  description: 'What replaces the present manifest.',
  fields: (t) => ({
    manifest: t.field({
      type: ImportExportManifestInput,
      description: 'The whole new manifest: the old one is discarded.',
    }),
    validateOnly: t.boolean({ defaultValue: false, description: 'Check the manifest and change nothing.' }),
  }),
});

const UpdateImportExportJobPayload = payloadType<ImportExportJobPayload>('UpdateImportExportJobPayload', {
  description: 'The job with its new manifest, or why it kept the old one.',
  fields: (t) => ({
    job: t.expose('job', {
      type: ImportExportJob,
      nullable: true,
      description: 'The job; unchanged if the manifest was only checked. Null if it was refused.',
    }),
    warning: t.exposeString('warning', {
      nullable: true,
      description: 'A remark of the service on a request that it accepted. Null if it made none.',
    }),
  }),
});

builder.mutationField('updateImportExportJob', (t) =>
  t.field({
    extensions: { ...write, ...writing },
    type: UpdateImportExportJobPayload,
    description:
      'Replaces the manifest of an AWS Import/Export job whose transfer has not started. It is safe to send the same input again after a lost answer.',
    args: {
      id: t.arg.id({ description: 'The `id` of an AWS Import/Export job.' }),
      input: t.arg({ type: UpdateImportExportJobInput, ...sizedInput('What replaces the present manifest.') }),
    },
    resolve: updateImportExportJob,
  }),
);
