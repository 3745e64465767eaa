/** Checks the name of a bucket, for both services. */

/** Completes a message: "expected …" or "must be …". */
export const bucketNameRule = 'the name of an S3 bucket: 3 to 255 letters, digits, dots, hyphens or underscores';

/**
 * Whether S3 ever allowed this name. Today's rules are narrower, but buckets made in us-east-1 before March 2018 may
 * have up to 255 characters, capitals and underscores (S3 User Guide, "General purpose bucket naming rules"). The
 * service checks whether the bucket exists.
 */
export function isBucketName(text: string): boolean {
  return /^[A-Za-z0-9._-]{3,255}$/.test(text);
}
