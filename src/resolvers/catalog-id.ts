/** Encodes and decodes the global ids of data sets, revisions and assets. */
import { isAwsId } from '../backends/data-exchange/constraints.ts';
import type { AssetRef, CatalogEntry, DataSetRef, RevisionRef } from '../model/catalog.ts';
import { globalIdParts } from './global-id.ts';

/** What a global id names. */
export type CatalogRef =
  | (DataSetRef & { readonly kind: 'DataSet' })
  | (RevisionRef & { readonly kind: 'Revision' })
  | (AssetRef & { readonly kind: 'Asset' });

/** An entry has exactly one global id. It names those that the entry is part of, as the service reads it by all. */
export function catalogIdFrom(entry: CatalogEntry): string {
  const names = [entry.kind, entry.awsDataSetId];
  if (entry.kind !== 'DataSet') names.push(entry.awsRevisionId);
  if (entry.kind === 'Asset') names.push(entry.awsAssetId);
  return Buffer.from(names.join(':')).toString('base64url');
}

/** What `globalId` names; undefined if `catalogIdFrom` cannot have returned it. */
export function catalogRefFrom(globalId: string): CatalogRef | undefined {
  const [kind, ...ids] = globalIdParts(globalId);
  if (!ids.every(isAwsId)) return undefined;
  const [awsDataSetId = '', awsRevisionId = '', awsAssetId = ''] = ids;
  if (kind === 'DataSet' && ids.length === 1) return { kind, awsDataSetId };
  if (kind === 'Revision' && ids.length === 2) return { kind, awsDataSetId, awsRevisionId };
  return kind === 'Asset' && ids.length === 3 ? { kind, awsDataSetId, awsRevisionId, awsAssetId } : undefined;
}
