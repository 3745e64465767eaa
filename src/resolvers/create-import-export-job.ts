/** Creates an Import/Export job from a manifest, or only checks the manifest. */
import type { CreateImportExportJobResult } from '../backends/backend.ts';
import { faultsInManifest } from '../backends/import-export/manifest.ts';
import { importExportCreate } from '../creates/create.ts';
import type { ImportExportJob } from '../model/import-export-job.ts';
import type { ImportExportManifest } from '../model/import-export-manifest.ts';
import { faultsAt } from '../model/input-fault.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
import { userErrorsFrom } from './failures.ts';
import { createdOnce, faultsInKey } from './idempotency-key.ts';
import { type Payload, payloadOf, Refusal } from './payload.ts';

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
  const errorsFrom = (error: unknown) => userErrorsFrom(error, ['input']);
  return payloadOf<ImportExportJobResult>({ context, refused: { job: null, warning: null }, errorsFrom }, async () => {
    checkKey(input);
    const { job, warning } = await createOrValidate(input, context);
    if (job !== null) context.watcher.noteMutation(job);
    return { job, warning };
  });
}

/** Throws `Refusal` for a malformed key, with the faults of the rest. Without one the backend finds those itself. */
function checkKey({ idempotencyKey, manifest }: CreateImportExportJobInput): void {
  const faults = faultsInKey(idempotencyKey);
  if (faults.length > 0) throw new Refusal(...faultsAt(['input'], [...faults, ...faultsInManifest(manifest)]));
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
