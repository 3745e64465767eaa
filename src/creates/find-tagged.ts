/** Finds the data sets or revisions that a create with a lost answer has made, by the tag that they carry. */
import type { CallOptions } from '../backends/calls/call-options.ts';
import type { CatalogBackend, Tags } from '../backends/catalog-backend.ts';
import { dataExchangePageSize } from '../backends/list-reach.ts';
import { BackendError } from '../model/errors.ts';
import type { Trace } from './create-record.ts';
import { findMarked, type ListedPage, type Reading } from './find-marked.ts';
import type { IsTaken, Search, TimeWindow } from './finding.ts';
import { tagKey } from './idempotency-tag.ts';

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
function listed(nextToken: string | null, search: TaggedSearch): Promise<ListedPage> {
  const request = { limit: dataExchangePageSize, ...(nextToken !== null && { nextToken }) };
  return search.trace.service === 'DATA_SET'
    ? dataSetPage(request, search)
    : revisionPage({ ...request, awsDataSetId: search.trace.dataSetId }, search);
}

async function dataSetPage(
  request: { readonly limit: number; readonly nextToken?: string },
  { backend, call }: TaggedSearch,
): Promise<ListedPage> {
  const { entries, unreadable = [], nextToken } = await backend.listDataSets({ ...request, origin: 'OWNED' }, call);
  const found = entries.map(({ awsDataSetId, createdAt }) => ({ awsId: awsDataSetId, createdAt, isWaiting: false }));
  return { entries: found, unreadable, next: nextToken };
}

async function revisionPage(
  request: { readonly limit: number; readonly nextToken?: string; readonly awsDataSetId: string },
  { backend, call }: TaggedSearch,
): Promise<ListedPage> {
  const { entries, unreadable = [], nextToken } = await backend.listRevisions(request, call);
  const found = entries.map(({ awsRevisionId, createdAt }) => ({ awsId: awsRevisionId, createdAt, isWaiting: false }));
  return { entries: found, unreadable, next: nextToken };
}

/** One that a list shows may not be readable yet. */
async function readMark(awsId: string, search: TaggedSearch): Promise<Reading> {
  try {
    const tags = await tagsOf(awsId, search);
    return tags[tagKey] === search.trace.tag ? 'yes' : 'no';
  } catch (error) {
    if (error instanceof BackendError && error.fault === 'caller') return 'unreadable';
    throw error;
  }
}

function tagsOf(awsId: string, { backend, trace, call }: TaggedSearch): Promise<Tags> {
  return trace.service === 'DATA_SET'
    ? backend.getDataSetTags({ awsDataSetId: awsId }, call)
    : backend.getRevisionTags({ awsDataSetId: trace.dataSetId, awsRevisionId: awsId }, call);
}
