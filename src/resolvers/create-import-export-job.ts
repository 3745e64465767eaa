/** Creates an Import/Export job from a manifest, or only checks the manifest. */
import type { CreateImportExportJobResult } from '../backends/backend.ts';
import { importExportCreate } from '../creates/create.ts';
import type { ImportExportJob } from '../model/import-export-job.ts';
import type { ImportExportManifest } from '../model/import-export-manifest.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
import { userErrorFrom } from './failures.ts';
import { checkIdempotencyKey, createdOnce } from './idempotency-key.ts';
import { type Payload, payloadOf } from './payload.ts';

export interface CreateImportExportJobInput {
  readonly manifest: ImportExportManifest;
  readonly validateOnly: boolean;
  readonly idempotencyKey?: Maybe<string>;
}

/** The result of both mutations that take a manifest. */
export interface ImportExportJobResult {
  readonly job: ImportExportJob;
  /** A remark of the service on a request that it accepted. */
  readonly warning: string;
}

export type ImportExportJobPayload = Payload<ImportExportJobResult>;

export async function createImportExportJob(
  _parent: unknown,
  { input }: { input: CreateImportExportJobInput },
  context: Context,
): Promise<ImportExportJobPayload> {
  const errorFrom = (error: unknown) => userErrorFrom(error, ['input']);
  return payloadOf<ImportExportJobResult>({ refused: { job: null, warning: null }, errorFrom }, async () => {
    checkIdempotencyKey(input.idempotencyKey);
    const { job, warning } = await createOrValidate(input, context);
    if (job !== null) context.watcher.noteMutation(job);
    return { job, warning };
  });
}

/** A validation creates nothing, so it may be repeated and does not use the key. */
function createOrValidate(
  { idempotencyKey, ...request }: CreateImportExportJobInput,
  context: Context,
): Promise<CreateImportExportJobResult> {
  const { backends, signal } = context;
  if (request.validateOnly) return backends.importExport.createJob(request, { signal });
  return createdOnce(importExportCreate(backends, request), idempotencyKey, context);
}
