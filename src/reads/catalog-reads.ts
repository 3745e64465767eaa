/** Reads data sets, revisions and assets by their keys, for one operation or shared among all requests. */
import type { CatalogPage, CatalogReader, CatalogWriter } from '../backends/catalog-backend.ts';
import { readAssets, readDataSets, readRevisions } from '../backends/data-exchange/catalog/catalog-batch.ts';
import { type Asset, type DataSet, dataSetKey, type Revision, revisionKey } from '../model/catalog.ts';
import { Batches, type ReadTogether } from './batches.ts';
import { KeyedReads } from './keyed-reads.ts';
import type { SharedCallOptions } from './shared-call.ts';
import { written } from './written.ts';

/** By the keys of `model/catalog.ts`. */
export interface CatalogReads {
  readonly dataSets: ReadTogether<DataSet>;
  readonly revisions: ReadTogether<Revision>;
  readonly assets: ReadTogether<Asset>;
}

export function catalogReads(backend: CatalogReader): CatalogReads {
  return {
    dataSets: (keys, options) => readDataSets(backend, keys, options),
    revisions: (keys, options) => readRevisions(backend, keys, options),
    assets: (keys, options) => readAssets(backend, keys, options),
  };
}

export interface SharedCatalog {
  /** Shares the pages of the lists. A read that began before a write is not shared with requests after it. */
  readonly backend: CatalogReader & CatalogWriter;
  readonly reads: CatalogReads;
  /** The number of reads that can be joined. */
  readonly size: () => number;
}

/** Equal reads of the same moment make one upstream call. Batches share the pages that they read as well. */
export function sharedCatalog(backend: CatalogReader & CatalogWriter, options: SharedCallOptions): SharedCatalog {
  const pages = sharedPages(backend, options);
  const { dataSets, revisions, assets } = catalogReads(pages.backend);
  const batches = {
    dataSets: new Batches(dataSets, options),
    revisions: new Batches(revisions, options),
    assets: new Batches(assets, options),
  };
  const { lists } = pages;
  const writes: CatalogWriter = {
    createDataSet: (request, callOptions) =>
      written(
        () => backend.createDataSet(request, callOptions),
        () => lists.dataSets.forgetAll(),
      ),
    createRevision: (request, callOptions) =>
      written(
        () => backend.createRevision(request, callOptions),
        () => lists.revisions.forgetAll(),
      ),
    finalizeRevision: (revision, isForced, callOptions) =>
      written(
        () => backend.finalizeRevision(revision, isForced, callOptions),
        () => {
          batches.revisions.forget(revisionKey(revision));
          lists.revisions.forgetAll();
        },
      ),
  };
  return {
    backend: { ...pages.backend, ...writes },
    reads: {
      dataSets: (keys, callOptions) => batches.dataSets.get(keys, callOptions),
      revisions: (keys, callOptions) => batches.revisions.get(keys, callOptions),
      assets: (keys, callOptions) => batches.assets.get(keys, callOptions),
    },
    size: () => [...Object.values(batches), ...Object.values(lists)].reduce((sum, { size }) => sum + size, 0),
  };
}

function sharedPages(backend: CatalogReader, options: SharedCallOptions) {
  const dataSets = new KeyedReads<CatalogPage<DataSet>>(options);
  const revisions = new KeyedReads<CatalogPage<Revision>>(options);
  const assets = new KeyedReads<CatalogPage<Asset>>(options);
  const shared: CatalogReader = {
    getDataSet: (ref, callOptions) => backend.getDataSet(ref, callOptions),
    getRevision: (ref, callOptions) => backend.getRevision(ref, callOptions),
    getAsset: (ref, callOptions) => backend.getAsset(ref, callOptions),
    listDataSets: (request, { signal }) =>
      dataSets.get(pageKey(request.origin, request), signal, (own) => backend.listDataSets(request, { signal: own })),
    listRevisions: (request, { signal }) =>
      revisions.get(pageKey(dataSetKey(request), request), signal, (own) =>
        backend.listRevisions(request, { signal: own }),
      ),
    listAssets: (request, { signal }) =>
      assets.get(pageKey(revisionKey(request), request), signal, (own) => backend.listAssets(request, { signal: own })),
  };
  return { backend: shared, lists: { dataSets, revisions, assets } };
}

interface PageRequest {
  readonly limit: number;
  readonly nextToken?: string;
}

function pageKey(list: string, { limit, nextToken }: PageRequest): string {
  return JSON.stringify([list, limit, nextToken]);
}
