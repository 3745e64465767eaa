/** EXPORT_ASSET_TO_SIGNED_URL: one asset, which the caller downloads from the job's signed URL. */
import type { RevisionDetails, RevisionRequest, SignedUrl } from './parts.ts';

export interface ExportAssetToSignedUrlRequest extends RevisionRequest {
  readonly assetId: string;
}

export interface ExportAssetToSignedUrlDetails extends RevisionDetails {
  readonly type: 'EXPORT_ASSET_TO_SIGNED_URL';
  readonly assetId: string | null;
  readonly signedUrl?: SignedUrl | null;
}
