/** EXPORT_ASSET_TO_SIGNED_URL: one asset, to be downloaded from an address that the job gives. */
import type { RevisionDetails, RevisionRequest, SignedUrl } from './parts.ts';

export interface ExportAssetToSignedUrlRequest extends RevisionRequest {
  readonly assetId: string;
}

export interface ExportAssetToSignedUrlDetails extends RevisionDetails {
  readonly type: 'EXPORT_ASSET_TO_SIGNED_URL';
  readonly assetId: string | null;
  readonly signedUrl?: SignedUrl | null;
}
