/** The interface of the part of AWS Data Exchange that stores data sets, revisions and assets. */
import type {
  Asset,
  AssetRef,
  DataSet,
  DataSetRef,
  KnownDataSetOrigin,
  NewDataSet,
  NewRevision,
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

export type Tags = Readonly<Record<string, string>>;

/** A request for something that can have tags. */
export type Tagged<Request> = Request & { readonly tags?: Tags };

/** Lists have neither tags nor the number of entries. Every method throws `BackendError`. */
export interface CatalogReader {
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

export interface CatalogTags {
  /** One GetDataSet. */
  getDataSetTags(dataSet: DataSetRef, options: CallOptions): Promise<Tags>;
  /** One GetRevision. */
  getRevisionTags(revision: RevisionRef, options: CallOptions): Promise<Tags>;
}

/** Every method throws `BackendError`, with `field` relative to its `request`. A write is sent once. */
export interface CatalogWriter {
  /** Checks the request, then sends it. */
  createDataSet(request: Tagged<NewDataSet>, options: CallOptions): Promise<DataSet>;
  /** Checks the request, then sends it. The new revision is a draft without assets. */
  createRevision(request: Tagged<NewRevision>, options: CallOptions): Promise<Revision>;
  /**
   * Resolves with the revision if it is finalized afterwards, by this call or an earlier one. Unless `isForced`, looks for
   * an import that is not over or has failed, and refuses if there is one.
   */
  finalizeRevision(revision: RevisionRef, isForced: boolean, options: CallOptions): Promise<Revision>;
}

export interface CatalogBackend extends CatalogReader, CatalogTags, CatalogWriter {}
