/** The operations that change nothing: GetStatus, GetShippingLabel, ListJobs. */
import type { z } from 'zod';
import { Secret } from '../../base/secret.ts';
import type {
  ImportExportDocuments,
  ImportExportStatus,
  ListedImportExportJob,
  ShippingLabel,
} from '../../model/import-export-job.ts';
import type { PostalAddress } from '../../model/import-export-manifest.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import type { ImportExportJobPage } from '../backend.ts';
import type { CallTime } from '../calls/attempt.ts';
import { faultsIn, list, object } from '../input/checks.ts';
import { readEntries } from '../list-entries.ts';
import { importExportPageSize, ListReach } from '../list-reach.ts';
import { documentsFrom } from './documents.ts';
import { failure, isException } from './errors.ts';
import { assertNone, line } from './input-rules.ts';
import type { Invoke } from './invoke.ts';
import { addressMembers, postalAddress } from './postal-address.ts';
import {
  getDocumentsResult,
  getShippingLabelResult,
  getStatusResult,
  listedId,
  listedJob,
  listJobsResult,
} from './results.ts';
import { type ClosedCode, closedStatusFrom, jobFrom, statusFrom } from './status.ts';

/** Max listed jobs to search for a closed one: at fifty new jobs a day, those of more than half a year. */
const maxClosedLookup = 10_000;

export async function getStatus(invoke: Invoke, awsJobId: string, time: CallTime): Promise<ImportExportStatus> {
  try {
    return statusFrom(await readStatus(invoke, awsJobId, getStatusResult, time));
  } catch (error) {
    const code = closedCode(error);
    const status = code && (await closedStatus(invoke, awsJobId, code, time));
    if (!status) throw error;
    return status;
  }
}

export async function getDocuments(invoke: Invoke, awsJobId: string, time: CallTime): Promise<ImportExportDocuments> {
  return documentsFrom(await readStatus(invoke, awsJobId, getDocumentsResult, time));
}

/** Throws `UPSTREAM_BAD_RESPONSE` for an answer about another job. */
async function readStatus<Result extends { readonly JobId: string }>(
  invoke: Invoke,
  awsJobId: string,
  schema: z.ZodType<Result>,
  time: CallTime,
): Promise<Result> {
  const call = { operation: 'GetStatus', members: { JobId: awsJobId }, effect: 'nothing' } as const;
  const result = await invoke(call, schema, time);
  if (!isSameJob(result.JobId, awsJobId)) {
    throw failure({
      code: 'UPSTREAM_BAD_RESPONSE',
      message: 'AWS Import/Export answered about another job.',
    });
  }
  return result;
}

/** The state that the service reports by an exception in place of a status. */
function closedCode(error: unknown): ClosedCode | undefined {
  if (isException(error, 'CanceledJobId')) return 'Canceled';
  return isException(error, 'ExpiredJobId') ? 'Expired' : undefined;
}

/** The status, by the list, of a job for which GetStatus answers an exception; undefined if the list lacks the job. */
async function closedStatus(
  invoke: Invoke,
  awsJobId: string,
  code: ClosedCode,
  time: CallTime,
): Promise<ImportExportStatus | undefined> {
  const reach = new ListReach(maxClosedLookup);
  let marker: string | null = null;
  do {
    const request = { limit: importExportPageSize, ...(marker !== null && { afterAwsJobId: marker }) };
    const page: ImportExportJobPage = await listJobs(invoke, request, time);
    const listed = page.jobs.find((job) => isSameJob(job.awsJobId, awsJobId));
    if (listed !== undefined) return closedStatusFrom(listed, code);
    marker = reach.canContinueAfter(page) ? page.nextMarker : null;
  } while (marker !== null);
  return undefined;
}

/** The service ignores the case of job ids. */
function isSameJob(a: string, b: string): boolean {
  return a.toUpperCase() === b.trim().toUpperCase();
}

interface LabelRequest {
  readonly awsJobIds: readonly string[];
  readonly sender: PostalAddress;
}

const labelRules = object({ awsJobIds: list(line, sizes.labelledJobs), sender: postalAddress });

/** Throws `INVALID_INPUT`, without a request, if the address lacks a member that AWS's own tool required. */
export async function getShippingLabel(invoke: Invoke, request: LabelRequest, time: CallTime): Promise<ShippingLabel> {
  assertNone(faultsIn(labelRules, request));
  const members = { jobIds: request.awsJobIds, ...addressMembers(request.sender) };
  const label = await invoke(
    { operation: 'GetShippingLabel', members, effect: 'nothing' },
    getShippingLabelResult,
    time,
  );
  return { url: new Secret(label.ShippingLabelURL), warning: label.Warning };
}

interface ListRequest {
  readonly limit: number;
  readonly afterAwsJobId?: string;
}

/**
 * The marker of the next page is the last job of this one, even if the rest of its entry is unreadable. A page without
 * a new marker is the last page, even if the service says that there are more.
 */
export async function listJobs(invoke: Invoke, request: ListRequest, time: CallTime): Promise<ImportExportJobPage> {
  if (!Number.isInteger(request.limit) || request.limit < 1 || request.limit > importExportPageSize) {
    const message = `limit must be a whole number from 1 to ${importExportPageSize}.`;
    throw failure({ code: 'INVALID_INPUT', message, field: ['limit'] });
  }
  const members = { MaxJobs: request.limit, Marker: request.afterAwsJobId };
  const result = await invoke({ operation: 'ListJobs', members, effect: 'nothing' }, listJobsResult, time);
  const entries = result.Jobs.slice(0, request.limit);
  const last = entries.map(idIn).findLast((id) => id !== undefined);
  const hasNewMarker = last !== undefined && last !== request.afterAwsJobId;
  const hasMore = hasNewMarker && (result.IsTruncated || result.Jobs.length > entries.length);
  const { entries: jobs, ...unreadable } = readEntries(entries, { entry: entryFrom, id: idIn });
  return { jobs, ...unreadable, nextMarker: hasMore ? last : null };
}

function idIn(entry: unknown): string | undefined {
  return listedId.safeParse(entry).data?.JobId;
}

function entryFrom(entry: unknown): ListedImportExportJob {
  const { success, data, error } = listedJob.safeParse(entry);
  if (success) return jobFrom(data);
  const path = error.issues[0]?.path.join('.') || 'member';
  throw failure({
    code: 'UPSTREAM_BAD_RESPONSE',
    message: `AWS Import/Export listed a job that cannot be read: its member ${path} is not what the API describes.`,
  });
}
