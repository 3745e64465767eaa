/** The bucket to which an export writes. */
import { bucketFault } from '../../buckets.ts';
import { JobFailure } from '../job-failure.ts';

/** Throws `JobFailure` where the service could not write to it. */
export function checkDestinationBucket(bucket: string): void {
  const fault = bucketFault(bucket);
  if (fault === undefined) return;
  const Code = fault === 'forbidden' ? 'ACCESS_DENIED_EXCEPTION' : 'RESOURCE_NOT_FOUND_EXCEPTION';
  throw new JobFailure([{ Code, Message: `Cannot write to the bucket ${bucket}.`, ResourceType: 'ASSET' }]);
}
