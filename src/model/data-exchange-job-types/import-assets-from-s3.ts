/** IMPORT_ASSETS_FROM_S3: objects are copied from S3 into a revision. */
import type { S3Object } from '../s3-object.ts';
import type { RevisionDetails, RevisionRequest } from './parts.ts';

export interface ImportAssetsFromS3Request extends RevisionRequest {
  readonly sources: readonly S3Object[];
}

export interface ImportAssetsFromS3Details extends RevisionDetails {
  readonly type: 'IMPORT_ASSETS_FROM_S3';
  readonly sources: readonly (S3Object | null)[] | null;
}
