/** The quotas of assets per revision, by type (AWS General Reference, Data Exchange quotas). */
import type { AssetType, NewAsset, Revision } from './catalog.ts';
import type { JobError } from './job-failure.ts';

interface AssetLimit {
  readonly name: string;
  readonly value: number;
}

const generalName = 'Assets per revision';

const limits: Readonly<Record<AssetType, AssetLimit>> = {
  S3_SNAPSHOT: { name: generalName, value: 10_000 },
  REDSHIFT_DATA_SHARE: { name: 'Amazon Redshift datashare assets per revision', value: 20 },
  // Its quota is listed, but no documented `LimitName` is for API Gateway.
  API_GATEWAY_API: { name: generalName, value: 20 },
  S3_DATA_ACCESS: { name: 'Amazon S3 data access assets per revision', value: 5 },
  LAKE_FORMATION_DATA_PERMISSION: {
    name: 'AWS Lake Formation data permission assets per revision',
    value: 20,
  },
};

/** The error if an import would exceed the quota of the revision. */
export function limitErrors(revision: Revision, additions: readonly NewAsset[]): readonly JobError[] {
  const type = additions[0]?.type;
  if (type === undefined) return [];
  const present = [...revision.assets.values()].filter((asset) => asset.type === type).length;
  const { name, value } = limits[type];
  if (present + additions.length <= value) return [];
  return [
    {
      Code: 'SERVICE_QUOTA_EXCEEDED_EXCEPTION',
      Message: `Limit exceeded: ${name}`,
      LimitName: name,
      LimitValue: value,
      ResourceId: revision.id,
      ResourceType: 'REVISION',
    },
  ];
}
