/** Finds the data sets or revisions that a create with a lost answer has made, by the tag that they carry. */
import type { CallOptions } from '../backends/calls/call-options.ts';
import type { CatalogBackend, Tags } from '../backends/catalog-backend.ts';
import { dataExchangePageSize } from '../backends/list-reach.ts';
import type { DataSet, Revision } from '../model/catalog.ts';
import { isCallerError } from '../model/errors.ts';
import type { Trace } from './create-record.ts';
import { findMarked, type ListedEntry, type Reading } from './find-marked.ts';
import type { IsTaken, Search, TimeWindow } from './finding.ts';
import { tagKey } from './idempotency-tag.ts';
import type { ListedPage } from './listed-in-windows.ts';

type TagTrace = Extract<Trace, { readonly tag: string }>;

/** Ten pages. */
const maxListed = 10 * dataExchangePageSize;

/** Lists show no tags, so each data set or revision of the time of the create is read. */
const maxRead = 50;
const readAtOnce = 5;

export interface TaggedSearch {
  readonly backend: CatalogBackend;
  readonly trace: TagTrace;
  readonly dispatchedAt: number;
  readonly windows: readonly TimeWindow[];
  readonly isTaken: IsTaken;
  readonly call: CallOptions;
}

/** Throws `BackendError` if the list or a read fails. */
export function findTagged(search: TaggedSearch): Promise<Search> {
  const { dispatchedAt, windows, isTaken } = search;
  return findMarked({
    dispatchedAt,
    windows,
    isTaken,
    list: (next) => listed(next, search),
    readMark: (awsId) => readMark(awsId, search),
    maxListed,
    maxRead,
    readAtOnce,
  });
}

/** Newest first, as the service lists owned data sets and revisions. */
async function listed(next: string | null, { backend, trace, call }: TaggedSearch): Promise<ListedPage<ListedEntry>> {
  const request = { limit: dataExchangePageSize, ...(next !== null && { nextToken: next }) };
  const {
    entries,
    unreadable = [],
    nextToken,
  } = trace.service === 'DATA_SET'
    ? await backend.listDataSets({ ...request, origin: 'OWNED' }, call)
    : await backend.listRevisions({ ...request, awsDataSetId: trace.dataSetId }, call);
  return { entries: entries.map(entryFrom), unreadable, next: nextToken };
}

function entryFrom(entry: DataSet | Revision): ListedEntry {
  const awsId = entry.kind === 'DataSet' ? entry.awsDataSetId : entry.awsRevisionId;
  return { awsId, createdAt: entry.createdAt, isWaiting: false };
}

/** One that a list shows may not be readable yet. */
async function readMark(awsId: string, search: TaggedSearch): Promise<Reading> {
  try {
    const tags = await tagsOf(awsId, search);
    return tags[tagKey] === search.trace.tag ? 'yes' : 'no';
  } catch (error) {
    if (isCallerError(error)) return 'unreadable';
    throw error;
  }
}

function tagsOf(awsId: string, { backend, trace, call }: TaggedSearch): Promise<Tags> {
  return trace.service === 'DATA_SET'
    ? backend.getDataSetTags({ awsDataSetId: awsId }, call)
    : backend.getRevisionTags({ awsDataSetId: trace.dataSetId, awsRevisionId: awsId }, call);
}
