/** What a job refers to, and whether all of it is there: the checks that CreateJob makes after those on form. */
import { assetOf, type Catalog, type Revision, revisionOf } from './catalog.ts';
import { conflict } from './errors.ts';
import type { JobRequest, JobType } from './job-request.ts';

const exportTypes: ReadonlySet<JobType> = new Set([
  'EXPORT_ASSETS_TO_S3',
  'EXPORT_ASSET_TO_SIGNED_URL',
  'EXPORT_REVISIONS_TO_S3',
]);

/**
 * Throws ResourceNotFoundException, AccessDeniedException for an import into an entitled data set, and
 * ConflictException for one into a finalized revision. Which errors the service gives for the last two is unknown.
 */
export function checkReferences(request: JobRequest, catalog: Catalog): void {
  const { DataSetId } = request.details;
  const isExport = exportTypes.has(request.type);
  const dataSet = isExport ? catalog.dataSet(DataSetId) : catalog.ownedDataSet(DataSetId);
  for (const id of revisionIdsOf(request)) {
    const revision = revisionOf(dataSet, id);
    if (!isExport) checkDraft(revision);
    for (const assetId of assetIdsOf(request)) assetOf(revision, assetId);
  }
}

/** An export of revisions names them inside its list. */
export function revisionIdsOf({ details }: JobRequest): readonly string[] {
  return 'RevisionId' in details
    ? [details.RevisionId]
    : details.RevisionDestinations.map(({ RevisionId }) => RevisionId);
}

function assetIdsOf(request: JobRequest): readonly string[] {
  if (request.type === 'EXPORT_ASSET_TO_SIGNED_URL') return [request.details.AssetId];
  if (request.type !== 'EXPORT_ASSETS_TO_S3') return [];
  return request.details.AssetDestinations.map(({ AssetId }) => AssetId);
}

function checkDraft(revision: Revision): void {
  if (revision.isFinalized) throw conflict('The revision is finalized.', 'REVISION', revision.id);
}
