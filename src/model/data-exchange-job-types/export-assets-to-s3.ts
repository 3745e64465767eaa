/** EXPORT_ASSETS_TO_S3: single assets of a revision, each to a place in S3. */
import type { Maybe } from '../maybe.ts';
import type { RevisionDetails, RevisionRequest, ServerSideEncryption, ServerSideEncryptionRequest } from './parts.ts';

export interface ExportAssetsToS3Request extends RevisionRequest {
  readonly destinations: readonly AssetDestinationRequest[];
  readonly encryption?: Maybe<ServerSideEncryptionRequest>;
}

export interface AssetDestinationRequest {
  readonly assetId: string;
  readonly bucket: string;
  readonly key?: Maybe<string>;
}

export interface ExportAssetsToS3Details extends RevisionDetails {
  readonly type: 'EXPORT_ASSETS_TO_S3';
  readonly destinations: readonly (AssetDestination | null)[] | null;
  readonly encryption: ServerSideEncryption | null;
}

export interface AssetDestination {
  readonly assetId: string;
  readonly bucket: string;
  readonly key: string | null;
}
