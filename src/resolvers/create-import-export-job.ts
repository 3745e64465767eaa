/** Creates an Import/Export job from a manifest, or only checks the manifest. */
import type { CreateImportExportJobResult } from '../backends/backend.ts';
import { importExportCreate } from '../creates/create.ts';
import type { ImportExportJob } from '../model/import-export-job.ts';
import type { ImportExportManifest } from '../model/import-export-manifest.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
import { type UserError, userErrorFrom } from './failures.ts';
import { createdOnce, idempotencyKeyFault } from './idempotency-key.ts';

export interface CreateImportExportJobInput {
  readonly manifest: ImportExportManifest;
  readonly validateOnly: boolean;
  readonly idempotencyKey?: Maybe<string>;
}

/** What both mutations that take a manifest answer. */
export interface ImportExportJobPayload {
  readonly job: ImportExportJob | null;
  readonly warning: string | null;
  readonly userErrors: readonly UserError[];
}

export async function createImportExportJob(
  _parent: unknown,
  { input }: { input: CreateImportExportJobInput },
  context: Context,
): Promise<ImportExportJobPayload> {
  const keyFault = idempotencyKeyFault(input.idempotencyKey);
  if (keyFault !== undefined) return { job: null, warning: null, userErrors: [keyFault] };
  try {
    const { job, warning } = await createOrValidate(input, context);
    if (job !== null) context.watcher.noteMutation(job);
    return { job, warning, userErrors: [] };
  } catch (error) {
    return { job: null, warning: null, userErrors: [userErrorFrom(error, ['input'])] };
  }
}

/** A check creates nothing, so it may be repeated and leaves the key free. */
function createOrValidate(
  { idempotencyKey, ...request }: CreateImportExportJobInput,
  context: Context,
): Promise<CreateImportExportJobResult> {
  const { backends, signal } = context;
  if (request.validateOnly) return backends.importExport.createJob(request, { signal });
  return createdOnce(importExportCreate(backends, request), idempotencyKey, context);
}
