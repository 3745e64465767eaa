/** The connections of data sets, revisions and assets. */
import type * as model from '../../model/catalog.ts';
import type { CatalogConnection } from '../../resolvers/catalog-connection.ts';
import { nodesOf } from '../../resolvers/connection.ts';
import { builder } from '../builder.ts';
import { readingCatalog } from '../rights.ts';
import { Asset, DataSet, Revision } from './refs.ts';

type OneEntryNullable = { list: false; items: false };

export const DataSetConnection = builder.connectionObject<
  typeof DataSet,
  CatalogConnection<model.DataSet>,
  OneEntryNullable,
  true
>(
  {
    type: DataSet,
    name: 'DataSetConnection',
    extensions: readingCatalog,
    description: 'One page of the list of data sets.',
    edgesNullable: { list: false, items: false },
    nodeNullable: true,
    edgesField: { description: 'The data sets of this page, each with its cursor.' },
    fields: (t) => ({
      nodes: t.field({
        type: [DataSet],
        nullable: { list: false, items: true },
        description: 'The data sets themselves. One that could not be read is null, with an error at its path.',
        resolve: nodesOf,
      }),
    }),
  },
  {
    name: 'DataSetEdge',
    extensions: readingCatalog,
    description: 'A data set and its place in the list.',
    nodeField: { description: 'The data set. Null if it could not be read, with an error at its path.' },
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'What to pass as `after` to go on behind this very data set.' }),
    }),
  },
);

export const RevisionConnection = builder.connectionObject<
  typeof Revision,
  CatalogConnection<model.Revision>,
  OneEntryNullable,
  true
>(
  {
    type: Revision,
    name: 'RevisionConnection',
    extensions: readingCatalog,
    description: 'One page of the revisions of a data set.',
    edgesNullable: { list: false, items: false },
    nodeNullable: true,
    edgesField: { description: 'The revisions of this page, each with its cursor.' },
    fields: (t) => ({
      nodes: t.field({
        type: [Revision],
        nullable: { list: false, items: true },
        description: 'The revisions themselves. One that could not be read is null, with an error at its path.',
        resolve: nodesOf,
      }),
    }),
  },
  {
    name: 'RevisionEdge',
    extensions: readingCatalog,
    description: 'A revision and its place in the list.',
    nodeField: { description: 'The revision. Null if it could not be read, with an error at its path.' },
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'What to pass as `after` to go on behind this very revision.' }),
    }),
  },
);

export const AssetConnection = builder.connectionObject<
  typeof Asset,
  CatalogConnection<model.Asset>,
  OneEntryNullable,
  true
>(
  {
    type: Asset,
    name: 'AssetConnection',
    extensions: readingCatalog,
    description: 'One page of the assets of a revision.',
    edgesNullable: { list: false, items: false },
    nodeNullable: true,
    edgesField: { description: 'The assets of this page, each with its cursor.' },
    fields: (t) => ({
      nodes: t.field({
        type: [Asset],
        nullable: { list: false, items: true },
        description: 'The assets themselves. One that could not be read is null, with an error at its path.',
        resolve: nodesOf,
      }),
    }),
  },
  {
    name: 'AssetEdge',
    extensions: readingCatalog,
    description: 'An asset and its place in the list.',
    nodeField: { description: 'The asset. Null if it could not be read, with an error at its path.' },
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'What to pass as `after` to go on behind this very asset.' }),
    }),
  },
);
