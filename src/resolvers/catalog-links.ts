/** Resolves the links from jobs to what they are about, and from there upwards. All are read in batches. */
import type { Asset, DataSet, DataSetRef, Revision, RevisionRef } from '../model/catalog.ts';
import { BackendError } from '../model/errors.ts';
import type { CatalogRef } from './catalog-id.ts';
import type { Context } from './context.ts';

type Linked<Entry> = Entry | null | Promise<Entry | null>;

/** The ids that the details of a job have; null where the service left them out. */
interface LinkIds {
  readonly dataSetId: string | null;
  readonly revisionId: string | null;
  readonly assetId: string | null;
}

export function linkedDataSet(
  { dataSetId }: Pick<LinkIds, 'dataSetId'>,
  _args: unknown,
  { loaders }: Context,
): Linked<DataSet> {
  return dataSetId === null ? null : visible(loaders.catalog.dataSets.load({ awsDataSetId: dataSetId }));
}

export function linkedRevision(
  { dataSetId, revisionId }: Pick<LinkIds, 'dataSetId' | 'revisionId'>,
  _args: unknown,
  { loaders }: Context,
): Linked<Revision> {
  if (dataSetId === null || revisionId === null) return null;
  return visible(loaders.catalog.revisions.load({ awsDataSetId: dataSetId, awsRevisionId: revisionId }));
}

export function linkedAsset(
  { dataSetId, revisionId, assetId }: LinkIds,
  _args: unknown,
  { loaders }: Context,
): Linked<Asset> {
  if (dataSetId === null || revisionId === null || assetId === null) return null;
  const ref = { awsDataSetId: dataSetId, awsRevisionId: revisionId, awsAssetId: assetId };
  return visible(loaders.catalog.assets.load(ref));
}

export function dataSetOf({ awsDataSetId }: DataSetRef, _args: unknown, { loaders }: Context): Linked<DataSet> {
  return visible(loaders.catalog.dataSets.load({ awsDataSetId }));
}

export function revisionOf(
  { awsDataSetId, awsRevisionId }: RevisionRef,
  _args: unknown,
  { loaders }: Context,
): Linked<Revision> {
  return visible(loaders.catalog.revisions.load({ awsDataSetId, awsRevisionId }));
}

/** What a global id names; null as for the links. */
export function catalogEntry(ref: CatalogRef, { loaders }: Context): Linked<Asset | DataSet | Revision> {
  if (ref.kind === 'DataSet') return visible(loaders.catalog.dataSets.load(ref));
  return visible(ref.kind === 'Revision' ? loaders.catalog.revisions.load(ref) : loaders.catalog.assets.load(ref));
}

/**
 * Null for what the account may not read any more: a subscription that ended, or something that was deleted, while its
 * jobs are still listed. No error, as nothing is wrong with the job.
 */
function visible<Entry>(entry: Entry | Promise<Entry>): Linked<Entry> {
  return entry instanceof Promise ? entry.catch(nullIfInvisible) : entry;
}

function nullIfInvisible(error: unknown): null {
  if (error instanceof BackendError && (error.code === 'NOT_FOUND' || error.code === 'ACCESS_DENIED')) return null;
  throw error;
}
