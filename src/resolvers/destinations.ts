/** Resolves the destinations of exports, each with the ids that lead to what it is about. */
import type {
  AssetDestination,
  ExportAssetsToS3Details,
} from '../model/data-exchange-job-types/export-assets-to-s3.ts';
import type {
  ExportRevisionsToS3Details,
  RevisionDestination,
} from '../model/data-exchange-job-types/export-revisions-to-s3.ts';

export interface LinkedAssetDestination extends AssetDestination {
  readonly dataSetId: string | null;
  readonly revisionId: string | null;
}

export interface LinkedRevisionDestination extends RevisionDestination {
  readonly dataSetId: string | null;
}

export function assetDestinations({
  destinations,
  dataSetId,
  revisionId,
}: ExportAssetsToS3Details): readonly (LinkedAssetDestination | null)[] | null {
  if (destinations === null) return null;
  return destinations.map((each) => {
    if (each === null) return null;
    const { assetId, bucket, key } = each;
    return { assetId, bucket, key, dataSetId, revisionId };
  });
}

export function revisionDestinations({
  destinations,
  dataSetId,
}: ExportRevisionsToS3Details): readonly (LinkedRevisionDestination | null)[] | null {
  if (destinations === null) return null;
  return destinations.map((each) => {
    if (each === null) return null;
    const { revisionId, bucket, keyPattern } = each;
    return { revisionId, bucket, keyPattern, dataSetId };
  });
}
