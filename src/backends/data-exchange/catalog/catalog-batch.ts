/** Reads many data sets, revisions or assets by few calls. The service has no read of several by their ids. */
import pLimit from 'p-limit';
import {
  type Asset,
  type AssetRef,
  assetKey,
  type DataSet,
  dataSetKey,
  dataSetOrigins,
  type Revision,
  revisionKey,
} from '../../../model/catalog.ts';
import { BackendError } from '../../../model/errors.ts';
import type { CallOptions } from '../../calls/call-options.ts';
import type { CatalogReader } from '../../catalog-backend.ts';
import { dataExchangePageSize } from '../../list-reach.ts';
import { type BatchSource, type Outcome, readBatch } from '../batch.ts';
import { isAwsId } from '../constraints.ts';
import { noSuch } from '../errors.ts';

/** By key. */
export type Outcomes<Entry> = ReadonlyMap<string, Outcome<Entry>>;

/** Max concurrent calls of one batch. */
const concurrency = 8;

/** Max pages of one list that a batch reads: 2,000 entries, of the 10,000 that a revision may have. */
const maxPages = 10;

/** A page of two hundred entries is worth its call if it saves two single reads. */
const pageRules: Pick<BatchSource<unknown>, 'goesOn' | 'maxRest'> = {
  maxRest: 1,
  goesOn: (found, pages) => found >= 2 && pages < maxPages,
};

/** The owned data sets first: they are in order, and who owns any has most jobs about them. */
const origins = dataSetOrigins.toReversed();

/** Five are read one by one, as a page of each list may be needed, and may have none of them. */
const maxSingleDataSets = 5;

const maxSinglesOfParent = 2;

/** Resolves with a data set or an error for every key. */
export async function readDataSets(
  backend: CatalogReader,
  keys: readonly string[],
  options: CallOptions,
): Promise<Outcomes<DataSet>> {
  const source: BatchSource<DataSet> = {
    ...pageRules,
    lists: origins.map(
      (origin) => (token, callOptions) => backend.listDataSets({ origin, ...page(token) }, callOptions),
    ),
    idOf: dataSetKey,
    readOne: (key, callOptions) => backend.getDataSet(refFrom(key), callOptions),
    maxSingleReads: maxSingleDataSets,
  };
  const outcomes = await readBatch(source, keys.filter(isKeyOf(1)), options);
  return new Map(keys.map((key) => [key, outcomes.get(key) ?? noSuch('DATA_SET')]));
}

/** Resolves with a revision or an error for every key. Each data set has a list of its own. */
export async function readRevisions(
  backend: CatalogReader,
  keys: readonly string[],
  options: CallOptions,
): Promise<Outcomes<Revision>> {
  const outcomes = await readByParent(keys.filter(isKeyOf(2)), options, (parent) => ({
    idOf: revisionKey,
    list: (token, callOptions) => backend.listRevisions({ ...parent, ...page(token) }, callOptions),
    readOne: (ref, callOptions) => backend.getRevision(ref, callOptions),
  }));
  return new Map(keys.map((key) => [key, outcomes.get(key) ?? noSuch('REVISION')]));
}

/** Resolves with an asset or an error for every key. Each revision has a list of its own. */
export async function readAssets(
  backend: CatalogReader,
  keys: readonly string[],
  options: CallOptions,
): Promise<Outcomes<Asset>> {
  const outcomes = await readByParent(keys.filter(isKeyOf(3)), options, (parent) => ({
    idOf: assetKey,
    list: (token, callOptions) => backend.listAssets({ ...parent, ...page(token) }, callOptions),
    readOne: (ref, callOptions) => backend.getAsset(ref, callOptions),
  }));
  return new Map(keys.map((key) => [key, outcomes.get(key) ?? noSuch('ASSET')]));
}

interface ParentReads<Entry> extends Pick<BatchSource<Entry>, 'idOf'> {
  readonly list: BatchSource<Entry>['lists'][number];
  readonly readOne: (ref: AssetRef, options: CallOptions) => Promise<Entry>;
}

/** Reads the entries of each parent together. All calls share one limit: there may be as many parents as entries. */
async function readByParent<Entry>(
  keys: readonly string[],
  options: CallOptions,
  readsOf: (parent: AssetRef) => ParentReads<Entry>,
): Promise<Outcomes<Entry>> {
  const gently = createGentleCalls();
  const groups = [...byParent(keys)].map(([parent, children]) => {
    const { idOf, list, readOne } = readsOf(refFrom(parent));
    const source: BatchSource<Entry> = {
      ...pageRules,
      lists: [(token, callOptions) => gently(() => list(token, callOptions))],
      idOf,
      readOne: (key, callOptions) => gently(() => readOne(refFrom(key), callOptions)),
      maxSingleReads: maxSinglesOfParent,
    };
    return readBatch(source, children, options);
  });
  return new Map((await Promise.all(groups)).flatMap((outcomes) => [...outcomes]));
}

type Gently = <T>(call: () => Promise<T>) => Promise<T>;

/** Makes a few calls at once. As soon as the service throttles one, the others get that error without a call. */
function createGentleCalls(): Gently {
  const limit = pLimit(concurrency);
  let throttled: BackendError | undefined;
  return (call) =>
    limit(async () => {
      if (throttled !== undefined) throw throttled;
      try {
        return await call();
      } catch (error) {
        if (error instanceof BackendError && error.code === 'UPSTREAM_THROTTLED') throttled = error;
        throw error;
      }
    });
}

function page(token: string | null) {
  return { limit: dataExchangePageSize, ...(token !== null && { nextToken: token }) };
}

/** Whether a key consists of this many ids that the service can have made. */
function isKeyOf(count: number): (key: string) => boolean {
  return (key) => {
    const ids = key.split('/');
    return ids.length === count && ids.every(isAwsId);
  };
}

function byParent(keys: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const parent = key.slice(0, key.lastIndexOf('/'));
    const group = groups.get(parent);
    if (group === undefined) groups.set(parent, [key]);
    else group.push(key);
  }
  return groups;
}

/** The ids in `key`; those that it lacks are empty. */
function refFrom(key: string): AssetRef {
  const [awsDataSetId = '', awsRevisionId = '', awsAssetId = ''] = key.split('/');
  return { awsDataSetId, awsRevisionId, awsAssetId };
}
