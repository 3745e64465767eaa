/** Resolves the connections of data sets, revisions and assets. */
import type { GraphQLResolveInfo } from 'graphql';
import {
  type Asset,
  type DataSet,
  type DataSetOrigin,
  type KnownDataSetOrigin,
  type Revision,
  revisionKey,
} from '../model/catalog.ts';
import type { Maybe } from '../model/maybe.ts';
import { type CatalogConnection, type CatalogList, connectionOf, type PageArguments } from './catalog-connection.ts';
import type { Context } from './context.ts';
import { invalidArgument } from './failures.ts';

/** Without an `origin` the owned data sets come first, then those that the account subscribes to. */
export async function dataSets(
  _parent: unknown,
  { origin, ...page }: PageArguments & { readonly origin?: Maybe<DataSetOrigin> },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CatalogConnection<DataSet>> {
  if (origin === 'UNKNOWN') throw invalidArgument('origin', 'takes OWNED or ENTITLED');
  const { backends, loaders } = context;
  const origins: readonly KnownDataSetOrigin[] = origin == null ? ['OWNED', 'ENTITLED'] : [origin];
  const list: CatalogList<DataSet> = {
    name: `data sets/${origins.join('+')}`,
    parts: origins.map(
      (each) => (request, options) => backends.catalog.listDataSets({ ...request, origin: each }, options),
    ),
    idOf: ({ awsDataSetId }) => awsDataSetId,
    loader: loaders.catalog.dataSets,
  };
  return connectionOf(list, page, context, info);
}

/** Newest first. */
export async function revisionsOf(
  { awsDataSetId }: DataSet,
  page: PageArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CatalogConnection<Revision>> {
  const { backends, loaders } = context;
  const list: CatalogList<Revision> = {
    name: `revisions/${awsDataSetId}`,
    parts: [(request, options) => backends.catalog.listRevisions({ ...request, awsDataSetId }, options)],
    idOf: ({ awsRevisionId }) => awsRevisionId,
    loader: loaders.catalog.revisions,
  };
  return connectionOf(list, page, context, info);
}

/** By name, descending. */
export async function assetsOf(
  revision: Revision,
  page: PageArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CatalogConnection<Asset>> {
  const { backends, loaders } = context;
  const { awsDataSetId, awsRevisionId } = revision;
  const list: CatalogList<Asset> = {
    name: `assets/${revisionKey(revision)}`,
    parts: [(request, options) => backends.catalog.listAssets({ ...request, awsDataSetId, awsRevisionId }, options)],
    idOf: ({ awsAssetId }) => awsAssetId,
    loader: loaders.catalog.assets,
  };
  return connectionOf(list, page, context, info);
}
