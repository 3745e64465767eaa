/**
 * Which S3 buckets there are, as far as the two services can tell.
 *
 * Every name exists, belongs to the account and lies in us-east-1, so that people can use names of their own, except:
 * one that contains `missing` does not exist, one that contains `forbidden` is not accessible, and one that contains
 * `europe` lies in eu-west-1.
 */
export type BucketFault = 'missing' | 'forbidden';

export function bucketFault(name: string): BucketFault | undefined {
  if (name.includes('missing')) return 'missing';
  return name.includes('forbidden') ? 'forbidden' : undefined;
}

export function bucketRegion(name: string): string {
  return name.includes('europe') ? 'eu-west-1' : 'us-east-1';
}
