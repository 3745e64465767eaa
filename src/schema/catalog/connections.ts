/** The connections of data sets, revisions and assets. */
import type * as model from '../../model/catalog.ts';
import type { CatalogConnection } from '../../resolvers/catalog-connection.ts';
import { nodesOf } from '../../resolvers/connection.ts';
import { builder } from '../builder.ts';
import { readingCatalog } from '../rights.ts';
import { Asset, DataSet, Revision } from './refs.ts';

type Ref<Entry> = ReturnType<typeof builder.objectRef<Entry>>;

interface Words {
  /** What a node is, such as "data set". */
  readonly entry: string;
  /** The description of the connection, and that of its edges. */
  readonly connection: string;
  readonly edge: string;
}

function connectionOf<Entry extends model.CatalogEntry>(type: Ref<Entry>, { entry, connection, edge }: Words) {
  return builder.connectionObject<Ref<Entry>, CatalogConnection<Entry>, { list: false; items: false }, true>(
    {
      type,
      name: `${type.name}Connection`,
      extensions: readingCatalog,
      description: connection,
      edgesNullable: { list: false, items: false },
      nodeNullable: true,
      edgesField: { description: `The ${entry}s of this page, each with its cursor.` },
      fields: (t) => ({
        nodes: t.field({
          type: [type],
          nullable: { list: false, items: true },
          description: `The ${entry}s themselves. One that could not be read is null, with an error at its path.`,
          resolve: nodesOf,
        }),
      }),
    },
    {
      name: `${type.name}Edge`,
      extensions: readingCatalog,
      description: edge,
      nodeField: { description: `The ${entry}. Null if it could not be read, with an error at its path.` },
      fields: (t) => ({
        cursor: t.exposeString('cursor', {
          description: `What to pass as \`after\` to go on behind this very ${entry}.`,
        }),
      }),
    },
  );
}

export const DataSetConnection = connectionOf(DataSet, {
  entry: 'data set',
  connection: 'One page of the list of data sets.',
  edge: 'A data set and its place in the list.',
});

export const RevisionConnection = connectionOf(Revision, {
  entry: 'revision',
  connection: 'One page of the revisions of a data set.',
  edge: 'A revision and its place in the list.',
});

export const AssetConnection = connectionOf(Asset, {
  entry: 'asset',
  connection: 'One page of the assets of a revision.',
  edge: 'An asset and its place in the list.',
});
