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
      'The job, data set, revision or asset with this `id`. Null if the account has none, as for a data set that is not shared with it any more. Costs one read. A job needs the scope `jobs:read`, the others `catalog:read`. An `id` that this API cannot have made is an error.',
    args: { id: t.arg.id({ description: 'An `id` that this API gave out.' }) },
    resolve: node,
  }),
  nodes: t.field({
    extensions: readingEither,
    type: [Node],
    nullable: { list: false, items: true },
    description:
      'What has these `ids`, in the same order, under the rules of `node`. One that could not be read is null, with an error at its path. Costs one read for each at most: AWS Data Exchange jobs are read many at a time, and so are data sets, the revisions of one data set, and the assets of one revision.',
    args: {
      ids: t.arg.idList(sized(sizes.nodes, (range) => `From ${range} ids that this API gave out. Repeats are fine.`)),
    },
    resolve: nodes,
  }),
}));
