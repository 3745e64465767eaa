/** Where a caller named the data set, revision or asset that the service does not have, or whose state is in the way. */
import type { DataExchangeJobRequest } from '../../model/job-request.ts';
import type { RequestBranch } from './job-types/job-type.ts';
import type { FieldOf, NamedResource } from './refusal.ts';

/** For a create by `branch` of `request`. */
export function fieldOfResource(request: DataExchangeJobRequest, branch: RequestBranch): FieldOf {
  return (resource) => {
    if (resource.type === 'DATA_SET') return [branch, 'dataSetId'];
    if (resource.type === 'REVISION') return revisionField(branch);
    return resource.type === 'ASSET' ? assetField(request, branch, resource) : undefined;
  };
}

function revisionField(branch: RequestBranch): readonly string[] {
  return branch === 'exportRevisionsToS3' ? [branch, 'destinations', '0', 'revisionId'] : [branch, 'revisionId'];
}

function assetField(
  { exportAssetsToS3 }: DataExchangeJobRequest,
  branch: RequestBranch,
  { id }: NamedResource,
): readonly string[] | undefined {
  if (branch === 'exportAssetToSignedUrl') return [branch, 'assetId'];
  if (!exportAssetsToS3) return undefined;
  const index = exportAssetsToS3.destinations.findIndex((destination) => destination.assetId === id);
  return index < 0 ? [branch, 'destinations'] : [branch, 'destinations', String(index), 'assetId'];
}
