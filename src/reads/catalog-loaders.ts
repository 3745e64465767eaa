/** Loads the data sets, revisions and assets of one operation, each kind in batches. */
import type DataLoader from 'dataloader';
import type { CallOptions } from '../backends/calls/call-options.ts';
import {
  type Asset,
  type AssetRef,
  assetKey,
  type DataSet,
  type DataSetRef,
  dataSetKey,
  type Revision,
  type RevisionRef,
  revisionKey,
} from '../model/catalog.ts';
import type { ReadTogether } from './batches.ts';
import type { CatalogReads } from './catalog-reads.ts';
import { loaderOf } from './keyed-loader.ts';

export interface CatalogLoaders {
  readonly dataSets: EntryLoader<DataSetRef, DataSet>;
  readonly revisions: EntryLoader<RevisionRef, Revision>;
  readonly assets: EntryLoader<AssetRef, Asset>;
}

export function createCatalogLoaders(reads: CatalogReads, options: () => CallOptions): CatalogLoaders {
  return {
    dataSets: new EntryLoader(dataSetKey, reads.dataSets, options),
    revisions: new EntryLoader(revisionKey, reads.revisions, options),
    assets: new EntryLoader(assetKey, reads.assets, options),
  };
}

export class EntryLoader<Ref, Entry extends Ref> {
  readonly #keyOf: (ref: Ref) => string;
  readonly #loader: DataLoader<string, Entry>;
  /** Entries that the operation has listed. The cache of the loader would need a promise for each. */
  readonly #listed = new Map<string, Entry>();

  constructor(keyOf: (ref: Ref) => string, read: ReadTogether<Entry>, options: () => CallOptions) {
    this.#keyOf = keyOf;
    this.#loader = loaderOf<Entry>((keys) => read(keys, options()));
  }

  /** The entry, which is read at most once. Rejects with its own `BackendError`. */
  load(ref: Ref): Entry | Promise<Entry> {
    const key = this.#keyOf(ref);
    return this.#listed.get(key) ?? this.#loader.load(key);
  }

  /** Adds an entry that was listed, so that it is not read. */
  add(entry: Entry): void {
    this.#listed.set(this.#keyOf(entry), entry);
  }
}
