/** Replaces the manifest of an Import/Export job. */

import type { ImportExportJob, TransferDirection } from '../model/import-export-job.ts';
import type { ImportExportManifest } from '../model/import-export-manifest.ts';
import type { Context } from './context.ts';
import type { ImportExportJobPayload } from './create-import-export-job.ts';
import { invalidInput, userErrorFrom } from './failures.ts';
import { jobRefFrom } from './global-id.ts';
import { forgetImportExportJob } from './import-export-job.ts';

export interface UpdateImportExportJobInput {
  readonly manifest: ImportExportManifest;
  readonly validateOnly: boolean;
}

export async function updateImportExportJob(
  _parent: unknown,
  { id, input }: { id: string; input: UpdateImportExportJobInput },
  context: Context,
): Promise<ImportExportJobPayload> {
  const ref = jobRefFrom(id);
  if (ref?.service !== 'IMPORT_EXPORT') {
    const fault = invalidInput(['id'], 'This is not the id of an AWS Import/Export job.');
    return { job: null, warning: null, userErrors: [fault] };
  }
  try {
    const { backends, signal } = context;
    const { warning } = await backends.importExport.updateJob(ref.awsJobId, input, { signal });
    forgetImportExportJob(ref.awsJobId, context);
    return { job: jobAfterUpdate(ref.awsJobId, input), warning, userErrors: [] };
  } catch (error) {
    return { job: null, warning: null, userErrors: [userErrorFrom(error, ['input'])] };
  }
}

/** What only the accepted request tells; the other fields are read when asked for. */
function jobAfterUpdate(awsJobId: string, input: UpdateImportExportJobInput): ImportExportJob {
  const job = { service: 'IMPORT_EXPORT', awsJobId } as const;
  return input.validateOnly ? job : { ...job, direction: directionOf(input.manifest) };
}

/** An update may turn an import into an export. */
function directionOf(manifest: ImportExportManifest): TransferDirection {
  if (manifest.text != null) return manifest.text.direction;
  return manifest.exportFromS3 != null ? 'EXPORT' : 'IMPORT';
}
