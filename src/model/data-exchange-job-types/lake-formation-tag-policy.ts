/** IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: databases and tables that carry certain tags. */
import type { Maybe } from '../maybe.ts';
import type { RevisionDetails, RevisionRequest } from './parts.ts';

export interface ImportAssetsFromLakeFormationTagPolicyRequest extends RevisionRequest {
  readonly catalogId: string;
  readonly roleArn: string;
  readonly database?: Maybe<LakeFormationTagPolicy>;
  readonly table?: Maybe<LakeFormationTagPolicy>;
}

export interface ImportAssetsFromLakeFormationTagPolicyDetails extends RevisionDetails {
  readonly type: 'IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY';
  readonly catalogId: string | null;
  readonly roleArn: string | null;
  readonly database: LakeFormationTagPolicy | null;
  readonly table: LakeFormationTagPolicy | null;
}

export interface LakeFormationTagPolicy {
  readonly expression: readonly LakeFormationTag[];
  readonly permissions: readonly string[];
}

export interface LakeFormationTag {
  readonly key: string;
  readonly values: readonly string[];
}
