/** Checks that everything a job refers to exists, as CreateJob does after validation. */
import { assetOf, type Catalog, type Revision, revisionOf } from './catalog.ts';
import { conflict } from './errors.ts';
import type { JobRequest } from './job-types/job-type.ts';

/**
 * Throws ResourceNotFoundException, AccessDeniedException for an import into an entitled data set, and
 * ConflictException for one into a finalized revision. The service's errors for the last two are unknown.
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
