/** Finds the import that speaks against publishing a revision: one that is not over, or the last one if it failed. */
import type { RevisionRef } from '../../../model/catalog.ts';
import type { DataExchangeJob } from '../../../model/data-exchange-job.ts';
import { isCallerError } from '../../../model/errors.ts';
import { type InputFault, parametersFrom } from '../../../model/input-fault.ts';
import { isFinished } from '../../../model/job-state.ts';
import type { DataExchangeBackend, DataExchangeJobPage } from '../../backend.ts';
import type { CallOptions } from '../../calls/call-options.ts';
import { dataExchangePageSize, ListReach } from '../../list-reach.ts';

/** Ten pages. A revision has 10,000 assets at most, and most imports add a hundred. */
const maxListed = 10 * dataExchangePageSize;

/** Max number of jobs that are read one by one, since a list may still show the state before the last. */
const maxConfirmed = 3;

export interface ImportSearch {
  readonly revision: RevisionRef;
  readonly jobs: Pick<DataExchangeBackend, 'getJob' | 'listJobs'>;
  readonly call: CallOptions;
}

const exportTypes: ReadonlySet<string> = new Set([
  'EXPORT_ASSETS_TO_S3',
  'EXPORT_ASSET_TO_SIGNED_URL',
  'EXPORT_REVISIONS_TO_S3',
]);

/**
 * The fault, if there is one. Throws `BackendError` if the jobs cannot be read: then nothing may be published. An import
 * that begins after this is not seen; the service lets it fail once the revision is finalized.
 */
export async function importFault(search: ImportSearch): Promise<InputFault | undefined> {
  const { revision, jobs, call } = search;
  const reach = new ListReach(maxListed);
  const confirm = confirming(search);
  let last: DataExchangeJob | undefined;
  for (let nextToken: string | null = null; ; ) {
    const { awsDataSetId: dataSetId, awsRevisionId: revisionId } = revision;
    const request = { limit: dataExchangePageSize, dataSetId, revisionId, ...(nextToken !== null && { nextToken }) };
    const page: DataExchangeJobPage = await jobs.listJobs(request, call);
    const [unreadable] = page.unreadable ?? [];
    if (unreadable !== undefined) throw unreadable.error;
    for (const listed of page.jobs.filter((job) => mayImportInto(job, revision))) {
      const job = isFinished(listed.state) ? listed : await confirm(listed);
      if (!isFinished(job.state)) return underWay(job);
      if (job.state !== 'CANCELLED' && job.type !== 'UNKNOWN') last ??= job;
    }
    nextToken = page.nextToken;
    if (nextToken === null) return last === undefined || last.state === 'COMPLETED' ? undefined : failed(last);
    if (!reach.canContinueAfter(page)) return tooMany();
  }
}

/**
 * Reads a job that the list shows as unfinished, as long as few have been read. A policy may allow the list and not this
 * read: then the list is believed.
 */
function confirming({ jobs, call }: ImportSearch): (listed: DataExchangeJob) => Promise<DataExchangeJob> {
  let confirmed = 0;
  return async (listed) => {
    confirmed += 1;
    if (confirmed > maxConfirmed) return listed;
    return jobs.getJob(listed.awsJobId, call).catch((error: unknown) => {
      if (isCallerError(error)) return listed;
      throw error;
    });
  };
}

/**
 * How the service combines its two filters is unknown, so the details decide, as far as a reply has them. A job of a type
 * that this gateway does not know may be an import.
 */
function mayImportInto({ type, details }: DataExchangeJob, { awsDataSetId, awsRevisionId }: RevisionRef): boolean {
  if (exportTypes.has(type)) return false;
  const dataSetId = details?.dataSetId ?? awsDataSetId;
  const revisionId = (details && 'revisionId' in details ? details.revisionId : null) ?? awsRevisionId;
  return dataSetId === awsDataSetId && revisionId === awsRevisionId;
}

function underWay({ awsJobId, state, stateCode }: DataExchangeJob): InputFault {
  const advice = state === 'WAITING' ? 'Start or cancel it' : 'Wait for its end';
  return {
    field: ['id'],
    code: 'IMPORT_UNDER_WAY',
    parameters: parametersFrom({ awsJobId, state: stateCode }),
    message: `The import ${awsJobId} into this revision is not over; it would fail. ${advice}, or set \`force\` to publish without it.`,
  };
}

function failed({ awsJobId, stateCode }: DataExchangeJob): InputFault {
  return {
    field: ['id'],
    code: 'IMPORT_FAILED',
    parameters: parametersFrom({ awsJobId, state: stateCode }),
    message: `The last import into this revision, ${awsJobId}, failed, so assets may be missing. Import them again, or set \`force\` to publish what is there.`,
  };
}

function tooMany(): InputFault {
  return {
    field: ['id'],
    code: 'IMPORTS_UNKNOWN',
    parameters: parametersFrom({ max: maxListed }),
    message: `More than ${maxListed.toLocaleString('en')} jobs belong to this revision, and the gateway looks through no more for an unfinished import. Set \`force\` if you know that there is none.`,
  };
}
