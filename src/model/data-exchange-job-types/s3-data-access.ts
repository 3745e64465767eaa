/** CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: subscribers read a bucket, or a part of it, in place. */
import type { Maybe } from '../maybe.ts';
import type { RevisionDetails, RevisionRequest } from './parts.ts';

export interface CreateS3DataAccessFromS3BucketRequest extends RevisionRequest {
  readonly bucket: string;
  readonly keyPrefixes?: Maybe<readonly string[]>;
  readonly keys?: Maybe<readonly string[]>;
  readonly kmsKeyArns?: Maybe<readonly string[]>;
}

export interface CreateS3DataAccessFromS3BucketDetails extends RevisionDetails {
  readonly type: 'CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET';
  readonly source: S3DataAccessSource | null;
}

export interface S3DataAccessSource {
  readonly bucket: string;
  readonly keyPrefixes: readonly string[];
  readonly keys: readonly string[];
  readonly kmsKeyArns: readonly string[];
}
