/**
 * The quotas of data sets and revisions (AWS General Reference, Data Exchange quotas). The service documents no error
 * for them on CreateRevision; this is the one that has their names.
 */
import type { AssetType, Catalog, DataSet } from './catalog.ts';
import { limitExceeded } from './errors.ts';

const maxDataSets = 3_000;
const maxRevisions = 10_000;

/** The names of the quota of revisions (`LimitName` in the service's model). */
const revisionLimits: Readonly<Record<AssetType, string>> = {
  S3_SNAPSHOT: 'Revisions per data set',
  REDSHIFT_DATA_SHARE: 'Revisions per Amazon Redshift datashare data set',
  API_GATEWAY_API: 'Revisions per Amazon API Gateway API data set',
  S3_DATA_ACCESS: 'Revisions per Amazon S3 data access data set',
  LAKE_FORMATION_DATA_PERMISSION: 'Revisions per AWS Lake Formation data permission data set',
};

/** Throws ServiceLimitExceededException if the account may own no more data sets. */
export function checkDataSetQuota({ ownedDataSets }: Catalog): void {
  if (ownedDataSets >= maxDataSets) throw limitExceeded('Data sets per account', maxDataSets);
}

/** Throws ServiceLimitExceededException if the data set may have no more revisions. */
export function checkRevisionQuota({ assetType, revisions }: DataSet): void {
  if (revisions.size >= maxRevisions) throw limitExceeded(revisionLimits[assetType], maxRevisions);
}
