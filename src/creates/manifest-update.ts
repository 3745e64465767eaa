/**
 * Keeps a lost create findable while the manifest of its job is replaced. The job is found by the mark in its manifest:
 * an update without it would hide the job, and the key's next use would create a second one, which is a parcel.
 */
import type { ImportExportBackend } from '../backends/backend.ts';
import { isCallerError } from '../model/errors.ts';
import type { ImportExportManifest } from '../model/import-export-manifest.ts';
import { storeUnavailable } from './create-failures.ts';
import type { CreateRecords } from './create-records.ts';
import { generatorIn, generatorStart, markedManifest } from './marked-manifest.ts';

export interface ManifestUpdate {
  readonly awsJobId: string;
  readonly manifest: ImportExportManifest;
  readonly importExport: Pick<ImportExportBackend, 'getDocuments'>;
  readonly signal: AbortSignal;
}

/**
 * The manifest to send. It carries the mark of the present one; where it has no place for it, the job is bound to its
 * create first. Reads the job only while there is a create whose job is not known. Throws `BackendError`.
 */
export async function manifestToSend(records: CreateRecords, update: ManifestUpdate): Promise<ImportExportManifest> {
  const { awsJobId, manifest } = update;
  if (!(await mayHideJobs(records))) return manifest;
  const generator = await generatorOf(update);
  if (generator === undefined || manifest.text?.text.includes(generator)) return manifest;
  const marked = markedManifest(manifest, generator);
  if (marked !== undefined) return marked;
  try {
    for (const id of await records.open.idsLike(generator)) await records.bind(id, awsJobId);
    await records.assertLasting();
    return manifest;
  } catch (error) {
    throw storeUnavailable('IMPORT_EXPORT', error);
  }
}

/** Without the store it is not known, nor if a failover could undo what it shows. */
async function mayHideJobs(records: CreateRecords): Promise<boolean> {
  try {
    if (await records.open.isAnyLike(generatorStart)) return true;
    await records.assertLasting();
    return false;
  } catch {
    return true;
  }
}

/** Undefined without a mark, and for a job that the service does not show: the update is answered by its own refusal. */
async function generatorOf({ awsJobId, importExport, signal }: ManifestUpdate): Promise<string | undefined> {
  try {
    const { manifest } = await importExport.getDocuments(awsJobId, { signal });
    return generatorIn(manifest?.reveal() ?? '');
  } catch (error) {
    if (isCallerError(error)) return undefined;
    throw error;
  }
}
