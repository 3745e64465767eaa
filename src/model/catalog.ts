/** What AWS Data Exchange stores: data sets, their revisions, and the assets of a revision. */

import type { Maybe } from './maybe.ts';

export const assetTypes = [
  'API_GATEWAY_API',
  'LAKE_FORMATION_DATA_PERMISSION',
  'REDSHIFT_DATA_SHARE',
  'S3_DATA_ACCESS',
  'S3_SNAPSHOT',
] as const;

/** The asset types that this gateway knows. */
export type KnownAssetType = (typeof assetTypes)[number];

export type AssetType = KnownAssetType | 'UNKNOWN';

export const dataSetOrigins = ['ENTITLED', 'OWNED'] as const;

/** Whether the account publishes the data set or subscribes to it. Each is a list of its own at the service. */
export type KnownDataSetOrigin = (typeof dataSetOrigins)[number];

export type DataSetOrigin = KnownDataSetOrigin | 'UNKNOWN';

export interface DataSetRef {
  readonly awsDataSetId: string;
}

export interface RevisionRef extends DataSetRef {
  readonly awsRevisionId: string;
}

export interface AssetRef extends RevisionRef {
  readonly awsAssetId: string;
}

interface StoredEntry {
  readonly arn: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface DataSet extends DataSetRef, StoredEntry {
  readonly kind: 'DataSet';
  readonly name: string;
  /** Null if the provider gave none. */
  readonly description: string | null;
  readonly assetType: AssetType;
  /** The service's name for `assetType`. */
  readonly assetTypeCode: string;
  readonly origin: DataSetOrigin;
  /** The service's name for `origin`. */
  readonly originCode: string;
}

export interface Revision extends RevisionRef, StoredEntry {
  readonly kind: 'Revision';
  readonly comment: string | null;
  readonly isFinalized: boolean;
  readonly isRevoked: boolean;
  readonly revocationComment: string | null;
}

export interface Asset extends AssetRef, StoredEntry {
  readonly kind: 'Asset';
  readonly name: string;
  readonly assetType: AssetType;
  /** The service's name for `assetType`. */
  readonly assetTypeCode: string;
  /** Null unless it is an S3 snapshot. */
  readonly sizeBytes: number | null;
}

export type CatalogEntry = Asset | DataSet | Revision;

/** A data set to be created. */
export interface NewDataSet {
  readonly assetType: AssetType;
  readonly name: string;
  readonly description: string;
}

/** A revision to be created. */
export interface NewRevision {
  /** The service's own id. */
  readonly dataSetId: string;
  readonly comment?: Maybe<string>;
}

/** The key of an entry among those of its kind. No id has a slash. */
export function dataSetKey({ awsDataSetId }: DataSetRef): string {
  return awsDataSetId;
}

export function revisionKey({ awsDataSetId, awsRevisionId }: RevisionRef): string {
  return `${awsDataSetId}/${awsRevisionId}`;
}

export function assetKey({ awsDataSetId, awsRevisionId, awsAssetId }: AssetRef): string {
  return `${awsDataSetId}/${awsRevisionId}/${awsAssetId}`;
}
