/** Replaces the manifest of an Import/Export job. */

import { faultsInManifest } from '../backends/import-export/manifest.ts';
import type { ImportExportJob, TransferDirection } from '../model/import-export-job.ts';
import type { ImportExportManifest } from '../model/import-export-manifest.ts';
import { faultsAt } from '../model/input-fault.ts';
import type { Context } from './context.ts';
import type { ImportExportJobPayload, ImportExportJobResult } from './create-import-export-job.ts';
import { userErrorsFrom } from './failures.ts';
import { jobRefFrom } from './global-id.ts';
import { forgetImportExportJob } from './import-export-job.ts';
import { faultsInId } from './job-ids.ts';
import { payloadOf, Refusal } from './payload.ts';

export interface UpdateImportExportJobInput {
  readonly manifest: ImportExportManifest;
  readonly validateOnly: boolean;
}

export async function updateImportExportJob(
  _parent: unknown,
  { id, input }: { id: string; input: UpdateImportExportJobInput },
  context: Context,
): Promise<ImportExportJobPayload> {
  const errorsFrom = (error: unknown) => userErrorsFrom(error, ['input']);
  return payloadOf<ImportExportJobResult>({ context, refused: { job: null, warning: null }, errorsFrom }, async () => {
    const awsJobId = checkedId(id, input);
    const { backends, signal } = context;
    const request = { ...input, manifest: await manifestToSend(awsJobId, input, context) };
    const { warning } = await backends.importExport.updateJob(awsJobId, request, { signal });
    forgetImportExportJob(awsJobId, context);
    return { job: jobAfterUpdate(awsJobId, input), warning };
  });
}

/** Throws `Refusal` unless `id` is that of a job of the service, with the faults of `input`. */
function checkedId(id: string, { manifest }: UpdateImportExportJobInput): string {
  const ref = jobRefFrom(id);
  if (ref?.service === 'IMPORT_EXPORT') return ref.awsJobId;
  throw new Refusal(...faultsInId(id, 'IMPORT_EXPORT'), ...faultsAt(['input'], faultsInManifest(manifest)));
}

/** A validation changes nothing, and an invalid manifest is refused before anything is read. */
async function manifestToSend(
  awsJobId: string,
  { manifest, validateOnly }: UpdateImportExportJobInput,
  { backends, createOnce, signal }: Context,
): Promise<ImportExportManifest> {
  if (validateOnly || faultsInManifest(manifest).length > 0) return manifest;
  return createOnce.manifestToSend({ awsJobId, manifest, importExport: backends.importExport, signal });
}

/** What the accepted request shows. Other fields are read when selected. */
function jobAfterUpdate(awsJobId: string, input: UpdateImportExportJobInput): ImportExportJob {
  const job = { service: 'IMPORT_EXPORT', awsJobId } as const;
  return input.validateOnly ? job : { ...job, direction: directionOf(input.manifest) };
}

/** An update may turn an import into an export. */
function directionOf(manifest: ImportExportManifest): TransferDirection {
  if (manifest.text != null) return manifest.text.direction;
  return manifest.exportFromS3 != null ? 'EXPORT' : 'IMPORT';
}
