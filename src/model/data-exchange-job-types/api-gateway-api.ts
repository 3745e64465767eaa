/**
 * IMPORT_ASSET_FROM_API_GATEWAY_API: imports an API as an asset; the caller uploads its specification to the job's
 * signed URL.
 */
import type { Maybe } from '../maybe.ts';
import type { RevisionDetails, RevisionRequest, SignedUrl } from './parts.ts';

export interface ImportAssetFromApiGatewayApiRequest extends RevisionRequest {
  readonly apiId: string;
  readonly apiName: string;
  readonly apiDescription?: Maybe<string>;
  readonly apiKey?: Maybe<string>;
  readonly specificationMd5Hash: string;
  readonly stage: string;
}

export interface ImportAssetFromApiGatewayApiDetails extends RevisionDetails {
  readonly type: 'IMPORT_ASSET_FROM_API_GATEWAY_API';
  readonly api: ApiGatewayApi;
  readonly specificationMd5Hash: string | null;
  /** Whether the reply shows a key, which is a secret and is not kept. */
  readonly hasApiKey: boolean;
  readonly signedUrl?: SignedUrl | null;
}

export interface ApiGatewayApi {
  readonly id: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly stage: string | null;
  readonly protocol: string | null;
}
