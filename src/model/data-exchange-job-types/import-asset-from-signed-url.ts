/** IMPORT_ASSET_FROM_SIGNED_URL: one file, which the caller uploads to the job's signed URL. */
import type { RevisionDetails, RevisionRequest, SignedUrl } from './parts.ts';

export interface ImportAssetFromSignedUrlRequest extends RevisionRequest {
  readonly assetName: string;
  readonly md5Hash: string;
}

export interface ImportAssetFromSignedUrlDetails extends RevisionDetails {
  readonly type: 'IMPORT_ASSET_FROM_SIGNED_URL';
  readonly assetName: string | null;
  readonly md5Hash: string | null;
  readonly signedUrl?: SignedUrl | null;
}
