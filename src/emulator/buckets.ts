/**
 * Decides which S3 buckets exist, as the two services see them.
 *
 * Every name exists, belongs to the account and is in us-east-1, so that people can use their own names, except: a name
 * with `missing` does not exist, one with `forbidden` is not accessible, and one with `europe` is in eu-west-1.
 */
export type BucketFault = 'missing' | 'forbidden';

export function bucketFault(name: string): BucketFault | undefined {
  if (name.includes('missing')) return 'missing';
  return name.includes('forbidden') ? 'forbidden' : undefined;
}

export function bucketRegion(name: string): string {
  return name.includes('europe') ? 'eu-west-1' : 'us-east-1';
}
