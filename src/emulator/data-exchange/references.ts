/** What a job refers to, and whether all of it is there: the checks that CreateJob makes after those on form. */
import { assetOf, type Catalog, type Revision, revisionOf } from './catalog.ts';
import { conflict } from './errors.ts';
import type { JobRequest } from './job-types/job-type.ts';

/**
 * Throws ResourceNotFoundException, AccessDeniedException for an import into an entitled data set, and
 * ConflictException for one into a finalized revision. Which errors the service gives for the last two is unknown.
 */
export function checkReferences(request: JobRequest, catalog: Catalog): void {
  const { details, isExport, revisionIds, assetIds } = request;
  const { DataSetId } = details;
  const dataSet = isExport ? catalog.dataSet(DataSetId) : catalog.ownedDataSet(DataSetId);
  for (const id of revisionIds) {
    const revision = revisionOf(dataSet, id);
    if (!isExport) checkDraft(revision);
    for (const assetId of assetIds) assetOf(revision, assetId);
  }
}

function checkDraft(revision: Revision): void {
  if (revision.isFinalized) throw conflict('The revision is finalized.', 'REVISION', revision.id);
}
