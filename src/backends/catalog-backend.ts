/** The interface of the part of AWS Data Exchange that stores data sets, revisions and assets. */
import type {
  Asset,
  AssetRef,
  DataSet,
  DataSetRef,
  KnownDataSetOrigin,
  Revision,
  RevisionRef,
} from '../model/catalog.ts';
import type { CallOptions } from './calls/call-options.ts';
import type { UnreadableEntry } from './list-entries.ts';

export interface CatalogPage<Entry> {
  /** The readable entries, in the order of the list. */
  readonly entries: readonly Entry[];
  /** In the order of the list; absent where there are none. */
  readonly unreadable?: readonly UnreadableEntry[];
  /** Null on the last page. */
  readonly nextToken: string | null;
}

export interface CatalogPageRequest {
  /** 1 to 200 entries. */
  readonly limit: number;
  readonly nextToken?: string;
}

/** Lists have neither tags nor the number of entries. Every method throws `BackendError`. */
export interface CatalogBackend {
  getDataSet(dataSet: DataSetRef, options: CallOptions): Promise<DataSet>;
  /** Owned data sets newest first; those that the account subscribes to in no order. */
  listDataSets(
    request: CatalogPageRequest & { readonly origin: KnownDataSetOrigin },
    options: CallOptions,
  ): Promise<CatalogPage<DataSet>>;
  getRevision(revision: RevisionRef, options: CallOptions): Promise<Revision>;
  /** Newest first. */
  listRevisions(request: CatalogPageRequest & DataSetRef, options: CallOptions): Promise<CatalogPage<Revision>>;
  getAsset(asset: AssetRef, options: CallOptions): Promise<Asset>;
  /** By name, descending. */
  listAssets(request: CatalogPageRequest & RevisionRef, options: CallOptions): Promise<CatalogPage<Asset>>;
}
