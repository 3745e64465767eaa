/** Checks a manifest as CreateJob and UpdateJob do. */
import { bucketFault, bucketRegion } from '../buckets.ts';
import { knownAccessKeyId } from '../credentials.ts';
import { checkCustoms } from './customs.ts';
import { ImportExportError } from './errors.ts';
import { fieldOf, type JobType, type Manifest, manifestFrom } from './manifest.ts';
import { checkFields } from './manifest-fields.ts';

/** The manifest in `text`; throws the exception of its first fault. */
export function checkedManifest(text: string, jobType: JobType): Manifest {
  const manifest = manifestFrom(text, jobType);
  checkFields(manifest);
  checkAccessKey(manifest);
  checkBuckets(bucketsOf(manifest));
  checkCustoms(manifest.customs, fieldOf(manifest.returnAddress, 'country') ?? '', loadingRegion(manifest));
  return manifest;
}

/** Observed for an update; it is true for every import. */
export function eraseWarning({ fields }: Manifest): string | undefined {
  const isErased = /^(?:yes|true|on)$/i.test(fieldOf(fields, 'eraseDevice') ?? '');
  return isErased ? '**** Device will be erased before being returned. ****' : undefined;
}

/** As the exception is documented, although AWS's own live test passed with a placeholder. */
function checkAccessKey({ fields }: Manifest): void {
  if ((fieldOf(fields, 'accessKeyId') ?? knownAccessKeyId) === knownAccessKeyId) return;
  throw new ImportExportError(
    'InvalidAccessKeyIdException',
    'The accessKeyId of the manifest is not the one that signed the request',
  );
}

function bucketsOf({ fields, operations }: Manifest): readonly string[] {
  const named = [fieldOf(fields, 'bucket'), ...operations.map((operation) => fieldOf(operation, 'exportBucket'))];
  return [...named, fieldOf(fields, 'logBucket')].filter((bucket) => bucket !== undefined);
}

function checkBuckets(buckets: readonly string[]): void {
  for (const bucket of buckets) {
    const fault = bucketFault(bucket);
    if (fault === 'missing') throw new ImportExportError('NoSuchBucketException', `No such bucket ${bucket}`);
    if (fault === 'forbidden') {
      throw new ImportExportError('BucketPermissionException', `Your account lacks permission on the bucket ${bucket}`);
    }
  }
  if (new Set(buckets.map(bucketRegion)).size > 1) {
    throw new ImportExportError('MultipleRegionsException', 'The buckets of one job must be in one region');
  }
}

/** The region of the data, in which the device is loaded. */
function loadingRegion(manifest: Manifest): string {
  const [operation] = manifest.operations;
  const named = operation && fieldOf(operation, 'region');
  return named ?? bucketRegion(bucketsOf(manifest)[0] ?? '');
}
