/** Replaces the manifest of an Import/Export job. */

import type { ImportExportJob, TransferDirection } from '../model/import-export-job.ts';
import type { ImportExportManifest } from '../model/import-export-manifest.ts';
import type { Context } from './context.ts';
import type { ImportExportJobPayload, ImportExportJobResult } from './create-import-export-job.ts';
import { userErrorFrom } from './failures.ts';
import { forgetImportExportJob } from './import-export-job.ts';
import { awsJobIdFrom, payloadOf } from './payload.ts';

export interface UpdateImportExportJobInput {
  readonly manifest: ImportExportManifest;
  readonly validateOnly: boolean;
}

export async function updateImportExportJob(
  _parent: unknown,
  { id, input }: { id: string; input: UpdateImportExportJobInput },
  context: Context,
): Promise<ImportExportJobPayload> {
  const errorFrom = (error: unknown) => userErrorFrom(error, ['input']);
  return payloadOf<ImportExportJobResult>({ refused: { job: null, warning: null }, errorFrom }, async () => {
    const awsJobId = awsJobIdFrom(id, 'IMPORT_EXPORT');
    const { backends, signal } = context;
    const { warning } = await backends.importExport.updateJob(awsJobId, input, { signal });
    forgetImportExportJob(awsJobId, context);
    return { job: jobAfterUpdate(awsJobId, input), warning };
  });
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
