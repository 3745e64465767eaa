/** IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: datashares of Redshift become assets. */
import type { RevisionDetails, RevisionRequest } from './parts.ts';

export interface ImportAssetsFromRedshiftDataSharesRequest extends RevisionRequest {
  readonly dataShareArns: readonly string[];
}

export interface ImportAssetsFromRedshiftDataSharesDetails extends RevisionDetails {
  readonly type: 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES';
  readonly dataShareArns: readonly (string | null)[] | null;
}
