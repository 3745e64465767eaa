/** The queries `node` and `nodes`, by which Relay and other clients with a normalised cache refetch objects. */
import { sizes } from '../model/job-input-sizes.ts';
import { node, nodes } from '../resolvers/node.ts';
import { builder } from './builder.ts';
import { readingEither } from './rights.ts';
import { sized } from './sized.ts';

export const Node = builder.nodeInterfaceRef();

builder.queryFields((t) => ({
  node: t.field({
    extensions: readingEither,
    type: Node,
    nullable: true,
    description:
      'The node with this `id`, or null if there is none or it is not yours. Costs one read. A job needs the scope `jobs:read`; a data set, a revision or an asset needs `catalog:read`.',
    args: { id: t.arg.id({ description: 'An `id` that this API gave out.' }) },
    resolve: node,
  }),
  nodes: t.field({
    extensions: readingEither,
    type: [Node],
    nullable: { list: false, items: true },
    description:
      'The nodes with these `ids`, in the same order; null where there is none, and an error besides where one could not be read. Data Exchange jobs are read many at a time, and so are data sets, the revisions of one data set, and the assets of one revision. Scopes as for `node`.',
    args: {
      ids: t.arg.idList(sized(sizes.nodes, (range) => `From ${range} ids that this API gave out. Repeats are fine.`)),
    },
    resolve: nodes,
  }),
}));
