/** Finalizes a revision, which publishes it, unless an import into it speaks against that. */
import { UpdateRevisionCommand } from '@aws-sdk/client-dataexchange';
import type { Revision, RevisionRef } from '../../../model/catalog.ts';
import { BackendError } from '../../../model/errors.ts';
import type { InputFault } from '../../../model/input-fault.ts';
import type { DataExchangeBackend } from '../../backend.ts';
import type { CallOptions } from '../../calls/call-options.ts';
import type { CatalogReader } from '../../catalog-backend.ts';
import { dataExchangeError, refusedFor, rewritten } from '../errors.ts';
import type { WriteCommand } from '../unsent-request.ts';
import { importFault } from './imports.ts';

export interface Finalization {
  readonly revision: RevisionRef;
  /** Whether to publish whatever becomes of the imports. */
  readonly isForced: boolean;
  readonly reader: Pick<CatalogReader, 'getRevision' | 'listAssets'>;
  readonly jobs: Pick<DataExchangeBackend, 'getJob' | 'listJobs'>;
  /** Sends the command once, and reads its answer. */
  readonly write: (command: WriteCommand) => Promise<Revision>;
  readonly call: CallOptions;
}

/**
 * Resolves with the revision, also if it was finalized before. If the request is refused or its answer is lost, reads the
 * revision: a finalized one is a success, whichever call has done it.
 */
export async function finalizeRevision(finalization: Finalization): Promise<Revision> {
  const { revision, isForced, reader, jobs, call } = finalization;
  if (!isForced) {
    const found = await reader.getRevision(revision, call);
    if (found.isFinalized) return found;
    const fault = await importFault({ revision, jobs, call });
    if (fault !== undefined) throw refusedFor('CONFLICT', fault);
  }
  try {
    return await written(finalization);
  } catch (error) {
    if (!(error instanceof BackendError) || !isExplainedByRevision(error)) throw error;
    const found = await reader.getRevision(revision, call).catch(() => null);
    if (found?.isFinalized) return found;
    throw await explained(error, finalization);
  }
}

async function written({ revision, write }: Finalization): Promise<Revision> {
  const { awsDataSetId, awsRevisionId } = revision;
  const command = new UpdateRevisionCommand({ DataSetId: awsDataSetId, RevisionId: awsRevisionId, Finalized: true });
  const answer = await write(command);
  if (answer.isFinalized) return answer;
  throw dataExchangeError({
    code: 'UPSTREAM_BAD_RESPONSE',
    message: 'AWS Data Exchange accepted the request, and answered with a revision that is not finalized.',
    isOutcomeUnclear: true,
  });
}

/** No document says which error the service gives for a revision that is finalized already. */
function isExplainedByRevision(error: BackendError): boolean {
  return error.isOutcomeUnclear || ['CONFLICT', 'INVALID_INPUT', 'UPSTREAM_REJECTED'].includes(error.code);
}

/** The service does not say why it finds a request invalid: an empty revision is the one documented reason. */
async function explained(error: BackendError, { revision, reader, call }: Finalization): Promise<BackendError> {
  if (error.code !== 'INVALID_INPUT') return error;
  const page = await reader.listAssets({ ...revision, limit: 1 }, call).catch(() => null);
  const isEmpty = page?.entries.length === 0 && page.unreadable === undefined && page.nextToken === null;
  return isEmpty ? rewritten(error, { message: empty.message, field: empty.field, faults: [empty] }) : error;
}

const empty: InputFault = {
  field: ['id'],
  code: 'REVISION_EMPTY',
  parameters: [],
  message: 'The revision has no assets, so it cannot be published. Import some first.',
};
