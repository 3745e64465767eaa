/** Checks the destination bucket of an export. */
import { bucketFault } from '../../buckets.ts';
import { JobFailure } from '../job-failure.ts';

/** Throws `JobFailure` if the service could not write to the bucket. */
export function checkDestinationBucket(bucket: string): void {
  const fault = bucketFault(bucket);
  if (fault === undefined) return;
  const Code = fault === 'forbidden' ? 'ACCESS_DENIED_EXCEPTION' : 'RESOURCE_NOT_FOUND_EXCEPTION';
  throw new JobFailure([{ Code, Message: `Cannot write to the bucket ${bucket}.`, ResourceType: 'ASSET' }]);
}
